package io.gatehouse.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.Headers;
import io.gatehouse.coding.NativeFile;
import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RunningServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the preset promises, each over TLS and a real socket: the configuration that {@code init} writes, run. */
class PresetOverHttpsTest {
    private static final String NAME = "paperclip.example.com";

    @TempDir
    private static Path folder;

    private static ScriptedPaperclip application;
    private static RunningServer server;
    private static int port;
    private static int httpPort;

    @BeforeAll
    static void serve() throws Exception {
        System.setProperty("gatehouse.home", System.getProperty("gatehouse.root", ".."));
        X509Bundle certificate = Pki.server(NAME);
        Path chain = Files.writeString(folder.resolve("chain.pem"), certificate.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("key.pem"), certificate.getPrivateKeyPEM());
        Files.createDirectories(folder.resolve("logs"));
        application = new ScriptedPaperclip(0, "");
        port = freePort();
        httpPort = freePort();
        Site site = new Site(
                List.of(SiteName.of(NAME)),
                "127.0.0.1:" + application.port(),
                new Doors(List.of("127.0.0.1"), port, httpPort, List.of()),
                List.of(),
                new Site.Certificate(chain.toString(), key.toString()),
                null);
        String text = site.configuration("init", new Site.Use(true, "logs/access.log", null, "#", null), false);
        server = new RunningServer(folder, Files.writeString(folder.resolve("site.conf"), text));
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
        application.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String get(String target, String... fields) throws IOException {
        try (HttpsClient client = new HttpsClient(Pki.jdk(), NAME, port)) {
            return client.get(target, fields);
        }
    }

    private static String ask(String request) throws IOException {
        try (HttpsClient client = new HttpsClient(Pki.jdk(), NAME, port)) {
            return client.exchange(request);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/assets/index.js", "/assets/none.js", "/content", "/api/auth/limited", "/api/own-502"})
    void securityFieldsAreOnEveryAnswerOnce(String target) throws Exception {
        String head = head(get(target));
        for (String field : List.of(
                "X-Content-Type-Options: nosniff",
                "X-Frame-Options: SAMEORIGIN",
                "Referrer-Policy: strict-origin-when-cross-origin")) {
            assertThat(head.split(field, -1)).as(field + " in\n" + head).hasSize(2);
        }
        assertThat(head).doesNotContainIgnoringCase("Express");
    }

    @Test
    void aStaticFileStaysImmutable() throws Exception {
        assertThat(head(get("/assets/index.js")))
                .containsOnlyOnce("Cache-control: ")
                .contains("public, max-age=31536000, immutable\r\n")
                .doesNotContain("Expires");
    }

    @Test
    void scriptsArriveCompressedAndStayImmutable() throws Exception {
        assumeTrue(NativeFile.isForThisMachine(), "brotli is not for this machine");
        // without chunks, so that the body is what follows the head
        String answer = ask("GET /assets/index.js HTTP/1.0\r\nHost: " + NAME + "\r\nAccept-Encoding: gzip, br\r\n\r\n");
        assertThat(head(answer))
                .contains("Content-Encoding: br\r\n")
                .contains("Vary: Accept-Encoding\r\n")
                .contains("public, max-age=31536000, immutable\r\n");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(Decoded.whole("br", body)).isEqualTo("const a = 1;\n".repeat(1_000));
        assertThat(head(get("/api/x", "Accept-Encoding: gzip, br\r\n"))).doesNotContain("Content-Encoding");
    }

    @Test
    void whatAClientSaysOfWhoAndWhereItIsReachesNobody() throws Exception {
        get(
                "/",
                "X-Forwarded-For: 192.0.2.9\r\n",
                "X-Forwarded-Host: localhost\r\n",
                "X-Forwarded-Proto: http\r\n",
                "X-Real-IP: 192.0.2.9\r\n",
                "Forwarded: for=192.0.2.9;host=localhost\r\n");
        Headers arrived = application.last();
        assertThat(arrived.get("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(arrived.get("X-Real-IP")).containsExactly("127.0.0.1");
        assertThat(arrived.get("X-Forwarded-Host")).containsExactly(NAME);
        assertThat(arrived.get("X-Forwarded-Proto")).containsExactly("https");
        assertThat(arrived.containsKey("Forwarded")).isFalse();
    }

    @Test
    void hostKeepsItsPort() throws Exception {
        ask("GET / HTTP/1.1\r\nHost: " + NAME + ":8443\r\nConnection: close\r\n\r\n");
        assertThat(application.last().get("Host")).containsExactly(NAME + ":8443");
        assertThat(application.last().get("X-Forwarded-Host")).containsExactly(NAME + ":8443");
    }

    @Test
    void anUpgradeIsPassedOnForAWebSocketOnly() throws Exception {
        get("/", "Upgrade: WebSocket\r\n");
        assertThat(application.last().getFirst("Upgrade")).isEqualTo("websocket");
        assertThat(application.last().getFirst("Connection")).isEqualTo("upgrade");
        get("/", "Upgrade: h2c\r\n");
        assertThat(application.last().containsKey("Upgrade")).isFalse();
        get("/");
        assertThat(application.last().containsKey("Upgrade")).isFalse();
        assertThat(String.valueOf(application.last().getFirst("Connection"))).doesNotContain("upgrade");
    }

    @Test
    void theTwelfthSignInAtOnceIsAnsweredForAProgram() throws Exception {
        String sent = "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: " + NAME + "\r\nContent-Length: 2\r\n";
        String answers = ask((sent + "\r\n{}").repeat(15) + sent + "Connection: close\r\n\r\n{}");

        assertThat(answers.split("HTTP/1.1 200 ", -1).length - 1).isBetween(11, 13);
        assertThat(answers.substring(answers.indexOf("HTTP/1.1 429 ")))
                .contains(
                        "\r\nRetry-After: 2\r\n",
                        "\r\nContent-Type: application/json\r\n",
                        "X-Frame-Options: SAMEORIGIN")
                .contains("\r\n\r\n{\"error\":\"Too many requests from this address. Try again in 2 seconds.\"}");
        // Express takes letters of either case for the same
        assertThat(ask(sent.replace("/api/auth", "/API/Auth") + "Connection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 429 ");
        // who only looks whether somebody is signed in is not stopped by that
        assertThat(get("/api/auth/get-session")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theApplicationsOwnLimitSaysWhenInAFieldThatClientsRead() throws Exception {
        assertThat(head(get("/api/auth/limited"))).startsWith("HTTP/1.1 429 ").contains("\r\nRetry-After: 7\r\n");
    }

    @Test
    void whoComesWithoutTlsIsSentToThePortOfHttps() throws Exception {
        try (RawHttp plain = new RawHttp(httpPort)) {
            plain.send("GET /a?b=c HTTP/1.1\r\nHost: " + NAME + ":" + httpPort + "\r\nConnection: close\r\n\r\n");
            RawHttp.Answer answer = plain.receive(true);
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.field("Location")).isEqualTo("https://" + NAME + ":" + port + "/a?b=c");
        }
    }

    @Test
    void anotherNameGetsNothing() throws Exception {
        assertThatThrownBy(() -> new HttpsClient(Pki.jdk(), "other.example.com", port).close())
                .isInstanceOf(SSLException.class);
        int before = application.count();
        assertThat(ask("GET / HTTP/1.1\r\nHost: other.example.com\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        try (RawHttp plain = new RawHttp(httpPort)) {
            plain.send("GET / HTTP/1.1\r\nHost: other.example.com\r\nConnection: close\r\n\r\n");
            assertThat(plain.receive(true).status()).isEqualTo(421);
        }
        assertThat(application.count()).isEqualTo(before);
    }

    @Test
    void anUploadMayBeAsLargeAsTheApplicationTakes() throws Exception {
        String attachment = "POST /api/companies/c/issues/i/attachments HTTP/1.1\r\nHost: " + NAME
                + "\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ";
        try (HttpsClient client = new HttpsClient(Pki.jdk(), NAME, port)) {
            assertThat(client.head(attachment + (1L << 30) + "\r\n\r\n")).startsWith("HTTP/1.1 100 ");
        }
        assertThat(ask(attachment + (1026L << 20) + "\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        String tooLarge = ask("POST /api/companies HTTP/1.1\r\nHost: " + NAME + "\r\nContent-Length: "
                + ((100L << 20) + 1) + "\r\nConnection: close\r\n\r\n");
        assertThat(tooLarge)
                .startsWith("HTTP/1.1 413 ")
                .contains("Content-Type: application/json", "X-Content-Type-Options: nosniff")
                .endsWith("{\"error\":\"The body of the request is larger than this server takes.\"}");
    }

    @Test
    void anErrorOfTheApplicationStaysItsOwn() throws Exception {
        assertThat(get("/api/own-502")).startsWith("HTTP/1.1 502 ").endsWith("of the application");
    }

    @Test
    void secretsInAddressesStayOutOfTheLogs() throws Exception {
        get("/api/companies/c/events/ws?token=SECRET1", "Referer: https://" + NAME + "/invites/SECRET2\r\n");
        get("/cli-auth/abc?a=b&Token=SECRET3");
        get("/invites/SECRET4");
        get("/api/invites/SECRET5/logo?x=1");
        get("/API/Invites/SECRET9");
        get("/?%74oken=SECRET6");
        // and in messages, here of a body that is too large
        ask("POST /api/companies?token=SECRET7 HTTP/1.1\r\nHost: " + NAME + "\r\nReferer: https://" + NAME
                + "/invites/SECRET8\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\n");
        get("/logged?page=2");

        String access = await("logs/access.log", "/logged?page=2");
        String errors = await("logs/error.log", "too large body");
        assertThat(access)
                .doesNotContain("SECRET")
                .contains(
                        "\"GET /api/companies/c/events/ws?*** HTTP/1.1\" 200",
                        "\"GET /cli-auth/abc?*** HTTP/1.1\" 200",
                        "\"GET /invites/*** HTTP/1.1\" 200",
                        "\"GET /api/invites/***/logo?x=1 HTTP/1.1\" 200");
        assertThat(errors).doesNotContain("SECRET").contains("request: \"POST /api/companies?*** HTTP/1.1\"");
    }

    private static String head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }

    /** A file tells nothing by itself, so it is looked at again and again. */
    private static String await(String log, String text) throws Exception {
        java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            String lines = Files.readString(folder.resolve(log), StandardCharsets.ISO_8859_1);
            if (lines.contains(text)) {
                return lines;
            }
            boolean _ = never.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("waited in vain for " + text);
    }
}
