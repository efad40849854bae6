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

/** A clone that was never built is built by its first start; {@code mvn} is a script here. */
class FirstUseTest {
    private static final String BUILDS = """
        echo "$@" >>calls
        echo noise
        sleep 0.3
        mkdir -p server/target/gatehouse/lib
        echo /no/such/home >server/target/gatehouse/jvm
        """;

    @TempDir
    private Path folder;

    private Install clone;

    @BeforeEach
    void cloned() throws Exception {
        clone = Install.sourceTree(folder);
        Install.javaHome(folder.resolve("jvms/jdk"), "25");
    }

    @Test
    void buildsOnceAndThenStarts() throws Exception {
        mvn(BUILDS);

        Outcome first = clone.run("-t", "-q");
        Outcome second = clone.run("-t");

        assertThat(first.err()).startsWith("gatehouse: building, once").doesNotContain("noise");
        assertThat(first.out()).contains("[-t]\n[-q]");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("[-t]");
        assertThat(Files.readString(clone.root.resolve("calls"))).matches("[^\n]*package\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoStartsAtOnceBuildOnce(boolean withFlock) throws Exception {
        if (!withFlock) {
            Files.deleteIfExists(clone.bin.resolve("flock"));
        }
        mvn(BUILDS);

        Process one = clone.start(clone.launcher(), "-t");
        Process other = clone.start(clone.launcher(), "-t");

        assertThat(Install.end(one).out()).contains("[-t]");
        assertThat(Install.end(other).out()).contains("[-t]");
        assertThat(clone.root.resolve("calls")).content().hasLineCount(1);
        assertThat(clone.root.resolve("target/build.locked")).doesNotExist();
    }

    @Test
    void aLockWhoseHolderIsGoneHoldsNobody() throws Exception {
        Files.deleteIfExists(clone.bin.resolve("flock"));
        mvn(BUILDS);
        Process gone = clone.start(clone.bin.resolve("env"));
        Install.end(gone);
        Files.createDirectories(clone.root.resolve("target/build.locked"));
        Files.writeString(clone.root.resolve("target/build.locked/pid"), gone.pid() + "\n");

        assertThat(clone.run("-t").out()).contains("[-t]");
    }

    @Test
    void showsWhatMavenSaidWhenTheBuildFails() throws Exception {
        mvn("echo '[ERROR] no network'\nexit 1\n");

        Outcome outcome = clone.run("-t");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("[ERROR] no network", "gatehouse: the build failed");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void saysThatMavenIsNeeded() throws Exception {
        Outcome outcome = clone.run("-t");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("gatehouse: not built yet, and Maven")
                .contains("apt-get install maven");
    }

    @Test
    void saysThatAnInstallationIsIncomplete() throws Exception {
        Files.delete(clone.root.resolve("pom.xml"));

        Outcome outcome = clone.run("-t");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("is not complete");
    }

    private void mvn(String text) throws Exception {
        Install.script(clone.bin.resolve("mvn"), text);
    }
}
