package io.gatehouse.cli.trust;

import io.gatehouse.cli.trust.Outcome.Kind;
import io.gatehouse.cli.trust.Programs.Run;
import io.gatehouse.tls.localca.RootCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The store of the system, which OpenSSL, curl, Python, Go and others read: a folder for certificates of the administrator's, and
 * a program that makes the store of them.
 *
 * @param anchors the folder
 * @param update the program, after something was added
 * @param refresh the same after something was removed
 */
public record SystemStore(Path anchors, List<String> update, List<String> refresh) {
    private static final String PREFIX = "gatehouse-";
    private static final String SUFFIX = ".crt";

    private static final List<SystemStore> KNOWN = List.of(
            // Fedora, RHEL and their kin
            of("/etc/pki/ca-trust/source/anchors", "update-ca-trust", "extract"),
            // Arch
            of("/etc/ca-certificates/trust-source/anchors", "trust", "extract-compat"),
            // openSUSE
            of("/etc/pki/trust/anchors", "update-ca-certificates"),
            // Debian, Ubuntu, Alpine: a link that leads nowhere is left behind unless all are made anew
            new SystemStore(
                    Path.of("/usr/local/share/ca-certificates"),
                    List.of("update-ca-certificates"),
                    List.of("update-ca-certificates", "--fresh")));

    private static SystemStore of(String anchors, String... update) {
        return new SystemStore(Path.of(anchors), List.of(update), List.of(update));
    }

    /**
     * That of this system: the one that the system properties {@code gatehouse.trust.anchors} and {@code
     * gatehouse.trust.update} name, a folder and a command, else the one that is there of those known. Null if there is none.
     */
    public static @Nullable SystemStore find() {
        String named = System.getProperty("gatehouse.trust.anchors");
        if (named != null) {
            return of(
                    named, System.getProperty("gatehouse.trust.update", "true").split(" ", -1));
        }
        return KNOWN.stream()
                .filter(one -> Files.isDirectory(one.anchors) && Programs.find(one.update.getFirst()) != null)
                .findFirst()
                .orElse(null);
    }

    private String name() {
        return "the system's store, " + anchors;
    }

    /** The user of a title, and the mark: roots of several users stand side by side. */
    private static String fileName(RootCertificate root) {
        return prefix(owner(root)) + root.mark() + SUFFIX;
    }

    private static String prefix(String owner) {
        return PREFIX + owner + "-";
    }

    /** Whose authority it is. */
    public static String owner(RootCertificate root) {
        String title = root.title();
        return title.substring(title.indexOf('(') + 1, Math.max(title.indexOf('(') + 1, title.indexOf('@')));
    }

    /**
     * Puts roots in, and takes out those that they succeed.
     *
     * @param asRoot the command that does it, for who is not allowed to
     */
    public List<Outcome> add(List<RootCertificate> roots, String asRoot) {
        try {
            Set<String> wanted = new HashSet<>();
            Set<String> owners = new HashSet<>();
            List<RootCertificate> missing = new ArrayList<>();
            for (RootCertificate root : roots) {
                wanted.add(fileName(root));
                owners.add(owner(root));
                if (!has(root)) {
                    missing.add(root);
                }
            }
            List<Path> old =
                    files(name -> !wanted.contains(name) && owners.stream().anyMatch(owner -> isOf(owner, name)));
            if (missing.isEmpty() && old.isEmpty()) {
                return roots.stream()
                        .map(root -> outcome(Kind.KEPT, root.mark()))
                        .toList();
            }
            if (!Files.isWritable(anchors)) {
                return List.of(outcome(Kind.FAILED, "only root may change it:\n  " + asRoot));
            }
            for (RootCertificate root : missing) {
                write(root);
            }
            delete(old);
            List<Outcome> outcomes = new ArrayList<>();
            for (RootCertificate root : roots) {
                outcomes.add(outcome(missing.contains(root) ? Kind.ADDED : Kind.KEPT, root.mark()));
            }
            old.forEach(file -> outcomes.add(outcome(Kind.REMOVED, mark(file))));
            return after(old.isEmpty() ? update : refresh, outcomes);
        } catch (IOException e) {
            return List.of(outcome(Kind.FAILED, String.valueOf(e.getMessage())));
        }
    }

    /**
     * Takes roots out.
     *
     * @param ofOwner whose
     */
    public List<Outcome> remove(Predicate<String> ofOwner, String asRoot) {
        try {
            List<Path> ours = files(name -> ofOwner.test(owner(name)));
            if (ours.isEmpty()) {
                return List.of(outcome(Kind.ABSENT, ""));
            }
            if (!Files.isWritable(anchors)) {
                return List.of(outcome(Kind.FAILED, "only root may change it:\n  " + asRoot));
            }
            delete(ours);
            return after(
                    refresh,
                    ours.stream().map(file -> outcome(Kind.REMOVED, mark(file))).toList());
        } catch (IOException e) {
            return List.of(outcome(Kind.FAILED, String.valueOf(e.getMessage())));
        }
    }

    /** Whether it trusts this root. */
    public boolean has(RootCertificate root) {
        Path file = anchors.resolve(fileName(root));
        try {
            return Files.exists(file)
                    && Files.readString(file, StandardCharsets.ISO_8859_1).equals(root.pem());
        } catch (IOException e) {
            return false;
        }
    }

    private Outcome outcome(Kind kind, String more) {
        return new Outcome(kind, name(), more);
    }

    private List<Outcome> after(List<String> program, List<Outcome> outcomes) {
        Run run = Programs.own().run(program);
        return run.isDone()
                ? outcomes
                : List.of(outcome(Kind.FAILED, String.join(" ", program) + ": " + run.lastLine()));
    }

    private void write(RootCertificate root) throws IOException {
        Path next = anchors.resolve(fileName(root) + ".new");
        Files.writeString(next, root.pem(), StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, anchors.resolve(fileName(root)), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isOf(String owner, String name) {
        return owner(name).equals(owner);
    }

    /** Whose the file of that name is; empty if it is none of ours. */
    private static String owner(String name) {
        int end = name.lastIndexOf('-');
        boolean ours = name.startsWith(PREFIX) && name.endsWith(SUFFIX) && end > PREFIX.length();
        return ours ? name.substring(PREFIX.length(), end) : "";
    }

    private static String mark(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('-') + 1, name.length() - SUFFIX.length());
    }

    private List<Path> files(Predicate<String> wanted) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(anchors, PREFIX + "*" + SUFFIX)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (!owner(name).isEmpty() && wanted.test(name)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
