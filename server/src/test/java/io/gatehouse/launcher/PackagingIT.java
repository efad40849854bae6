package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.launcher.Install.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that the package is made of. The package itself is made, installed and removed by hand: it takes minutes. */
class PackagingIT {
    private static final Path ROOT = Path.of(System.getProperty("gatehouse.root", ".."));
    private static final Path PACKAGING = ROOT.resolve("packaging");

    @TempDir
    private Path folder;

    @Test
    void systemdFindsNothingWrongInTheUnits() throws Exception {
        assumeTrue(isInstalled("systemd-analyze"), "systemd is not installed");
        for (String unit : List.of("gatehouse.service", "gatehouse.socket")) {
            // What it starts is not installed here.
            String text = Files.readString(PACKAGING.resolve("systemd/" + unit));
            Files.writeString(folder.resolve(unit), text.replace("/usr/bin/gatehouse", "/usr/bin/env"));
        }

        Outcome outcome = run("systemd-analyze", "verify", "--man=no", "gatehouse.service", "gatehouse.socket");

        assertThat(outcome.err() + outcome.out()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    /** In systemd's words: from 0, "perfect", to 10. Below 2 is better than nearly every unit of a Debian. */
    @Test
    void theServiceIsExposedLittle() throws Exception {
        assumeTrue(isInstalled("systemd-analyze"), "systemd is not installed");
        Path unit = PACKAGING.resolve("systemd/gatehouse.service").toAbsolutePath();

        Outcome outcome =
                run("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit.toString());

        assumeTrue(!outcome.err().contains("option"), "systemd is older than 250");
        assertThat(outcome.exit()).as(outcome.out()).isZero();
    }

    /** There is not even a {@code kill} beside the shell's own on a Debian without procps. */
    @Test
    void theServiceStartsNothingThatMayBeMissing() throws Exception {
        List<String> started = Files.readString(PACKAGING.resolve("systemd/gatehouse.service"))
                .lines()
                .filter(line -> line.startsWith("Exec"))
                .map(line -> line.replaceFirst("^\\w+=[-+]?(\\S+).*", "$1"))
                .distinct()
                .toList();

        assertThat(started)
                .contains("/usr/bin/gatehouse")
                .isSubsetOf("/usr/bin/gatehouse", "/usr/bin/sh", "/usr/bin/install", "/usr/bin/chown");
    }

    @Test
    void manualAndCompletionsTellOfThisCommandLine() throws Exception {
        Path said = Files.createDirectories(folder.resolve("help"));
        Files.writeString(said.resolve("gatehouse"), run(program(), "-h").err());
        Files.writeString(said.resolve("up"), run(program(), "up", "-h").out());
        Outcome made = run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                ROOT.resolve("server/src/build/Manual.java").toAbsolutePath().toString(),
                said.toString(),
                ROOT.toAbsolutePath().toString(),
                folder.toString(),
                "1.2.3",
                "2026-01-01");
        assertThat(made).isEqualTo(new Outcome(made.pid(), 0, "", ""));

        assertThat(folder.resolve("gatehouse.8"))
                .content()
                .contains("Gatehouse 1.2.3", "\n.B up\n", "\n.B \\-t\n", "\\-\\-to=HOST:PORT");
        if (isInstalled("groff")) {
            Outcome page = run("groff", "-man", "-Tutf8", "-ww", "gatehouse.8");
            assertThat(page.err()).isEmpty();
        }
        assumeTrue(isInstalled("bash"), "bash is not installed");
        assertThat(complete("e")).contains("echo", "explain").doesNotContain("up");
        assertThat(complete("-")).contains("-t", "-c");
        assertThat(complete("-s", "re")).containsExactly("reopen", "reload");
        assertThat(complete("up", "--")).contains("--to");
        assertThat(complete("explain", "proxy_pas")).contains("proxy_pass");
    }

    private List<String> complete(String... words) throws Exception {
        String line = "source gatehouse.bash; COMP_WORDS=(gatehouse \"$@\"); COMP_CWORD=$#; _gatehouse;"
                + " printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash"));
        command.addAll(List.of(words));
        Outcome outcome = run(command.toArray(new String[0]));
        assertThat(outcome.err()).isEmpty();
        return outcome.out().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postinst", "prerm", "postrm"})
    void theScriptsAreOfThePlainShell(String script) throws Exception {
        Path file = PACKAGING.resolve("debian").resolve(script).toAbsolutePath();

        assertThat(file).isExecutable().content().startsWith("#!/bin/sh\nset -e\n");
        assertThat(run("sh", "-n", file.toString()).err()).isEmpty();
    }

    @Test
    void theConfigurationIsInOrderAndTakesTheSitesThatAreEnabled() throws Exception {
        copyConfiguration();
        Path enabled = Files.createDirectories(folder.resolve("sites-enabled"));
        Files.createSymbolicLink(enabled.resolve("default"), Path.of("../sites-available/default"));

        Outcome outcome = run(program(), "-T", "-p", folder + "/", "-c", "gatehouse.conf");

        assertThat(outcome.err()).contains("test is successful").doesNotContain("[warn]");
        assertThat(outcome.out()).contains("default_server");
    }

    private void copyConfiguration() throws IOException {
        Path etc = PACKAGING.resolve("etc");
        Files.copy(ROOT.resolve("conf/mime.types"), folder.resolve("mime.types"));
        Files.createDirectories(folder.resolve("logs"));
        try (Stream<Path> files = Files.walk(etc);
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(etc.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.writeString(
                        to,
                        Files.readString(file)
                                .replace("/var/log/gatehouse", folder + "/logs")
                                .replace("/run/gatehouse", folder.toString())
                                .replace("listen 80 ", "listen 127.0.0.1:" + free.getLocalPort() + " "));
            }
        }
    }

    private static String program() {
        return ROOT.resolve("server/target/gatehouse/gatehouse")
                .toAbsolutePath()
                .toString();
    }

    private Outcome run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return Install.end(builder.start());
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
