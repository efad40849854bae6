package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RecordingApplication;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where nginx did otherwise when it was sent the same bytes, and was right. */
@Timeout(60)
class WholeServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static RecordingApplication application;

    @SuppressWarnings("NullAway.Init")
    private static Site site;

    @BeforeAll
    static void start() throws Exception {
        application = new RecordingApplication();
        site = new Site(
                folder,
                "client_max_body_size 1m; lingering_timeout 200ms;",
                "location / { return 200 \"$server_protocol|\"; }"
                        + " location /moved { return 301 /else; }"
                        + " location /application { proxy_set_header X-Client 1; proxy_pass http://127.0.0.1:%d; }"
                                .formatted(application.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
        application.close();
    }

    private static String exchange(String octets) throws IOException {
        try (Peer peer = new Peer(site.port)) {
            peer.send(octets);
            return peer.readToEnd();
        }
    }

    @Test
    void aRefusedHeadIsAnsweredWithoutABody() throws Exception {
        assertThat(exchange("HEAD / HTTP/2.0\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 505 ")
                .endsWith("\r\n\r\n");
        assertThat(exchange("HEAD / HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void theLargestLengthIsALength() throws Exception {
        assertThat(exchange("PUT / HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Connection: close\r\n"
                        + "Content-Length: 9223372036854775807\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void theProtocolIsAsItWasWritten() throws Exception {
        assertThat(exchange("GET / HTTP/1.2\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains("\r\n\r\nHTTP/1.2|");
        assertThat(exchange("GET / HTTP/1.0\r\n\r\n")).contains("\r\n\r\nHTTP/1.0|");
        assertThat(exchange("GET /\r\n")).startsWith("|");
    }

    @Test
    void aMalformedBodyIsRefusedBeforeARedirect() throws Exception {
        assertThat(exchange("POST /moved HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void conditionsAreForTheApplicationToJudge() throws Exception {
        application.expect(1);
        assertThat(exchange("GET /application HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(exchange("GET /application HTTP/1.1\r\nHost: a\r\nIf-Match: \"a\"\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }
}
