package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.LocallyCertified;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with local names and {@code auto_https}: whoever trusts the local authority sees good certificates from the first. */
class LocalHttpsTest {
    @TempDir
    private static Path folder;

    private static LocallyCertified server;

    @BeforeAll
    static void serve() throws Exception {
        server = new LocallyCertified(folder, """
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
            """);
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
        try (HttpsClient client = server.client(name)) {
            return client.get("/");
        }
    }

    private static BigInteger serial(String name) throws IOException {
        try (HttpsClient client = server.client(name)) {
            return client.certificate().getSerialNumber();
        }
    }
}
