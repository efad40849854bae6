package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What the text of the guide promises of its blocks, each promise over a real connection. */
class WholeGuideTest {
    private static final long LIMIT = 100L << 20;

    @TempDir
    private Path folder;

    private EchoServer application;
    private WholeGuide guide;

    @BeforeEach
    void start() throws Exception {
        application = EchoApplication.start(0);
        guide = new WholeGuide(folder, application.port(), "300");
    }

    @AfterEach
    void stop() {
        guide.close();
        application.close();
    }

    @Test
    void plainHttpIsRedirectedToTheNameOverHttps() throws Exception {
        RawHttp.Answer answer = RawHttp.get(guide.plainPort, "/a/b?c=d%20e");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.field("Location")).isEqualTo("https://paperclip.yourdomain.com/a/b?c=d%20e");
    }

    @Test
    void plainHttpToTheTlsPortIsToldSo() throws Exception {
        RawHttp.Answer answer = RawHttp.get(guide.port, "/");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("The plain HTTP request was sent to HTTPS port");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theApplicationSeesTheForwardedFieldsAndTheSchemeHttps(Version version) throws Exception {
        List<String> lines = lines(json(version, "/api/x%20y?q=%2F&a"));
        assertThat(lines)
                .startsWith("GET /api/x%20y?q=%2F&a HTTP/1.1", "Host: localhost")
                .contains(
                        "Connection: upgrade",
                        "X-Real-IP: 127.0.0.1",
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-Proto: https");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theClientSpeaksTheProtocolItAskedFor(Version version) throws Exception {
        try (HttpClient client = guide.client(version)) {
            assertThat(client.send(guide.request("/").build(), BodyHandlers.discarding())
                            .version())
                    .isEqualTo(version);
        }
    }

    /** One of the four has {@code always}. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void theSecurityFieldsStandOnAnswersAndTheOneWithAlwaysOnErrorsToo(Version version) throws Exception {
        HttpResponse<Void> good = get(version, "/");
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.headers().allValues("Strict-Transport-Security"))
                .containsExactly("max-age=31536000; includeSubDomains");
        assertThat(good.headers().allValues("X-Content-Type-Options"))
                .as("the application's own, and the guide's")
                .containsExactly("nosniff", "nosniff");
        assertThat(good.headers().allValues("X-Frame-Options")).containsExactly("SAMEORIGIN");
        assertThat(good.headers().allValues("Referrer-Policy")).endsWith("strict-origin-when-cross-origin");

        HttpResponse<Void> bad = get(version, "/status/404");
        assertThat(bad.statusCode()).isEqualTo(404);
        assertThat(bad.headers().allValues("Strict-Transport-Security"))
                .containsExactly("max-age=31536000; includeSubDomains");
        assertThat(bad.headers().allValues("X-Content-Type-Options"))
                .as("the application's own")
                .containsExactly("nosniff");
        assertThat(bad.headers().allValues("Referrer-Policy")).doesNotContain("strict-origin-when-cross-origin");
        assertThat(bad.headers().map()).doesNotContainKey("x-frame-options");
    }

    @Test
    void aWebSocketOverTlsCarriesMessagesBothWays() throws Exception {
        try (Messages messages = new Messages(guide.trust, "wss://localhost:" + guide.port + "/ws")) {
            assertThat(messages.ask("hello")).isEqualTo("hello");
            String large = "gr\u00fc\u00df\u20ac".repeat(100_000);
            assertThat(messages.ask(large)).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anUploadOfExactlyTheLimitPassesAndOneByteMoreIsRefused(Version version) throws Exception {
        try (HttpClient client = guide.client(version)) {
            HttpResponse<String> exact = upload(client, sized(LIMIT));
            assertThat(exact.statusCode()).isEqualTo(200);
            JsonNode told = DevTools.JSON.readTree(exact.body());
            assertThat(told.get("size").longValue()).isEqualTo(LIMIT);
            assertThat(told.get("sha256").asString()).isEqualTo(digest(LIMIT));

            assertRefused(client, sized(LIMIT + 1));
        }
        assertThat(guide.stop()).contains("client intended to send too large body: 104857601 bytes");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theSameHoldsForAnUploadOfUnknownLength(Version version) throws Exception {
        try (HttpClient client = guide.client(version)) {
            HttpResponse<String> exact = upload(client, stream(LIMIT));
            assertThat(exact.statusCode()).isEqualTo(200);
            assertThat(DevTools.JSON.readTree(exact.body()).get("size").longValue())
                    .isEqualTo(LIMIT);

            assertRefused(client, stream(LIMIT + 1));
        }
    }

    /** A client that is still sending may see the connection go before it sees the answer. */
    private void assertRefused(HttpClient client, BodyPublisher body) throws InterruptedException {
        try {
            assertThat(upload(client, body).statusCode()).isEqualTo(413);
        } catch (IOException cutWhileSending) {
            assertThat(cutWhileSending).isNotInstanceOf(java.net.http.HttpTimeoutException.class);
        }
    }

    @Test
    void elevenSignInsPassAtOnceAndTheTwelfthIs503() throws Exception {
        try (HttpClient client = guide.client(Version.HTTP_2)) {
            int passed = 0;
            int status = 200;
            long begin = System.nanoTime();
            while (status == 200) {
                status = client.send(guide.request("/api/auth/get-session").build(), BodyHandlers.discarding())
                        .statusCode();
                passed += status == 200 ? 1 : 0;
            }
            assertThat(status).isEqualTo(503);
            // One more for each two seconds that a busy machine needs for them.
            long more = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) / 2;
            assertThat(passed).isBetween(11, 11 + (int) more);
            assertThat(client.send(guide.request("/api/health").build(), BodyHandlers.discarding())
                            .statusCode())
                    .as("what is not limited")
                    .isEqualTo(200);
        }
        assertThat(guide.stop())
                .contains("limiting requests, excess: 10.")
                .contains("by zone \"paperclip_api\", client:");
    }

    /** A location with an {@code add_header} of its own has none of those around it. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void staticFilesExpireInSevenDays(Version version) throws Exception {
        HttpResponse<Void> answer = get(version, "/page.css");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Cache-Control")).contains("max-age=604800", "public, no-transform");
        assertThat(answer.headers().firstValue("Expires")).isPresent();
        assertThat(answer.headers().map()).doesNotContainKeys("strict-transport-security", "x-frame-options");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatTheApplicationSendsComesWhileItIsStillSending(Version version) throws Exception {
        try (HttpClient client = guide.client(version)) {
            HttpResponse<InputStream> events =
                    client.send(guide.request("/events?ms=200").build(), BodyHandlers.ofInputStream());
            try (InputStream in = events.body()) {
                byte[] first = new byte[5];
                assertThat(in.readNBytes(first, 0, 5)).isEqualTo(5);
            }
        }
    }

    @Test
    void anApplicationThatIsDownIs502AndThenAnswersAgain() throws Exception {
        application.close();
        assertThat(get(Version.HTTP_2, "/").statusCode()).isEqualTo(502);
        application = EchoApplication.start(application.port());
        assertThat(get(Version.HTTP_2, "/").statusCode()).isEqualTo(200);
        assertThat(guide.stop()).contains("connect() failed (111: Connection refused) while connecting to upstream");
    }

    @Test
    void anAnswerThatTakesLongerThanTheTimeOutIs504(@TempDir Path other) throws Exception {
        try (WholeGuide impatient = new WholeGuide(other, application.port(), "1");
                HttpClient client = impatient.client(Version.HTTP_2)) {
            long begin = System.nanoTime();
            int status = client.send(impatient.request("/slow/30").build(), BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).isEqualTo(504);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(950L, 10_000L);
        }
    }

    @Test
    void aClientThatDoesNotTrustTheCertificateIsNoErrorOfOurs() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> client.send(guide.request("/").build(), BodyHandlers.discarding()))
                    .isInstanceOf(javax.net.ssl.SSLException.class);
        }
        assertThat(guide.stop())
                .doesNotContain("[crit]")
                .doesNotContain("[error]")
                .doesNotContain("[alert]");
    }

    // ---------------------------------------------------------------- requests

    private HttpResponse<Void> get(Version version, String target) throws Exception {
        try (HttpClient client = guide.client(version)) {
            return client.send(guide.request(target).build(), BodyHandlers.discarding());
        }
    }

    private JsonNode json(Version version, String target) throws Exception {
        try (HttpClient client = guide.client(version)) {
            HttpRequest request =
                    guide.request(target).header("Accept", "application/json").build();
            return DevTools.JSON.readTree(
                    client.send(request, BodyHandlers.ofString()).body());
        }
    }

    private static List<String> lines(JsonNode seen) {
        List<String> lines = new ArrayList<>();
        seen.get("lines").forEach(line -> lines.add(line.asString()));
        return lines;
    }

    private HttpResponse<String> upload(HttpClient client, BodyPublisher body)
            throws IOException, InterruptedException {
        return client.send(guide.request("/upload").POST(body).build(), BodyHandlers.ofString());
    }

    private static BodyPublisher sized(long length) {
        return BodyPublishers.fromPublisher(stream(length), length);
    }

    private static BodyPublisher stream(long length) {
        return BodyPublishers.ofInputStream(() -> new Bytes(length));
    }

    private static String digest(long length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new Bytes(length)) {
            byte[] piece = new byte[1 << 16];
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                digest.update(piece, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** So many bytes, each different from the one before. */
    private static final class Bytes extends InputStream {
        private final long length;
        private long at;

        Bytes(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : (int) (at++ * 31 >> 3) & 255;
        }

        @Override
        public int read(byte[] into, int offset, int count) {
            if (at == length) {
                return -1;
            }
            int given = (int) Math.min(count, length - at);
            for (int i = 0; i < given; i++) {
                into[offset + i] = (byte) (at++ * 31 >> 3);
            }
            return given;
        }
    }
}
