package io.gatehouse.cli;

import io.gatehouse.cli.up.CertificateWatch;
import io.gatehouse.cli.up.Child;
import io.gatehouse.cli.up.ChildEnvironment;
import io.gatehouse.cli.up.Refusal;
import io.gatehouse.cli.up.Site;
import io.gatehouse.cli.up.Watch;
import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.run.Manner;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.run.Server;
import io.gatehouse.tls.acme.Acme;
import io.gatehouse.tls.acme.Challenges;
import io.gatehouse.tls.localca.LocalNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The server of {@code up}: writes the site's configuration, serves it, and tells a line for each thing it does. */
final class UpServer implements Watch.Consequences, Child.Listener {
    private static final int LABEL = 12;

    private final Site site;
    private final Path conf;
    private final String accessLog;
    private final Server server;
    private volatile int exit;

    /** @param accessLog a file, or off */
    UpServer(Site site, String accessLog) throws IOException, Refusal {
        this.site = site;
        this.accessLog = accessLog.equals("off")
                ? accessLog
                : SiteOptions.written(
                        Path.of(accessLog).toAbsolutePath().normalize().toString());
        Path folder = Places.state().resolve(folder(site));
        Files.createDirectories(folder);
        conf = folder.resolve("gatehouse.conf");
        server = new Server(new Paths(folder, folder, conf), "", "stderr", System.err);
    }

    private static String folder(Site site) {
        String name =
                site.names().isEmpty() ? "" : site.names().getFirst().text().replace("*", "any") + "-";
        return "up-" + name + site.doors().port();
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Serves until it is told to end; returns the exit code. */
    int serve(Watch watch, @Nullable Child child, boolean echo) throws IOException {
        write(watch.holds());
        server.openEarlyLog();
        Snapshot snapshot;
        try {
            snapshot = server.load();
        } catch (ConfigException e) {
            Console.err("gatehouse: " + e.render());
            return 1;
        }
        for (Notices.Notice notice : snapshot.notices()) {
            // What leads the usual ports here is told in better words.
            if (!site.isForwarded() || !notice.message().startsWith(Challenges.NOBODY_LISTENS)) {
                Console.err("gatehouse: " + notice.text());
            }
        }
        // While root is root: later its authority is out of reach.
        boolean warned = site.hasTls()
                && site.certificate() == null
                && site.names().stream().anyMatch(name -> LocalNames.isLocal(name.text()))
                && !TrustCommand.isTrusted();
        Acme acme = snapshot.shared(Acme.class);
        CertificateWatch certificates = acme == null ? null : new CertificateWatch(acme, this::tell);
        int served = server.serve(snapshot, Manner.INTERACTIVE, () -> {
            greet(echo, warned);
            if (child != null) {
                child.start(watch::askAnew);
            }
            if (certificates != null) {
                certificates.start();
            }
            if (!echo) {
                watch.start();
            }
            Console.out("Stop it with Ctrl-C.");
        });
        // What either says while everything ends is no news.
        watch.close();
        if (certificates != null) {
            certificates.close();
        }
        return exit == 0 ? served : exit;
    }

    private void write(boolean held) throws IOException {
        Site.Use use = new Site.Use(
                true,
                accessLog,
                ServeAs.user(),
                "",
                Exchange.octets(Places.state().toString()));
        Files.writeString(conf, site.configuration("up", use, held), StandardCharsets.ISO_8859_1);
    }

    private void greet(boolean echo, boolean warned) {
        Console.out("Gatehouse: " + site.url() + " -> http://" + site.to() + (echo ? " (echo)" : ""));
        site.doors().remarks().forEach(remark -> tell("ports", remark));
        tell("listens", site.doors().describe(site.hasTls()));
        if (site.isForwarded()) {
            tell("ports", site.doors().forwarded(site.names().getFirst().text()));
        }
        if (site.certificate() != null) {
            tell("certificate", "of " + site.certificate().chain());
        } else if (site.hasTls() && site.issuer() == null) {
            tell(
                    "certificate",
                    "of this machine's own authority"
                            + (warned
                                    ? "; browsers warn of it until you run: " + (isRoot() ? "sudo " : "")
                                            + "gatehouse trust"
                                    : ", which is trusted here"));
        }
        String conflict = ChildEnvironment.conflict(site, System.getenv());
        if (conflict != null) {
            tell("WARNING", conflict);
        }
        tell("settings", conf + ", made anew at each start; for a file to edit: gatehouse init");
        tell("open", site.url());
    }

    @Override
    public void tell(String label, String text) {
        Console.out(Exchange.octets("  " + label + " ".repeat(Math.max(1, LABEL - label.length())) + text));
    }

    @Override
    public void publish() {
        server.renew(
                () -> {
                    try {
                        write(false);
                    } catch (IOException e) {
                        hopeless("cannot write " + conf + ": " + e.getMessage());
                    }
                },
                done -> {
                    if (done) {
                        tell("published", site.url() + " leads to the application now");
                    } else {
                        hopeless("the configuration could not be read anew; the log above says why");
                    }
                });
    }

    @Override
    public void refuse(String reason) {
        hopeless(reason);
    }

    @Override
    public void wrote(String line) {
        Console.out("  | " + line);
    }

    @Override
    public void tell(String text) {
        tell("application", text);
    }

    @Override
    public void hopeless(String reason) {
        exit = 1;
        Words.complain(reason);
        server.send(ProcessSignal.TERM);
    }
}
