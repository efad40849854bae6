package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.launcher.Install.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher finds Java and what it starts. */
class LauncherTest {
    @TempDir
    private Path folder;

    private Install install;
    private Path jvms;

    @BeforeEach
    void install() throws Exception {
        install = Install.installed(folder);
        jvms = folder.resolve("jvms");
    }

    @Test
    void saysWhatToInstallWhereThereIsNoJava() throws Exception {
        Outcome outcome = install.run("-c", "x");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("gatehouse: Java 25 or newer is needed and was not found")
                .contains("apt-get install", "dnf install", "brew install", "adoptium.net", "GATEHOUSE_JAVA=");
    }

    @Test
    void passesAnOlderJavaBy() throws Exception {
        Install.javaHome(jvms.resolve("a-1.8"), "1.8.0_452");
        Install.javaHome(jvms.resolve("b-21"), "21.0.7");
        Path good = Install.javaHome(jvms.resolve("c 26"), "26");
        environmentSays("JAVA_HOME", jvms.resolve("b-21"));

        assertThat(install.run("-t").err()).isEmpty();
        Files.delete(good.resolve("bin/java"));
        assertThat(install.run("-t").exit()).isEqualTo(1);
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        Install.script(
                jvms.resolve("jdk/bin/java"),
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"25.0.1\" 2025-10-21' >&2; else echo ran; fi\n");

        assertThat(install.run("-t").out()).isEqualTo("ran\n");
    }

    @Test
    void takesTheNamedOneThenJavaHomeThenThePath() throws Exception {
        Path linked = Install.javaHome(folder.resolve("elsewhere/linked"), "25");
        Files.createSymbolicLink(install.bin.resolve("java"), linked.resolve("bin/java"));
        mark(Install.javaHome(jvms.resolve("found"), "25"), "folders");
        mark(linked, "path");
        assertThat(install.run("-t").out()).isEqualTo("path\n");

        environmentSays("JAVA_HOME", mark(Install.javaHome(folder.resolve("home"), "25"), "JAVA_HOME"));
        assertThat(install.run("-t").out()).isEqualTo("JAVA_HOME\n");

        Path named = mark(Install.javaHome(folder.resolve("named"), "25"), "named");
        environmentSays("GATEHOUSE_JAVA", named);
        assertThat(install.run("-t").out()).isEqualTo("named\n");
        environmentSays("GATEHOUSE_JAVA", named.resolve("bin/java"));
        assertThat(install.run("-t").out()).isEqualTo("named\n");
    }

    @Test
    void refusesANamedJavaThatIsTooOldInsteadOfTakingAnother() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25");
        environmentSays("GATEHOUSE_JAVA", Install.javaHome(folder.resolve("named"), "17.0.2"));

        Outcome outcome = install.run("-t");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("GATEHOUSE_JAVA=", "is no Java 25 or newer");
    }

    @Test
    void becomesTheServerWithItsSignalsBlocked() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25.0.3");

        Outcome outcome = install.run("-p", "/a b/", "-c", "*.conf", "-g", "");

        assertThat(outcome.err()).isEmpty();
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).startsWith("pid " + outcome.pid());
        assertThat(lines).endsWith("[io.gatehouse.Main]", "[-p]", "[/a b/]", "[-c]", "[*.conf]", "[-g]", "[]");
        assertThat(lines).contains("[@" + install.root.toRealPath() + "/jvm.options]", "malloc 2");
        assertThat(lines).containsAnyOf("[-Dgatehouse.signals=blocked]", "[-Dgatehouse.signals=jvm]");
        if (lines.contains("[-Dgatehouse.signals=blocked]") && outcome.out().contains("SigBlk")) {
            // HUP 1, INT 2, QUIT 3, USR1 10, USR2 12, TERM 15, WINCH 28; bit n - 1
            assertThat(lines).contains("[-Xrs]").anyMatch(line -> line.matches("SigBlk:\\s+0*8004a07"));
        }
    }

    @Test
    void appendsTheOptionsOfTheEnvironment() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25");
        install.environment.put("GATEHOUSE_JAVA_OPTS", "-Xmx1g  -Da=b");

        assertThat(install.run("-t").out()).contains("[-Xmx1g]\n[-Da=b]\n[-cp]\n");
    }

    @Test
    void usesTheAheadOfTimeCacheWhenThereIsOne() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25");
        assertThat(install.run("up").out()).doesNotContain("AOTCache");

        Files.writeString(install.root.resolve("gatehouse.aot"), "");

        assertThat(install.run("up").out())
                .contains("[-XX:AOTCache=" + install.root.toRealPath() + "/gatehouse.aot]", "[up]");
    }

    /** A package is one: a Java of the machine's must not be taken, the cache does not fit it. */
    @Test
    void takesTheJavaThatCameAlongUnlessAnotherIsNamed() throws Exception {
        mark(Install.javaHome(install.root.resolve("runtime"), "25"), "runtime");
        environmentSays("JAVA_HOME", mark(Install.javaHome(folder.resolve("home"), "25"), "JAVA_HOME"));
        assertThat(install.run("-t").out()).isEqualTo("runtime\n");

        environmentSays("GATEHOUSE_JAVA", mark(Install.javaHome(folder.resolve("named"), "25"), "named"));
        assertThat(install.run("-t").out()).isEqualTo("named\n");
    }

    @Test
    void namesTheFolderOfNativeLibrariesWhereThereIsOne() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25");
        assertThat(install.run("-t").out()).doesNotContain("java.library.path");

        Files.createDirectories(install.root.resolve("lib/native"));

        assertThat(install.run("-t").out())
                .contains("[-Djava.library.path=" + install.root.toRealPath() + "/lib/native]");
    }

    @Test
    void writesNothing() throws Exception {
        Install.javaHome(jvms.resolve("jdk"), "25");
        List<Path> before = install.files();

        install.run("-c", "x");
        install.run("-t");

        assertThat(install.files()).isEqualTo(before);
    }

    private void environmentSays(String name, Path value) {
        install.environment.put(name, value.toString());
    }

    private static Path mark(Path home, String name) throws Exception {
        Install.script(home.resolve("bin/java"), "echo " + name + "\n");
        return home;
    }
}
