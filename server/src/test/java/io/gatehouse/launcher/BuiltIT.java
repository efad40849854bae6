package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.launcher.Install.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder that the build put together. */
class BuiltIT {
    private static final Path BUILT = Path.of(System.getProperty("gatehouse.root", ".."), "server/target/gatehouse");

    @TempDir
    private Path folder;

    @Test
    void startsFromTheAheadOfTimeCacheAndTheJvmSaysNothing() throws Exception {
        assumeTrue(Files.exists(BUILT.resolve("gatehouse.aot")), "built with -Dtraining=false");
        Path log = folder.resolve("classes.log");

        Outcome outcome = run("-Xlog:class+load:file=" + log);

        assertThat(Files.readString(log)).containsPattern("io\\.gatehouse\\.Main source: shared objects file");
        assertThat(outcome.err() + outcome.out()).doesNotContainIgnoringCase("warning", "Picked up", "Unsafe");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    /** An unusable cache costs time and nothing else. */
    @Test
    void staysSilentWhenTheCacheDoesNotFit() throws Exception {
        Outcome outcome = run("-XX:-UseCompactObjectHeaders");

        assertThat(outcome.err() + outcome.out()).doesNotContainIgnoringCase("warning", "[error", "cache");
        assertThat(outcome.err()).isEmpty();
    }

    /** Something that needs the JVM and says none of the words that are listened for. */
    private static Outcome run(String javaOptions) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(BUILT.resolve("gatehouse").toString(), "explain", "daemon");
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment().put("GATEHOUSE_JAVA_OPTS", javaOptions);
        return Install.end(builder.start());
    }
}
