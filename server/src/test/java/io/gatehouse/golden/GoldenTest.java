package io.gatehouse.golden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each NAME.conf in the resources is tested, and what {@code -t} says has to be NAME.txt, where FOLDER stands for the
 * prefix. With -Dgolden=write the texts are written anew, to be read before they are committed.
 */
class GoldenTest {
    private static final Path CASES =
            Path.of(System.getProperty("gatehouse.root", ".."), "server/src/test/resources/io/gatehouse/golden");
    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @TempDir
    private Path folder;

    static Stream<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(CASES)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conf"))
                    .forEach(name -> names.add(name.substring(0, name.length() - ".conf".length())));
        }
        names.sort(null);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    @ResourceLock(Resources.SYSTEM_ERR)
    void saysExactly(String name) throws IOException {
        Path text = CASES.resolve(name + ".txt");
        String said = test(name);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(text, said, ISO_8859_1);
        }
        assertThat(said).isEqualTo(Files.readString(text, ISO_8859_1));
    }

    private String test(String name) throws IOException {
        prepare(name);
        PrintStream stderr = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, ISO_8859_1));
        try {
            int exit = Commands.run(new String[] {"-t", "-p", folder + "/", "-c", name + ".conf", "-e", "error.log"});
            assertThat(captured.toString(ISO_8859_1)).contains(exit == 0 ? "test is successful" : "test failed");
        } finally {
            System.setErr(stderr);
        }
        return captured.toString(ISO_8859_1).replace(folder.toString(), "FOLDER");
    }

    private void prepare(String name) throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.write(folder.resolve(name + ".conf"), Files.readAllBytes(CASES.resolve(name + ".conf")));
    }

    /** The line that decides, against Debian's nginx; what differs stands with its reason in differences.txt. */
    @Test
    void saysWhatNginxSays() throws Exception {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed");
        Map<String, String> reasons = reasons();
        List<String> unexplained = new ArrayList<>();
        List<String> names = names().toList();
        for (String name : names) {
            String ours = verdict(Files.readString(CASES.resolve(name + ".txt"), ISO_8859_1));
            String theirs = verdict(askNginx(name));
            if (ours.equals(theirs)) {
                if (reasons.containsKey(name)) {
                    unexplained.add(name + ": is the same, and has a reason why not");
                }
            } else if (!reasons.containsKey(name)) {
                unexplained.add(name + "\n  ours:   " + ours + "\n  theirs: " + theirs);
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(names).containsAll(reasons.keySet());
    }

    /** NAME: REASON, one a line. */
    private static Map<String, String> reasons() throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (String line : Files.readAllLines(CASES.resolve("differences.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int colon = line.indexOf(": ");
                reasons.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return reasons;
    }

    private String askNginx(String name) throws IOException, InterruptedException {
        prepare(name);
        Process process = new ProcessBuilder(
                        NGINX.toString(),
                        "-t",
                        "-p",
                        folder + "/",
                        "-c",
                        name + ".conf",
                        "-e",
                        "error.log",
                        "-g",
                        "pid " + folder + "/nginx.pid;")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        // It says so when it is not started by root.
        return said.replaceAll("(?m)^.*the \"user\" directive makes sense only.*\n", "")
                .replace(folder.toString(), "FOLDER");
    }

    /** What decides: the error, or else the warning, or else that all is well. */
    private static String verdict(String text) {
        return Stream.of("[emerg]", "[warn]", "syntax is ok")
                .flatMap(mark -> text.lines().filter(line -> line.contains(mark)))
                .findFirst()
                .orElse(text);
    }
}
