package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.config.build.Paths;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.RunningServer;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.wire.SystemClock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with local names and {@code auto_https}: whoever trusts the local authority sees good certificates from the first. */
class LocalHttpsTest {
    @TempDir
    private static Path folder;

    private static int port;
    private static RunningServer server;
    private static SSLContext clients;

    @BeforeAll
    static void serve() throws Exception {
        port = Launched.freePort();
        Files.createDirectories(folder.resolve("logs"));
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
            worker_processes 1;
            error_log logs/error.log info;
            events {}
            http {
                access_log off;
                auto_https on;
                server {
                    listen 127.0.0.1:PORT ssl;
                    server_name localhost 127.0.0.1;
                    return 200 "localhost";
                }
                server {
                    listen 127.0.0.1:PORT ssl;
                    server_name *.app.test;
                    auto_https local;
                    return 200 "$host";
                }
            }
            """.replace("PORT", Integer.toString(port)));
        server = new RunningServer(folder, file);
        clients = trusting(new LocalAuthority(Paths.state(), new SystemClock()).file());
    }

    private static SSLContext trusting(Path roots) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(roots)) {
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("root" + number++, root);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theFirstHandshakeWaitsForItsCertificate() throws IOException {
        assertThat(get("localhost")).endsWith("localhost");
    }

    @Test
    void aClientThatAsksForNoNameIsShownTheAddress() throws IOException {
        assertThat(get("127.0.0.1")).endsWith("localhost");
    }

    @Test
    void eachNameOfAWildcardHasItsOwn() throws IOException {
        assertThat(get("one.app.test")).endsWith("one.app.test");
        assertThat(get("two.app.test")).endsWith("two.app.test");
        assertThat(serial("one.app.test")).isNotEqualTo(serial("two.app.test"));
    }

    private static String get(String name) throws IOException {
        try (HttpsClient client = new HttpsClient(clients, name, port)) {
            return client.get("/");
        }
    }

    private static BigInteger serial(String name) throws IOException {
        try (HttpsClient client = new HttpsClient(clients, name, port)) {
            return client.certificate().getSerialNumber();
        }
    }
}
