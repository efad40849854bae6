package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.launcher.Install.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -v} and {@code -V}, which need no Java: none is there. */
class VersionTest {
    private static final String VERSION = "nginx version: nginx/1\\.31\\.5 \\(Gatehouse [\\d.]+\\)\n";

    @TempDir
    private Path folder;

    private Install install;

    @BeforeEach
    void install() throws Exception {
        install = Install.installed(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v", "-qv", "-p /x -v", "-v -c y -e z", "-g daemon -v -p/x", "-vv"})
    void tellsItsVersionOnStandardError(String arguments) throws Exception {
        Outcome outcome = install.run(arguments.split(" "));

        assertThat(outcome.err()).matches(VERSION);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "-vV", "-Vv", "-c x -V -p /y/"})
    void tellsWhatItIsMadeOf(String arguments) throws Exception {
        Outcome outcome = install.run(arguments.split(" "));

        assertThat(outcome.err())
                .matches(VERSION + "built with .*\nTLS SNI support enabled\n"
                        + "configure arguments:( --with(out)?-[a-z0-9_-]+)+\n");
        assertThat(outcome.err()).contains(" --with-debug", " --with-http_stub_status_module", " --without-http-cache");
        assertThat(outcome.err()).doesNotContain("--build", "=dynamic");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void isFoundThroughLinksFromAnywhere() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("absolute"), install.launcher());
        Files.createSymbolicLink(install.bin.resolve("nginx"), Path.of("../else where/absolute"));

        Outcome outcome = Install.end(install.start(install.bin.resolve("nginx"), "-v"));

        assertThat(outcome.err()).matches(VERSION);
    }

    @Test
    void isTheSameInASourceTreeThatIsNotBuilt() throws Exception {
        Outcome outcome = Install.sourceTree(folder.resolve("clone")).run("-v");

        assertThat(outcome.err()).matches(VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tv", "-v -T", "-vh", "-v -x", "-v -c", "-v -s pause", "-v up"})
    void leavesToTheProgramWhatNeedsMoreThanAVersion(String arguments) throws Exception {
        Path java = Install.javaHome(folder.resolve("jvms/jdk"), "25");

        Outcome outcome = install.run(arguments.split(" "));

        assertThat(java).exists();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("[io.gatehouse.Main]\n[" + arguments.replace(" ", "]\n[") + "]\n");
    }
}
