package io.gatehouse.cli;

import io.gatehouse.cli.trust.Browsers;
import io.gatehouse.cli.trust.Outcome;
import io.gatehouse.cli.trust.SystemStore;
import io.gatehouse.cli.up.Refusal;
import io.gatehouse.config.build.Paths;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.tls.localca.RootCertificate;
import io.gatehouse.wire.SystemClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code trust}: has the system and the browsers trust the local authority, or no longer. Run by {@code sudo} it does so for two
 * authorities, that of the calling user and that of servers which root starts.
 */
@Command(
        name = "gatehouse trust",
        sortOptions = false,
        description =
                "Has the system, Chromium, Chrome and Firefox trust this machine's own authority, so that they open"
                        + " https://localhost without a warning. It can certify localhost, names under .localhost and"
                        + " .test, and private addresses, nothing else. It is made if there is none.",
        footer = {
            "",
            "Examples:",
            "  gatehouse trust               for your browsers; for the system too if you are root",
            "  sudo gatehouse trust          for your browsers and the system, also of servers that root starts",
            "  gatehouse trust --remove      takes it out of all of them again",
            "",
            "Documentation: docs/guide/local-https.md"
        })
final class TrustCommand implements Callable<Integer> {
    @Option(names = "--remove", description = "have nothing trust it any more")
    private boolean remove;

    @Option(
            names = "--print",
            description = "print its certificate, to add it by hand elsewhere: another machine, a telephone")
    private boolean print;

    @Mixin
    final HelpOption help = new HelpOption();

    private final TrustCaller caller = TrustCaller.find();
    private final List<Outcome> outcomes = new ArrayList<>();

    private TrustCommand() {}

    static int run(String[] words) {
        return Words.run(new TrustCommand(), words);
    }

    @Override
    public Integer call() throws Refusal {
        if (remove && print) {
            throw new Refusal("--remove and --print are two things; leave one out");
        }
        if (print) {
            open().roots().forEach(root -> Console.raw(root.pem()));
            return 0;
        }
        return remove ? remove() : add();
    }

    /** Whether Chromium of whoever runs this trusts the authority; where it cannot be asked, the system. */
    static boolean isTrusted() {
        LocalAuthority authority = new LocalAuthority(Paths.state(), new SystemClock());
        try {
            authority.open();
        } catch (LoadException e) {
            return false; // The server tells why.
        }
        RootCertificate root = authority.roots().getFirst();
        TrustCaller caller = TrustCaller.find();
        if (Browsers.canBeAsked()) {
            return new Browsers(caller.programs(), caller.home()).hasInChromium(root);
        }
        SystemStore system = SystemStore.find();
        return system != null && system.has(root);
    }

    /** That of the state folder. */
    private static LocalAuthority open() throws Refusal {
        LocalAuthority authority = new LocalAuthority(Paths.state(), new SystemClock());
        try {
            authority.open().warnings().forEach(warning -> Console.err("gatehouse: " + warning));
            return authority;
        } catch (LoadException e) {
            throw new Refusal(Paths.fromOctets(e.message()));
        }
    }

    private int add() throws Refusal {
        List<RootCertificate> roots = roots();
        if (roots.isEmpty()) {
            tell();
            return 1;
        }
        for (RootCertificate root : roots) {
            Console.out(Exchange.octets(root.title() + " " + root.mark() + ", until " + root.lastDay()));
        }
        SystemStore system = SystemStore.find();
        if (system == null) {
            outcomes.add(new Outcome(
                    Outcome.Kind.FAILED,
                    "the system's store",
                    "this system is of a kind that is not known; add what \"gatehouse trust --print\" prints"
                            + " to it by hand"));
        } else {
            outcomes.addAll(system.add(roots, caller.sudo("trust")));
        }
        outcomes.addAll(new Browsers(caller.programs(), caller.home()).add(roots));
        int exit = tell();
        hint();
        return exit;
    }

    /** Every root that the caller's programs may meet. */
    private List<RootCertificate> roots() throws Refusal {
        List<RootCertificate> roots = new ArrayList<>();
        for (String user : caller.others()) {
            Outcome trouble = TrustCaller.rootsOf(user, roots);
            if (trouble != null) {
                outcomes.add(trouble);
            }
        }
        if (!caller.isOthersState()) {
            open().roots().stream().filter(root -> !roots.contains(root)).forEach(roots::add);
        }
        return roots;
    }

    private int remove() {
        SystemStore system = SystemStore.find();
        if (system != null) {
            outcomes.addAll(system.remove(caller::speaksFor, caller.sudo("trust --remove")));
        }
        outcomes.addAll(new Browsers(caller.programs(), caller.home()).removeAll());
        if (outcomes.isEmpty()) {
            Console.out("There is nothing of it anywhere.");
        }
        return tell();
    }

    private int tell() {
        boolean failed = false;
        for (Outcome outcome : outcomes) {
            String line = outcome.kind().words + ": " + outcome.store()
                    + (outcome.more().isEmpty() ? "" : (outcome.isFailure() ? ": " : ", ") + outcome.more());
            if (outcome.isFailure()) {
                Console.err(Exchange.octets(line));
                failed = true;
            } else {
                Console.out(Exchange.octets(line));
            }
        }
        return failed ? 1 : 0;
    }

    private void hint() {
        Console.out("A browser that runs has to be started anew. Node.js wants a variable:\n  NODE_EXTRA_CA_CERTS="
                + Exchange.octets(caller.certificates().toString()));
        Path machines = TrustCaller.MACHINE.resolve(LocalAuthority.FOLDER);
        if (!caller.isRoot() && Files.exists(machines)) {
            Console.out("Servers that root starts have an authority of their own. To trust that too:\n  "
                    + caller.sudo("trust"));
        }
    }
}
