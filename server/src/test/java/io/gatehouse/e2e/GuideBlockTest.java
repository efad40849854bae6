package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.RawHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The guide's basic block in front of an application that is well. */
class GuideBlockTest {
    @TempDir
    private Path folder;

    private EchoServer application;
    private Guide guide;

    @BeforeEach
    void start() throws Exception {
        application = EchoApplication.start(0);
        guide = Guide.verbatim(folder, application.port());
    }

    @AfterEach
    void stop() {
        guide.close();
        application.close();
    }

    @Test
    void theApplicationSeesTheForwardedFields() throws Exception {
        List<String> lines;
        try (RawHttp client = new RawHttp(guide.port)) {
            client.send("GET /api/x%20y?q=%2F&a HTTP/1.1\r\nHost: Paperclip.YourDomain.com:8080\r\n"
                    + "Accept: application/json\r\nX-Forwarded-For: 192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n"
                    + "X-Forwarded-Proto: https\r\nCookie: a=b\r\nConnection: keep-alive, X-Hop\r\n\r\n");
            lines = lines(DevTools.JSON.readTree(client.receive(true).body()));
        }
        assertThat(lines)
                .containsExactly(
                        "GET /api/x%20y?q=%2F&a HTTP/1.1",
                        "Host: paperclip.yourdomain.com",
                        "Connection: upgrade",
                        "X-Real-IP: 127.0.0.1",
                        "X-Forwarded-For: 192.0.2.7, 127.0.0.1",
                        "X-Forwarded-Proto: http",
                        "Accept: application/json",
                        "Cookie: a=b");
    }

    @Test
    void aWebSocketIsOpenedByTheApplicationAndCarriesMessagesBothWays() throws Exception {
        try (RawHttp client = new RawHttp(guide.port)) {
            client.send("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            RawHttp.Answer answer = client.receive(false);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("Upgrade")).isEqualTo("websocket");
            assertThat(answer.field("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(answer.field("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
        try (Messages messages = new Messages(guide.port, "/ws")) {
            assertThat(messages.ask("hello")).isEqualTo("hello");
            String large = "gr\u00fc\u00df\u20ac".repeat(100_000);
            assertThat(messages.ask(large)).isEqualTo(large);
        }
    }

    @Test
    void anUploadPassesAsItIs() throws Exception {
        byte[] bytes = new byte[900_000];
        new Random(2).nextBytes(bytes);

        HttpResponse<String> answer = upload(bytes);

        JsonNode told = DevTools.JSON.readTree(answer.body());
        assertThat(told.get("size").intValue()).isEqualTo(900_000);
        assertThat(told.get("sha256").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    void anUploadOverOneMegabyteIsRefused() throws Exception {
        assertThat(upload(new byte[1 << 20]).statusCode()).isEqualTo(200);

        HttpResponse<String> answer = upload(new byte[2_000_000]);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("<center><h1>413 Request Entity Too Large</h1></center>");
        assertThat(guide.stop())
                .contains("client intended to send too large body: 2000000 bytes, client: 127.0.0.1, server: "
                        + "paperclip.yourdomain.com, request: \"POST /upload HTTP/1.1\", host: \"127.0.0.1:"
                        + guide.port + "\"");
    }

    private HttpResponse<String> upload(byte[] bytes) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + guide.port + "/upload"))
                            .POST(BodyPublishers.ofByteArray(bytes))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    /** The guide's block has no {@code upstream} with {@code keepalive}; nginx would connect for every request. */
    @Test
    void oneConnectionToTheApplicationIsUsedAgainAndAgain() throws Exception {
        for (int i = 1; i <= 5; i++) {
            JsonNode seen = DevTools.JSON.readTree(
                    RawHttp.get(guide.port, "/", "Accept: application/json").body());
            assertThat(seen.get("connection").intValue()).isEqualTo(1);
            assertThat(seen.get("request").intValue()).isEqualTo(i);
        }
    }

    private static List<String> lines(JsonNode seen) {
        List<String> lines = new ArrayList<>();
        seen.get("lines").forEach(line -> lines.add(line.asString()));
        return lines;
    }
}
