package io.gatehouse.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.gatehouse.testing.RecordingApplication;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
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
                        + " location /said { return 404 \"$status|\"; }"
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
    void theTextOfAnAnswerCanNameItsStatus() throws Exception {
        assertThat(exchange("GET /said HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\n404|");
    }

    @Test
    void aRequestWithoutAHostBelongsToTheServerWithoutAName(@TempDir Path other) throws Exception {
        Site named = new Site(
                other,
                "",
                "server_name named; return 200 named|; } server { listen 127.0.0.1:PORT; return 200 nameless|;");
        try (Peer peer = new Peer(named.port);
                Peer stranger = new Peer(named.port)) {
            peer.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(peer.readToEnd()).endsWith("\r\n\r\nnameless|");
            stranger.send("GET / HTTP/1.0\r\nHost: strange\r\n\r\n");
            assertThat(stranger.readToEnd()).endsWith("\r\n\r\nnamed|");
        } finally {
            named.close();
        }
    }

    @Test
    void theUseOfAVariableThatNobodyHasSetIsTold(@TempDir Path other) throws Exception {
        Site unset = new Site(
                other,
                "",
                "location / { if ($arg_some) { set $some 1; } return 200 \"<$some$some>\"; }"
                        + " location /quiet { uninitialized_variable_warn off; return 200 \"<$some>\"; }");
        assertThat(unset.get("/?some=1").body()).isEqualTo("<11>");
        assertThat(unset.get("/quiet").body()).isEqualTo("<>");
        assertThat(unset.get("/loud").body()).isEqualTo("<>");
        assertThat(unset.stop().lines().filter(line -> line.contains("using uninitialized")))
                .singleElement(STRING)
                .contains("[warn]", "using uninitialized \"some\" variable, client: 127.0.0.1", "\"GET /loud ");
    }

    @Test
    void clientsOfAUnixSocketHaveOneAddressInBinaryToo(@TempDir Path other) throws Exception {
        Path path = other.resolve("s");
        Site both = new Site(other, "", "} server { listen unix:" + path + "; return 200 $binary_remote_addr|;");
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));
            InputStream answer = Channels.newInputStream(client);
            assertThat(new String(answer.readAllBytes(), ISO_8859_1)).endsWith("\r\n\r\nunix:|");
        } finally {
            both.close();
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
