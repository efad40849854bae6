package io.gatehouse.cli;

import io.gatehouse.cli.trust.Outcome;
import io.gatehouse.cli.trust.Programs;
import io.gatehouse.config.build.Paths;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.tls.localca.RootCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For whom {@code trust} works: whoever runs it, or the user who has called root by {@code sudo}. What belongs to another user
 * is made by a process of that user's, so that it is theirs, and root follows nobody's links.
 *
 * @param isRoot whether root runs it
 * @param user who has called root; null if nobody has
 * @param programs as the owner of {@code home}
 * @param home whose browsers are meant
 */
record TrustCaller(boolean isRoot, @Nullable String user, Programs programs, Path home) {
    /** Where the authority of servers is that root starts. */
    static final Path MACHINE = Path.of("/var/lib/gatehouse");

    private static final int HOME_FIELD = 5;

    static TrustCaller find() {
        boolean root = "root".equals(System.getProperty("user.name"));
        String user = System.getenv("SUDO_USER");
        if (root && user != null && !user.isEmpty() && !user.equals("root")) {
            Path home = homeOf(user);
            Programs as = home == null ? null : Programs.as(user, home);
            if (home != null && as != null) {
                return new TrustCaller(true, user, as, home);
            }
        }
        String home = System.getenv("HOME");
        return new TrustCaller(
                root,
                null,
                Programs.own(),
                Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home));
    }

    private static @Nullable Path homeOf(String user) {
        Programs.Run run = Programs.own().run(List.of("getent", "passwd", user));
        String[] fields = run.out().strip().split(":", -1);
        return run.exit() == 0 && fields.length > HOME_FIELD ? Path.of(fields[HOME_FIELD]) : null;
    }

    /** Users whose authorities are asked for by a process of theirs. */
    Set<String> others() {
        Set<String> others = new LinkedHashSet<>();
        if (user != null) {
            others.add(user);
        }
        String owner = ownerOfState();
        if (isRoot && owner != null && !owner.equals("root")) {
            others.add(owner);
        }
        return others;
    }

    /** Whether the state folder of this process is another user's, who is one of {@link #others}. */
    boolean isOthersState() {
        String owner = ownerOfState();
        return isRoot && owner != null && !owner.equals("root");
    }

    private static @Nullable String ownerOfState() {
        try {
            return Files.getOwner(Paths.state()).getName();
        } catch (IOException e) {
            return null; // It is not there yet.
        }
    }

    /** Whether roots of that user are this caller's to take out: root called by nobody speaks for all. */
    boolean speaksFor(String owner) {
        return isRoot && user == null
                || owner.equals("root")
                || owner.equals(user == null ? System.getProperty("user.name") : user);
    }

    /** The file of certificates that the caller's own programs can read. */
    Path certificates() {
        Path state = user == null ? Paths.state() : home.resolve(".local/state/gatehouse");
        return state.resolve(LocalAuthority.FOLDER).resolve("root.pem");
    }

    /** The command line with which root does the same. */
    String sudo(String words) {
        String installed = System.getProperty("gatehouse.home");
        String state = System.getenv("XDG_STATE_HOME");
        return "sudo " + (state == null || state.isEmpty() ? "" : "XDG_STATE_HOME=" + state + " ")
                + (installed == null ? "gatehouse" : installed + "/gatehouse") + " " + words;
    }

    /**
     * Adds the roots of a user's authority, which is made if there is none. Null, or what has gone wrong.
     *
     * @param roots those that are known
     */
    static @Nullable Outcome rootsOf(String user, List<RootCertificate> roots) {
        String store = "the authority of " + user;
        Path home = homeOf(user);
        Programs as = home == null ? null : Programs.as(user, home);
        if (as == null) {
            return new Outcome(Outcome.Kind.FAILED, store, "log in as " + user + " and run: gatehouse trust");
        }
        try {
            Programs.Run run = as.run(ownCommandLine());
            if (run.exit() != 0) {
                return new Outcome(
                        Outcome.Kind.FAILED,
                        store,
                        run.out().strip() + "\n  log in as " + user + " and run: gatehouse trust");
            }
            List<RootCertificate> theirs = RootCertificate.read(run.out());
            if (!theirs.stream().allMatch(RootCertificate::isBound)) {
                return new Outcome(
                        Outcome.Kind.FAILED,
                        store,
                        "it could certify more than local names, so that Gatehouse has not made it");
            }
            theirs.stream().filter(root -> !roots.contains(root)).forEach(roots::add);
            return null;
        } catch (IOException | GeneralSecurityException e) {
            return new Outcome(Outcome.Kind.FAILED, store, String.valueOf(e.getMessage()));
        }
    }

    /** What started this process, with other words behind it. */
    private static List<String> ownCommandLine() throws IOException {
        String program = ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("the path of this program is not known"));
        String[] words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                .split("\0", -1);
        List<String> command = new ArrayList<>(List.of(program));
        for (int i = 1; i < words.length && !words[i - 1].endsWith(".Main"); i++) {
            command.add(words[i]);
        }
        command.addAll(List.of("trust", "--print"));
        return command;
    }
}
