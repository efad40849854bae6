package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start is short because it does little (docs/design/0023-start.md). */
class StartIT {
    @TempDir
    private Path folder;

    /** Whoever opens one library opens all of them, in search of something that is in none. */
    @Test
    void aStartOpensNoLibrary() throws Exception {
        assumeTrue(Files.exists(Launched.BUILT.resolve("gatehouse.aot")), "built with -Dtraining=false");
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "what a process has open is told by Linux");
        X509Bundle bundle = Pki.server("a.example.com");
        Files.writeString(folder.resolve("a.pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve("a.key"), bundle.getPrivateKeyPEM());
        String configuration = """
            error_log error.log;
            events {}
            http {
                access_log access.log;
                server {
                    listen 127.0.0.1:PORT ssl;
                    http2 on;
                    ssl_certificate a.pem;
                    ssl_certificate_key a.key;
                    location / { proxy_pass http://127.0.0.1:1; }
                }
            }
            """;
        try (Launched server = Launched.serving(folder, configuration)) {
            assertThat(server.openFiles())
                    .noneMatch(file -> file.endsWith(".jar"))
                    .anyMatch(file -> file.endsWith("error.log"));
        }
    }
}
