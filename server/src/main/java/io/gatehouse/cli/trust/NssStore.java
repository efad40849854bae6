package io.gatehouse.cli.trust;

import io.gatehouse.cli.trust.Outcome.Kind;
import io.gatehouse.cli.trust.Programs.Run;
import io.gatehouse.tls.localca.RootCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database of NSS, in which Chromium and Firefox look for authorities, by the program {@code certutil}.
 *
 * @param programs as its owner
 * @param what whose it is, for people
 * @param folder that it is in; it is made if it is not there
 */
public record NssStore(Programs programs, String what, Path folder) {
    /** Trusted to issue for servers, and for nothing else. */
    private static final String TRUST = "C,,";

    private static final Pattern ENTRY =
            Pattern.compile("(" + RootCertificate.TITLE + " \\(\\S+\\) [0-9a-f]+)\\s+(\\S*)\\s*");

    /** Whether the program is there that this needs. */
    static boolean isUsable() {
        return Programs.find("certutil") != null;
    }

    private String name() {
        return what + ", " + folder;
    }

    private static String nickname(RootCertificate root) {
        return root.title() + " " + root.mark();
    }

    private Outcome failed(String why) {
        return new Outcome(Kind.FAILED, name(), why);
    }

    private Run certutil(String input, String... words) {
        List<String> command = new ArrayList<>(List.of("certutil"));
        command.addAll(List.of(words));
        command.addAll(List.of("-d", "sql:" + folder));
        return programs.run(command, input);
    }

    /** What is wrong with a run, and how to find out more. */
    private Outcome failed(Run run) {
        return failed("certutil: " + run.lastLine() + "\n  try: certutil -L -d sql:" + folder);
    }

    private boolean exists() {
        return Files.exists(folder.resolve("cert9.db"));
    }

    /** Puts roots in, and takes out those that they succeed. */
    List<Outcome> add(List<RootCertificate> roots) {
        if (!exists()) {
            Run made = programs.run(List.of("mkdir", "-p", "-m", "700", folder.toString()));
            made = made.isDone() ? certutil("", "-N", "--empty-password") : made;
            if (!made.isDone()) {
                return List.of(failed("it could not be made: " + made.lastLine()));
            }
        }
        Run listed = certutil("", "-L");
        if (!listed.isDone()) {
            return List.of(failed(listed));
        }
        Map<String, String> there = entries(listed);
        List<Outcome> outcomes = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        for (RootCertificate root : roots) {
            wanted.add(nickname(root));
            outcomes.add(add(root, there.get(nickname(root))));
        }
        for (String entry : there.keySet()) {
            boolean succeeded = roots.stream().anyMatch(root -> entry.startsWith(root.title() + " "));
            if (succeeded && !wanted.contains(entry)) {
                outcomes.add(remove(entry));
            }
        }
        return outcomes;
    }

    private Outcome add(RootCertificate root, @Nullable String trust) {
        if (TRUST.equals(trust)) {
            return new Outcome(Kind.KEPT, name(), root.mark());
        }
        Run added = certutil(root.pem(), "-A", "-a", "-n", nickname(root), "-t", TRUST);
        return added.isDone() ? new Outcome(Kind.ADDED, name(), root.mark()) : failed(added);
    }

    /** Takes all of ours out. */
    List<Outcome> removeAll() {
        if (!exists()) {
            return List.of();
        }
        Run listed = certutil("", "-L");
        if (!listed.isDone()) {
            return List.of(failed(listed));
        }
        Set<String> there = entries(listed).keySet();
        return there.isEmpty()
                ? List.of(new Outcome(Kind.ABSENT, name(), ""))
                : there.stream().map(this::remove).toList();
    }

    private Outcome remove(String entry) {
        Run removed = certutil("", "-D", "-n", entry);
        return removed.isDone()
                ? new Outcome(Kind.REMOVED, name(), entry.substring(entry.lastIndexOf(' ') + 1))
                : failed(removed);
    }

    /** Whether it trusts this root. */
    boolean has(RootCertificate root) {
        return exists() && TRUST.equals(entries(certutil("", "-L")).get(nickname(root)));
    }

    /** Names of ours, each with its trust. */
    private static Map<String, String> entries(Run listed) {
        Map<String, String> found = new LinkedHashMap<>();
        listed.out().lines().forEach(line -> {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                found.put(entry.group(1), entry.group(2));
            }
        });
        return found;
    }
}
