package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RawHttp.Answer;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests over TLS to applications: what arrives, and what is said when no connection comes about. */
class ProxyTlsTest extends SecureSite {
    private static final X509Bundle APP = Pki.server("app.example.com");
    private static final String WHILE = " while SSL handshaking to upstream, client: 127.0.0.1, server: ";

    private static void hello(Application.Connection connection) throws IOException {
        while (true) {
            connection.head();
            connection.answer("hello");
        }
    }

    @Test
    void applicationsAreAskedOverOneKeptConnection() throws Exception {
        secure(APP, ProxyTlsTest::hello);
        start("", "location / { proxy_pass https://@1; }");
        for (int i = 0; i < 3; i++) {
            assertThat(site().get("/").body()).isEqualTo("hello");
        }
        assertThat(applications.getFirst().connections).hasValue(1);
        assertThat(applications.getFirst().heads.getFirst())
                .contains("Host: 127.0.0.1:" + applications.getFirst().port);
    }

    @Test
    void variablesMayMakeTheUrl() throws Exception {
        secure(APP, ProxyTlsTest::hello);
        start("", "location / { set $to @1; proxy_pass https://$to/x; add_header X-Port $proxy_port; }");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.field("X-Port")).isEqualTo(Integer.toString(applications.getFirst().port));
    }

    @Test
    void aBlockOfServersIsAskedOverTls() throws Exception {
        secure(APP, ProxyTlsTest::hello);
        start("upstream u { server @1; }", "location / { proxy_pass https://u/y; }");
        assertThat(site().get("/").body()).isEqualTo("hello");
        assertThat(applications.getFirst().heads.getFirst())
                .startsWith("GET /y ")
                .contains("\r\nHost: u");
    }

    @ParameterizedTest
    @CsvSource({"proxy_request_buffering on;", "proxy_request_buffering off;"})
    void largeBodiesGoBothWays(String directive) throws Exception {
        secure(APP, connection -> {
            connection.head();
            String body = connection.read(3_000_000);
            connection.answer(body);
        });
        start("", "client_max_body_size 0; location / { proxy_pass https://@1; " + directive + " }");
        String body = "0123456789".repeat(300_000);
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            http.send(body);
            assertThat(http.receive(true).body()).isEqualTo(body);
        }
    }

    @Test
    void anUpgradeBecomesATunnelOverTls() throws Exception {
        Application app = secure(APP, connection -> {
            connection.head();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nfirst");
            applications.getFirst().tell(connection.read(4));
            connection.send("pong");
            connection.awaitEnd();
            applications.getFirst().tell("ended");
        });
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection upgrade;
            }
            """);
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
            assertThat(http.receive(false).status()).isEqualTo(101);
            assertThat(http.read(5)).isEqualTo("first");
            http.send("ping");
            assertThat(app.event()).isEqualTo("ping");
            assertThat(http.read(4)).isEqualTo("pong");
        }
        assertThat(app.event()).isEqualTo("ended");
    }

    @Test
    void aKeptConnectionThatTheApplicationHasJustClosedIsNoFailure() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        secure(APP, connection -> {
            connection.head();
            connection.answer("hello");
            if (connection.number == 1) {
                connection.head();
                connection.close();
                closed.countDown();
            }
        });
        start("", "location / { proxy_pass https://@1; }");
        assertThat(site().get("/").body()).isEqualTo("hello");
        assertThat(site().get("/").body()).isEqualTo("hello");
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    // ---------------------------------------------------------------- failing

    @Test
    void whoDoesNotSpeakTlsIsNamed() throws Exception {
        app(connection -> {
            connection.read(1);
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.awaitEnd();
        });
        start("", "location / { proxy_pass https://@1; }");
        assertThat(site().get("/").status()).isEqualTo(502);
        assertThat(site().stop())
                .containsPattern("\\[error] .*SSL_do_handshake\\(\\) failed \\(SSL: error:[0-9a-f]+:SSL"
                        + " routines:.*WRONG_VERSION_NUMBER.*\\)" + WHILE);
    }

    @Test
    void whoClosesInTheHandshakeIsAnErrorAndAnotherIsAsked() throws Exception {
        app(connection -> connection.read(1));
        secure(APP, ProxyTlsTest::hello);
        start(
                "upstream u { server @1; server @2 backup; }",
                "location / { proxy_pass https://u; add_header X-Tries \"$upstream_status\"; }");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.field("X-Tries")).isEqualTo("502, 200");
        assertThat(site().stop()).containsPattern("\\[error] .*peer closed connection in SSL handshake.*" + WHILE);
    }

    @Test
    void aHandshakeThatTakesTooLongIsATimeout() throws Exception {
        app(Application.Connection::awaitEnd);
        start("", "location / { proxy_pass https://@1; proxy_connect_timeout 200ms; }");
        assertThat(site().get("/").status()).isEqualTo(504);
        assertThat(site().stop())
                .contains("[error]")
                .contains("upstream timed out (110: Connection timed out)" + WHILE);
    }

    @Test
    void theTimeOfTheHandshakeIsPartOfTheConnections() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        secure(APP, connection -> {
            try {
                later.await(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.head();
            connection.answer("hello");
        });
        start("", "location / { proxy_pass https://@1; add_header X-Time $upstream_connect_time; }");
        assertThat(Double.parseDouble(site().get("/").field("X-Time"))).isBetween(0.25, 5.0);
    }

    // ---------------------------------------------------------------- names

    @ParameterizedTest
    @CsvSource({
        "/off, ''",
        "/host, ''",
        "/name, app.example.com",
        "/port, app.example.com",
        "/variable?n=one.example.com, one.example.com",
        "/block, u",
        "/six, ''"
    })
    void theNameThatIsAskedForCanBeChosen(String target, String name) throws Exception {
        secure(APP, SecureSite::mirror);
        start("upstream u { server @1; }", """
            location /off { proxy_pass https://u; proxy_ssl_name app.example.com; }
            location /host { proxy_pass https://@1; proxy_ssl_server_name on; }
            location /name { proxy_pass https://@1; proxy_ssl_server_name on; proxy_ssl_name app.example.com; }
            location /port { proxy_pass https://@1; proxy_ssl_server_name on; proxy_ssl_name app.example.com:443; }
            location /variable { proxy_pass https://@1; proxy_ssl_server_name on; proxy_ssl_name $arg_n; }
            location /block { proxy_pass https://u; proxy_ssl_server_name on; }
            location /six { proxy_pass https://u; proxy_ssl_server_name on; proxy_ssl_name [::1]:5; }
            """);
        assertThat(site().get(target).body()).startsWith("nobody asks for \"" + name + "\"");
    }

    @Test
    void connectionsForDifferentNamesAreNotShared() throws Exception {
        secure(APP, SecureSite::mirror);
        start("", "location / { proxy_pass https://@1; proxy_ssl_server_name on; proxy_ssl_name $arg_n; }");
        for (String name : new String[] {"one", "two", "one", "two"}) {
            assertThat(site().get("/?n=" + name).body()).contains("\"" + name + "\"");
        }
        assertThat(applications.getFirst().connections).hasValue(2);
    }

    // ---------------------------------------------------------------- versions, ciphers, sessions

    @ParameterizedTest
    @CsvSource({
        "proxy_ssl_protocols TLSv1.2;, TLSv1.2",
        "proxy_ssl_protocols TLSv1.3;, TLSv1.3",
        "'', TLSv1.3",
        "proxy_ssl_conf_command MaxProtocol TLSv1.2;, TLSv1.2",
        "proxy_ssl_conf_command Protocol -TLSv1.3;, TLSv1.2"
    })
    void versionsCanBeChosen(String directive, String version) throws Exception {
        secure(APP, SecureSite::mirror);
        start("", "location / { proxy_pass https://@1; " + directive + " }");
        assertThat(site().get("/").body()).contains(" over " + version + " ");
    }

    @Test
    void noVersionInCommonIsToldInTheLibrarysWords() throws Exception {
        secure(APP, socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}), SecureSite::mirror);
        start("", "location / { proxy_pass https://@1; proxy_ssl_protocols TLSv1.3; }");
        assertThat(site().get("/").status()).isEqualTo(502);
        assertThat(site().stop())
                .containsPattern("\\[error] .*SSL_do_handshake\\(\\) failed \\(SSL: error:.*\\)" + WHILE);
    }

    @Test
    void ciphersCanBeChosen() throws Exception {
        secure(Pki.server(Algorithm.rsa2048, "app"), connection -> {
            connection.head();
            connection.answer(connection.tls().getCipherSuite());
        });
        start(
                "",
                "location / { proxy_pass https://@1; proxy_ssl_protocols TLSv1.2; proxy_ssl_ciphers"
                        + " ECDHE-RSA-AES256-GCM-SHA384; }");
        assertThat(site().get("/").body()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    @ParameterizedTest
    @CsvSource({
        "on, TLSv1.3, New Reused Reused",
        "off, TLSv1.3, New New New",
        "on, TLSv1.2, New Reused Reused",
        "off, TLSv1.2, New New New",
    })
    void sessionsAreResumedUnlessTheyAreNotToBe(String reuse, String version, String expected) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        credentials("app", APP);
        Process openssl = new ProcessBuilder(List.of(
                        "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "app.crt", "-key", "app.key", "-www"))
                .directory(folder.toFile())
                .start();
        try (BufferedReader told = openssl.inputReader()) {
            String line = told.readLine();
            while (line != null && !line.startsWith("ACCEPT ")) {
                line = told.readLine();
            }
            String address = Objects.requireNonNull(line).substring("ACCEPT ".length());
            start(
                    "",
                    "location / { proxy_pass https://" + address + "; proxy_ssl_session_reuse " + reuse
                            + "; proxy_ssl_protocols " + version + "; }");
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                String body = site().get("/").body();
                seen.append(
                        body.contains("\nReused, " + version) ? " Reused" : body.contains("\nNew, ") ? " New" : body);
            }
            assertThat(seen.substring(1)).isEqualTo(expected);
        } finally {
            openssl.destroy();
        }
    }
}
