package io.gatehouse.cli;

import io.gatehouse.cli.up.Child;
import io.gatehouse.cli.up.ChildEnvironment;
import io.gatehouse.cli.up.Health;
import io.gatehouse.cli.up.Refusal;
import io.gatehouse.cli.up.RunAs;
import io.gatehouse.cli.up.Site;
import io.gatehouse.cli.up.Typed;
import io.gatehouse.cli.up.Watch;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.wire.SystemClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code up}: serves an application without a file, by the preset in {@code conf/paperclip.conf}. */
@Command(
        name = "gatehouse up",
        sortOptions = false,
        customSynopsis = "gatehouse up [NAME...] [--to HOST:PORT] [--run COMMAND | --echo] [OPTION...]",
        description =
                "Serves an application of this machine over HTTPS and HTTP/2, gets its certificate and renews it, and"
                        + " sends clients of HTTP to HTTPS. Without a NAME it serves http://localhost:8080, for this"
                        + " machine alone. It says what it does; Ctrl-C ends it.",
        footer = {
            "",
            "Examples:",
            "  gatehouse up localhost --echo                  tries it with a small application that is built in",
            "  gatehouse up paperclip.example.com             in front of what listens on 127.0.0.1:3100",
            "  gatehouse up localhost --run 'npx paperclipai onboard --yes'",
            "                                                 starts the application as well",
            "",
            "Documentation: docs/guide/up.md"
        })
final class UpCommand implements Callable<Integer> {
    private static final int PROBE_MILLIS = 500;

    @Mixin
    private final SiteOptions options = new SiteOptions();

    @Option(names = "--echo", description = "start a small built-in application too, which shows what reaches it")
    private boolean echo;

    @Option(
            names = "--run",
            paramLabel = "COMMAND",
            description =
                    "start the application too, by this command of the shell; it is started again when it ends, and is"
                            + " ended with this")
    private @Nullable String run;

    @Option(
            names = "--run-as",
            paramLabel = "USER",
            description = "as which user root runs that command; who called sudo if not given")
    private @Nullable String runAs;

    @Option(
            names = "--allow-open",
            description = "publish even a Paperclip without sign-in, in which everybody is its administrator")
    private boolean allowOpen;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "where a line for each request goes, secrets left out; none is written if not given")
    private String accessLog = "off";

    @Mixin
    final HelpOption help = new HelpOption();

    private final Typed again;

    private UpCommand(Typed again) {
        this.again = again;
    }

    static int run(String[] words) {
        return Words.run(
                new UpCommand(new Typed(
                        Stream.concat(Stream.of("up"), Stream.of(words)).toList())),
                words);
    }

    @Override
    public Integer call() throws IOException, Refusal, InterruptedException {
        Map<String, String> environment = System.getenv();
        if (echo && run != null) {
            throw new Refusal("--echo and --run are two applications for one place; leave one out");
        }
        if (run == null && runAs != null) {
            throw new Refusal("--run-as says as whom the command of --run is run, and there is none");
        }
        Site site = options.site(again, environment, run != null);
        RunAs user = run == null || !UpServer.isRoot() ? null : RunAs.choose(runAs, environment.get("SUDO_USER"));
        if (run != null && runAs != null && !UpServer.isRoot()) {
            throw new Refusal("--run-as needs root: only root may start a process of another user");
        }
        if (run != null && answers(site.to())) {
            throw new Refusal("something listens on " + site.to() + " already, so that the command of --run could not."
                    + "\n  If that is your application, leave --run out; another place: --to HOST:PORT");
        }
        boolean guards = !allowOpen && !echo && site.isForOthers();
        Health health = new Health(site.to());
        Health.Answer first = guards && run == null ? health.ask() : null;
        if (guards && first instanceof Health.Answer.Paperclip paperclip && paperclip.isOpen()) {
            throw new Refusal(Watch.whyNot(site));
        }
        UpServer server = new UpServer(site, accessLog);
        try (Watch watch = new Watch(site, health, guards, first, server);
                Child child = run == null
                        ? null
                        : Child.of(
                                run,
                                user,
                                ChildEnvironment.additions(site, environment, user, authority(site, user)),
                                server);
                EchoServer application = echo ? startEcho(site.to()) : null) {
            return server.serve(watch, child, application != null);
        }
    }

    /** The file of the authority that certifies the site, if that is this machine's own and the application may read it. */
    private static @Nullable String authority(Site site, @Nullable RunAs user) throws IOException {
        boolean own = site.hasTls() && site.certificate() == null && site.issuer() == null;
        return own && user == null
                ? new LocalAuthority(Places.state(), new SystemClock()).file().toString()
                : null;
    }

    private EchoServer startEcho(String to) throws Refusal {
        InetSocketAddress address = address(to);
        try {
            return EchoServer.start(address);
        } catch (IOException e) {
            throw new Refusal(e.getMessage() + "\n  If your application runs there, leave --echo out; another port: "
                    + "gatehouse "
                    + again.with("--to", to.substring(0, to.lastIndexOf(':') + 1) + Ports.other(address.getPort())));
        }
    }

    private static InetSocketAddress address(String to) {
        int colon = to.lastIndexOf(':');
        String host = to.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host, Integer.parseInt(to.substring(colon + 1)));
    }

    private static boolean answers(String to) {
        try (Socket probe = new Socket()) {
            probe.connect(address(to), PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
