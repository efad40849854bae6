package io.gatehouse.module.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration reads each file of certificates and keys once, however often it is named: a second look finds nothing. */
@Timeout(60)
class ReadOnceTest {
    @TempDir
    private Path folder;

    @Test
    void eachFileIsReadOnceForAConfiguration() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo");
        X509Bundle bundle = Pki.server("localhost");
        try (Pipe certificate = new Pipe("a.pem", bundle.getCertificatePathPEM());
                Pipe key = new Pipe("a.key", bundle.getPrivateKeyPEM());
                Pipe authority = new Pipe("authority.pem", Pki.CA.getCertificatePEM());
                TlsSite site = new TlsSite(folder).serve("""
                    server {
                        listen 127.0.0.1:PORT ssl;
                        ssl_certificate a.pem;
                        ssl_certificate_key FOLDER/a.key;
                        ssl_verify_client optional;
                        ssl_client_certificate authority.pem;
                        ssl_trusted_certificate FOLDER/authority.pem;
                        return 200 first;
                    }
                    server {
                        listen 127.0.0.1:PORT ssl;
                        server_name localhost;
                        ssl_certificate FOLDER/a.pem;
                        ssl_certificate_key a.key;
                        return 200 second;
                    }
                    """.replace("FOLDER", folder.toString()))) {
            assertThat(site.get(Pki.jdk(), "localhost", "localhost", "/")).endsWith("second");
            assertThat(site.get(Pki.jdk(), "", "elsewhere", "/")).endsWith("first");
        }
    }

    /** Gives its text to the first reader, and nothing to later ones. */
    private final class Pipe implements AutoCloseable {
        private final Path path;
        private volatile boolean over;

        Pipe(String name, String text) throws IOException, InterruptedException {
            path = folder.resolve(name);
            assertThat(new ProcessBuilder("/usr/bin/mkfifo", path.toString())
                            .start()
                            .waitFor())
                    .isZero();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    Files.writeString(path, text);
                    while (!over) {
                        Files.writeString(path, "");
                    }
                } catch (IOException e) {
                    // the folder is gone
                }
            });
        }

        /** Lets the writer go, which waits for a reader. */
        @Override
        public void close() throws IOException {
            over = true;
            new RandomAccessFile(path.toFile(), "rw").close();
        }
    }
}
