package io.gatehouse.module.proxy;

import static io.gatehouse.testing.Http2Peer.DATA;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.GOAWAY;
import static io.gatehouse.testing.Http2Peer.RST_STREAM;
import static io.gatehouse.testing.Http2Peer.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.ProcessSignal;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Http2Peer.Frame;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets over HTTP/2 (RFC 8441), to an application that knows the handshake of HTTP/1.1 only, through the guide's block. */
@Timeout(60)
class WebSocketOverHttp2Test {
    private static final Pattern KEY = Pattern.compile("(?i)\r\nsec-websocket-key: (\\S+)");
    private static final String BLOCK = """
        http2 on;
        location / {
            proxy_pass http://127.0.0.1:%d;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection 'upgrade';
            proxy_set_header Host $host;
            proxy_cache_bypass $http_upgrade;
            %s
        }
        location /here { return 200 here; }
        """;

    @TempDir
    private Path folder;

    private Site site(Application application, String more) throws Exception {
        return new Site(folder, "", BLOCK.formatted(application.port, more));
    }

    private static String accept(String head) throws IOException {
        Matcher key = KEY.matcher(head);
        if (!key.find()) {
            throw new IOException("no key in " + head);
        }
        try {
            byte[] text = (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void switchProtocols(Application.Connection connection, String more) throws IOException {
        String accept = accept(connection.head());
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept + "\r\nSec-WebSocket-Protocol: chat\r\n\r\n" + more);
    }

    private static int open(Http2Peer peer, String path) throws IOException {
        return peer.open(
                false,
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                "localhost",
                "sec-websocket-version",
                "13",
                "sec-websocket-protocol",
                "chat",
                "origin",
                "http://localhost");
    }

    private static String text(Http2Peer peer, int stream, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(peer.awaitFrame(f -> f.type() == DATA && f.stream() == stream)
                    .text());
        }
        return text.toString();
    }

    @Test
    void theApplicationSeesTheHandshakeOfHttp1AndTheClientThatOfHttp2() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "hello");
                    connection.send("echo " + connection.read(4));
                    connection.awaitEnd();
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/chat?room=1");
            Frame head = peer.head(stream);
            assertThat(head.field(":status")).isEqualTo("200");
            assertThat(head.field("sec-websocket-protocol")).isEqualTo("chat");
            assertThat(head.has(END_STREAM)).isFalse();
            assertThat(head.fields())
                    .noneMatch(f -> f.matches("(upgrade|connection|sec-websocket-accept|content-l).*"));
            assertThat(text(peer, stream, 5)).isEqualTo("hello");
            peer.data(stream, "ping", false);
            assertThat(text(peer, stream, 9)).isEqualTo("echo ping");
            assertThat(application.heads.getFirst())
                    .startsWith("GET /chat?room=1 HTTP/1.1\r\nHost: localhost\r\n")
                    .contains("\r\nUpgrade: websocket", "\r\nConnection: upgrade", "\r\nsec-websocket-version: 13")
                    .contains("\r\norigin: http://localhost")
                    .containsPattern("\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==(\r\n|$)");
            // other streams go on beside it
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
            peer.data(stream, "", true);
            Frame last = peer.awaitFrame(f -> f.stream() == stream && f.type() != WINDOW_UPDATE);
            assertThat(last.has(END_STREAM)).isTrue();
        }
    }

    @Test
    void theEndOfTheApplicationIsTheEndOfItsSideOnly() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "bye");
                    connection.endSending();
                    connection.application().tell(connection.read(4));
                    connection.awaitEnd();
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            peer.head(stream);
            Frame last = peer.awaitFrame(f -> f.stream() == stream && f.has(END_STREAM));
            assertThat(last.type()).isEqualTo(DATA);
            assertThat(peer.framesUntilPing()).extracting(Frame::type).doesNotContain(RST_STREAM);
            peer.data(stream, "late", true);
            assertThat(application.event()).isEqualTo("late");
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
        }
    }

    /** RFC 8441, 5: what its connection's reset is to a client of HTTP/1.1. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResetOfTheApplicationIsOneOfTheStream(boolean endsFirst) throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "last words");
                    if (endsFirst) {
                        connection.endSending();
                    }
                    connection.read(2);
                    connection.reset();
                });
                Site site = site(application, "access_log logs/access.log;");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            peer.head(stream);
            assertThat(text(peer, stream, 10)).isEqualTo("last words");
            peer.data(stream, "go", false);
            assertThat(peer.resetOf(stream)).isEqualTo(8);
            site.awaitLine("access.log", "\"CONNECT / HTTP/2.0\" 101 10 ");
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
        }
    }

    @Test
    void aResetEndsTheApplicationsConnection() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "");
                    connection.awaitEnd();
                    connection.application().tell("ended");
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            peer.head(stream);
            peer.reset(stream, 8);
            assertThat(application.event()).isEqualTo("ended");
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
        }
    }

    /** A tunnel that has ended on both sides, of which the client has not taken the last bytes. */
    @Test
    void aResetEndsWhatIsLeftOfATunnel() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "farewell");
                    connection.awaitEnd();
                });
                Site site = site(
                        application, "access_log logs/access.log; } http2_max_concurrent_streams 1; location /x {");
                Http2Peer peer = new Http2Peer(site.port)) {
            peer.settings(4, 4);
            int stream = open(peer, "/");
            peer.head(stream);
            assertThat(text(peer, stream, 4)).isEqualTo("fare");
            peer.data(stream, "", true);
            site.awaitLine("access.log", "\"CONNECT / HTTP/2.0\" 101 4 ");
            peer.reset(stream, 8);
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
        }
    }

    /** As before; a connection that was still there would keep the server from ending. */
    @Test
    void aClientThatGoesEndsWhatIsLeftOfATunnel() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "farewell");
                    connection.awaitEnd();
                });
                Site site = site(application, "access_log logs/access.log;")) {
            try (Http2Peer peer = new Http2Peer(site.port)) {
                peer.settings(4, 4);
                int stream = open(peer, "/");
                peer.head(stream);
                assertThat(text(peer, stream, 4)).isEqualTo("fare");
                peer.data(stream, "", true);
                site.awaitLine("access.log", "\"CONNECT / HTTP/2.0\" 101 4 ");
            }
            site.send(ProcessSignal.QUIT);
            site.awaitLine("error.log", ": exiting");
        }
    }

    @Test
    void aClientThatGoesEndsTheApplicationsConnection() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "");
                    connection.awaitEnd();
                    connection.application().tell("ended");
                });
                Site site = site(application, "")) {
            try (Http2Peer peer = new Http2Peer(site.port)) {
                peer.head(open(peer, "/"));
            }
            assertThat(application.event()).isEqualTo("ended");
        }
    }

    @Test
    void aSilentTunnelIsReset() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "");
                    connection.awaitEnd();
                });
                Site site = site(application, "proxy_read_timeout 300ms;");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            peer.head(stream);
            assertThat(peer.resetOf(stream)).isEqualTo(8);
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
        }
    }

    /** Neither side is read while the other does not take. */
    @Test
    void muchFlowsBothWaysByDemand() throws Exception {
        int much = 3 << 20;
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "");
                    Thread.ofVirtual().start(() -> {
                        try {
                            connection.send("a".repeat(much));
                        } catch (IOException e) {
                            connection.application().tell(e.toString());
                        }
                    });
                    connection.application().tell("got " + connection.read(much).length());
                    connection.awaitEnd();
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            peer.window(0, 1 << 30);
            int stream = open(peer, "/");
            peer.head(stream);
            peer.window(stream, 1 << 30);
            int window = 65536;
            int sent = 0;
            int received = 0;
            while (sent < much || received < much) {
                int now = Math.min(Math.min(window, 16384), much - sent);
                if (now > 0) {
                    peer.frame(DATA, 0, stream, new byte[now]);
                    window -= now;
                    sent += now;
                    if (window > 0) {
                        continue;
                    }
                }
                Frame frame = peer.awaitFrame(f -> f.stream() == stream);
                assertThat(frame.type()).isIn(DATA, WINDOW_UPDATE);
                if (frame.type() == DATA) {
                    received += frame.payload().length;
                } else {
                    window += frame.number(0);
                }
            }
            assertThat(application.event()).isEqualTo("got " + much);
            assertThat(received).isEqualTo(much);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nno, 502, upstream did not switch to WebSocket but sent 200",
        "HTTP/1.1 101 X\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: x\\r\\n\\r\\n, 502,"
                + " upstream sent invalid \"\"Sec-WebSocket-Accept\"\" header",
        "HTTP/1.1 403 Forbidden\\r\\nContent-Length: 2\\r\\n\\r\\nno, 403,",
    })
    void whatIsNoWebSocketDoesNotLookLikeOne(String answer, int status, String error) throws Exception {
        try (Application application = new Application(connection -> {
                    connection.head();
                    connection.send(answer.replace("\\r\\n", "\r\n"));
                    connection.awaitEnd();
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            Http2Peer.Answer refused = peer.answer(stream);
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.body()).isEqualTo(status == 403 ? "no" : "");
            assertThat(peer.answer(peer.get("/here")).body()).isEqualTo("here");
            if (error != null) {
                assertThat(site.stop()).contains("[error]", error.replace("\"\"", "\""));
            }
        }
    }

    @Test
    void aPlaceWithoutAnApplicationHasNoWebSocket() throws Exception {
        try (Application application = Application.answering("");
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            assertThat(peer.answer(open(peer, "/here")).status()).isEqualTo(501);
            int stream = peer.open(
                    false,
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "connect-udp",
                    ":scheme",
                    "http",
                    ":path",
                    "/",
                    ":authority",
                    "localhost");
            assertThat(peer.answer(stream).status()).isEqualTo(501);
        }
    }

    /** An upgrade that nobody asked for has no meaning over HTTP/2. */
    @Test
    void aStray101IsNoAnswer() throws Exception {
        try (Application application = new Application(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
                    connection.awaitEnd();
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = peer.get("/");
            assertThat(peer.awaitFrame(f -> f.stream() == stream && f.type() != RST_STREAM)
                            .field(":status"))
                    .isEqualTo("502");
        }
    }

    @Test
    void aReloadCutsNoWebSocket() throws Exception {
        try (Application application = new Application(connection -> {
                    switchProtocols(connection, "");
                    while (true) {
                        connection.send("echo " + connection.read(4));
                    }
                });
                Site site = site(application, "");
                Http2Peer peer = new Http2Peer(site.port)) {
            int stream = open(peer, "/");
            peer.head(stream);
            site.send(ProcessSignal.HUP);
            assertThat(peer.await(GOAWAY).number(4)).isZero();
            peer.data(stream, "more", false);
            assertThat(text(peer, stream, 9)).isEqualTo("echo more");
            peer.data(stream, "", true);
        }
    }
}
