package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.ProcessSignal;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pebble;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RunningServer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that get their certificates by themselves from pebble, as clients see them: one that is shown to be ours by http-01
 * though port 80 only redirects, one by tls-alpn-01, one in the words of nginx's own module, one whose authority is dead.
 */
class AutoHttpsTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @TempDir
    private static Path folder;

    private static int plain;
    private static int secure;
    private static Pebble authority;
    /** Whose certificates live for a moment. */
    private static Pebble brief;

    private static SSLContext clients;
    private static RunningServer server;

    @BeforeAll
    static void serve() throws Exception {
        assumeTrue(Pebble.missing().isEmpty(), () -> "not installed: " + Pebble.missing());
        plain = Launched.freePort();
        secure = Launched.freePort();
        authority = new Pebble(folder, plain, secure);
        clients = authority.clients();
        brief = new Pebble(
                Files.createDirectory(folder.resolve("brief")),
                plain,
                secure,
                Pebble.CALM,
                ", \"certificateValidityPeriod\": 10");
        Files.createDirectories(folder.resolve("logs"));
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
            worker_processes 1;
            error_log logs/error.log info;
            events {}
            http {
                access_log off;

                acme_issuer pebble {
                    uri DIRECTORY;
                    contact admin@example.com;
                    ssl_trusted_certificate acme.crt;
                    accept_terms_of_service;
                }
                acme_issuer alpn {
                    uri DIRECTORY;
                    challenge tls-alpn-01;
                    ssl_trusted_certificate acme.crt;
                    state_path state/alpn;
                    accept_terms_of_service;
                }
                acme_issuer brief {
                    uri BRIEF;
                    ssl_verify off;
                    accept_terms_of_service;
                }
                acme_issuer dead {
                    uri https://127.0.0.1:DEAD/dir;
                    state_path off;
                }
                acme_shared_zone zone=ngx_acme_shared:1M;

                server {
                    listen 127.0.0.1:PLAIN;
                    return 301 https://$host$request_uri;
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name one.example.com;
                    auto_https pebble;
                    return 200 "one";
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name two.example.com;
                    auto_https alpn;
                    return 200 "two";
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name .three.example.com;
                    acme_certificate pebble key=rsa:2048;
                    ssl_certificate $acme_certificate;
                    ssl_certificate_key $acme_certificate_key;
                    ssl_certificate_cache max=2;
                    return 200 "three";
                }
                map $ssl_server_name $chain {
                    default $acme_certificate;
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name four.example.com;
                    acme_certificate alpn;
                    ssl_certificate $chain;
                    ssl_certificate_key $acme_certificate_key;
                    ssl_certificate_cache max=2;
                    return 200 "four";
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name brief.example.com;
                    auto_https brief;
                }
                server {
                    listen 127.0.0.1:SECURE ssl;
                    server_name never.example.com;
                    auto_https dead;
                    return 200 "never";
                }
            }
            """.replace("DIRECTORY", authority.directory())
                .replace("BRIEF", brief.directory())
                .replace("PLAIN", Integer.toString(plain))
                .replace("SECURE", Integer.toString(secure))
                .replace("DEAD", Integer.toString(Launched.freePort())));
        server = new RunningServer(folder, file);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
        for (Pebble one : Arrays.asList(authority, brief)) {
            if (one != null) {
                one.close();
            }
        }
    }

    @Test
    void aCertificateComesThoughPort80OnlyRedirects() throws Exception {
        assertThat(RawHttp.get(plain, "/").status()).isEqualTo(301);
        awaitLog("certificate for \"one.example.com\" from \"pebble\"");
        assertThat(get("one.example.com")).endsWith("one");
    }

    @Test
    void aCertificateComesByTheHandshakeAlone() throws Exception {
        awaitLog("certificate for \"two.example.com\" from \"alpn\"");
        assertThat(get("two.example.com")).endsWith("two");
        assertThat(log()).contains("an authority asks for a tls-alpn-01 challenge for \"two.example.com\"");
    }

    @Test
    void theWordsOfNginxsOwnModuleServe() throws Exception {
        awaitLog("certificate for \"www.three.example.com, three.example.com\" from \"pebble\"");
        assertThat(get("three.example.com")).endsWith("three");
        assertThat(get("www.three.example.com")).endsWith("three");
        try (HttpsClient client = new HttpsClient(clients, "three.example.com", secure)) {
            assertThat(client.certificate().getPublicKey().getAlgorithm()).isEqualTo("RSA");
        }
    }

    @Test
    void theVariablesOfNginxsOwnModuleCanBePassedOn() throws Exception {
        awaitLog("certificate for \"four.example.com\" from \"alpn\"");
        assertThat(get("four.example.com")).endsWith("four");
        assertThat(get("four.example.com")).as("out of the cache").endsWith("four");
    }

    @Test
    void aHandshakeThatNothingIsThereForIsRefusedAndTold() throws Exception {
        assertThatThrownBy(() -> get("never.example.com"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("internal_error");
        String line = awaitLog("no certificate for \"never.example.com\" yet")
                .lines()
                .filter(one -> one.contains("no certificate for \"never.example.com\" yet"))
                .findFirst()
                .orElseThrow();
        assertThat(line)
                .contains("[error]")
                .containsPattern("awaited from \"dead\" since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC")
                .contains("while SSL handshaking, client: 127.0.0.1");
    }

    @Test
    void aReloadKeepsWhatIsThereAndWhatIsAwaited() throws Exception {
        awaitLog("certificate for \"two.example.com\" from \"alpn\"");
        BigInteger before = serial(clients, "two.example.com");
        String since = awaitedSince();
        server.send(ProcessSignal.HUP);
        awaitLog("reconfiguring");
        awaitCount("start worker processes", 2);
        assertThat(serial(clients, "two.example.com")).isEqualTo(before);
        assertThat(awaitedSince()).isEqualTo(since);
    }

    @Test
    void aRenewedCertificateIsShownWithoutAReload() throws Exception {
        awaitCount("certificate for \"brief.example.com\" from \"brief\"", 1);
        BigInteger first = serial(brief.clients(), "brief.example.com");
        awaitCount("certificate for \"brief.example.com\" from \"brief\"", 2);
        assertThat(serial(brief.clients(), "brief.example.com")).isNotEqualTo(first);
    }

    private static String awaitedSince() throws IOException {
        assertThatThrownBy(() -> get("never.example.com")).isInstanceOf(SSLException.class);
        Matcher last = Pattern.compile("\"never.example.com\" yet, awaited from \"dead\" since (.{23})")
                .matcher(log());
        String since = "";
        while (last.find()) {
            since = last.group(1);
        }
        assertThat(since).isNotEmpty();
        return since;
    }

    private static BigInteger serial(SSLContext clients, String name) throws IOException {
        try (HttpsClient client = new HttpsClient(clients, name, secure)) {
            return client.certificate().getSerialNumber();
        }
    }

    private static String get(String name) throws IOException {
        try (HttpsClient client = new HttpsClient(clients, name, secure)) {
            return client.get("/");
        }
    }

    private static String log() throws IOException {
        return Files.readString(folder.resolve("logs/error.log"), StandardCharsets.ISO_8859_1);
    }

    private static String awaitLog(String text) throws Exception {
        return awaitCount(text, 1);
    }

    /** A file tells nothing by itself, so it is looked at again and again. */
    private static String awaitCount(String text, int times) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String lines = log();
            if (lines.split(Pattern.quote(text), -1).length > times) {
                return lines;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no \"" + text + "\" in:\n" + lines + authority.said());
            }
            boolean _ = never.await(10, TimeUnit.MILLISECONDS);
        }
    }
}
