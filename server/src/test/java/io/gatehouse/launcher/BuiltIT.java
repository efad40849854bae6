package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.launcher.Install.Outcome;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    /**
     * A library that is opened is one that the JVM looks for something in, and one is never opened alone: that was a fifth of a
     * start (docs/design/0023-start.md).
     */
    @Test
    void aStartOpensNoLibrary() throws Exception {
        assumeTrue(Files.exists(BUILT.resolve("gatehouse.aot")), "built with -Dtraining=false");
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "what a process has open is told by Linux");
        X509Bundle bundle = Pki.server("a.example.com");
        Files.writeString(folder.resolve("a.pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve("a.key"), bundle.getPrivateKeyPEM());
        Files.writeString(folder.resolve("nginx.conf"), """
            daemon off;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
                access_log access.log;
                server {
                    listen unix:a.sock ssl;
                    http2 on;
                    ssl_certificate a.pem;
                    ssl_certificate_key a.key;
                    location / { proxy_pass http://127.0.0.1:1; }
                }
            }
            """);
        ProcessBuilder builder = new ProcessBuilder(
                        BUILT.resolve("gatehouse").toString(), "-p", folder.toString(), "-c", "nginx.conf")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        Process server = builder.start();
        try {
            for (int i = 0; !Files.exists(folder.resolve("nginx.pid")); i++) {
                assertThat(i).as("tries until it serves").isLessThan(1_000);
                assertThat(server.waitFor(20, TimeUnit.MILLISECONDS))
                        .as(Files.readString(folder.resolve("said")))
                        .isFalse();
            }

            List<String> open = new ArrayList<>();
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(Path.of("/proc/" + server.pid() + "/fd"))) {
                for (Path descriptor : descriptors) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
            assertThat(open).noneMatch(file -> file.endsWith(".jar")).anyMatch(file -> file.endsWith("error.log"));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    /** Something that needs the JVM and says none of the words that are listened for. */
    private static Outcome run(String javaOptions) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(BUILT.resolve("gatehouse").toString(), "explain", "daemon");
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment().put("GATEHOUSE_JAVA_OPTS", javaOptions);
        return Install.end(builder.start());
    }
}
