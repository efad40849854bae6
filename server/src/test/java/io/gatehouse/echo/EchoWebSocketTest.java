package io.gatehouse.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ends of lines matter here, so they are written out. */
@SuppressWarnings("StringConcatToTextBlock")
class EchoWebSocketTest extends EchoFixture {
    private static final String HANDSHAKE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    @Override
    EchoSettings settings() {
        return settings(100, 5_000, 5_000, 200, 20);
    }

    /** What a peer sees, one text an event. */
    private static final class Events implements WebSocket.Listener {
        final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                seen.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            seen.add("binary " + data.remaining() + " " + last);
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer data) {
            seen.add("ping");
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            seen.add("pong " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            seen.add("close " + code + " " + reason);
            return null;
        }

        /** The next event that begins so; others are passed over. */
        String next(String begin) throws InterruptedException {
            while (true) {
                String event = seen.poll(10, TimeUnit.SECONDS);
                if (event == null || event.startsWith(begin)) {
                    return event;
                }
            }
        }
    }

    private WebSocket open(String target, Events events) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("one", "two")
                .buildAsync(uri("ws", target), events)
                .join();
    }

    private RawClient raw() throws IOException {
        RawClient client = client();
        client.send(HANDSHAKE + "\r\n").head();
        return client;
    }

    /** A frame as a client sends it, with a mask that shows. */
    private static byte[] frame(int first, String payload) {
        int length = payload.length();
        boolean wide = length > 125;
        byte[] frame = new byte[length + (wide ? 8 : 6)];
        int at = 0;
        frame[at++] = (byte) first;
        frame[at++] = (byte) (0x80 | (wide ? 126 : length));
        if (wide) {
            frame[at++] = (byte) (length >> 8);
            frame[at++] = (byte) length;
        }
        byte[] mask = {1, 2, 3, 4};
        System.arraycopy(mask, 0, frame, at, 4);
        for (int i = 0; i < length; i++) {
            frame[at + 4 + i] = (byte) (payload.charAt(i) ^ mask[i & 3]);
        }
        return frame;
    }

    @Test
    void theHandshakeIsThatOfTheRfc() throws IOException {
        try (RawClient client = client()) {
            client.send(HANDSHAKE + "Sec-WebSocket-Protocol: a, b\r\n\r\n");
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("Upgrade: websocket\r\nConnection: Upgrade\r\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .contains("Sec-WebSocket-Protocol: a\r\n");
        }
    }

    @Test
    void whatIsNoHandshakeIsToldSo() throws IOException {
        assertThat(exchange(last("/ws"))).startsWith("HTTP/1.1 426 ").contains("Upgrade: websocket\r\n");
        assertThat(exchange(HANDSHAKE.replace("13", "8").replace("keep-alive", "close") + "\r\n"))
                .startsWith("HTTP/1.1 426 ")
                .contains("Sec-WebSocket-Version: 13\r\n");
        assertThat(exchange(HANDSHAKE.replace("dGhl", "") + "\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(HANDSHAKE.replace("GET", "POST") + "\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void sendsEverythingBack() throws Exception {
        Events events = new Events();
        WebSocket socket = open("/ws", events);
        assertThat(socket.getSubprotocol()).isEqualTo("one");
        socket.sendText("gr\u00fc\u00df", false).join();
        socket.sendPing(ByteBuffer.allocate(3)).join();
        socket.sendText("e \ud83d\ude00", true).join();
        assertThat(events.next("pong")).isEqualTo("pong 3");
        assertThat(events.next("text")).isEqualTo("text gr\u00fc\u00dfe \ud83d\ude00");
        String large = "x".repeat(1 << 20);
        socket.sendText(large, true).join();
        assertThat(events.next("text")).isEqualTo("text " + large);
        socket.sendBinary(ByteBuffer.allocate(200), true).join();
        assertThat(events.next("binary")).isEqualTo("binary 200 true");
        assertThat(events.next("ping")).isEqualTo("ping");
        socket.sendClose(4001, "enough").join();
        assertThat(events.next("close")).startsWith("close 4001");
    }

    @Test
    void oneByteTooMuchEndsIt() throws Exception {
        Events events = new Events();
        WebSocket socket = open("/ws", events);
        socket.sendBinary(ByteBuffer.allocate(1 << 20), false).join();
        socket.sendBinary(ByteBuffer.allocate(1), true).join();
        assertThat(events.next("close")).isEqualTo("close 1009 a message has at most 1048576 bytes");
    }

    @Test
    void ticksWhenAskedTo() throws Exception {
        Events events = new Events();
        WebSocket socket = open("/ws?tick=1", events);
        assertThat(events.next("text")).startsWith("text {\"tick\":1,\"time\":\"20");
        assertThat(events.next("text")).startsWith("text {\"tick\":2,");
        socket.abort();
    }

    @Test
    void saysGoodbyeWhenTheApplicationEnds() throws Exception {
        Events events = new Events();
        open("/ws", events);
        server.close();
        assertThat(events.next("close")).startsWith("close 1001 ");
    }

    @ParameterizedTest
    @CsvSource({
        "1002, c101000000004100", // a reserved bit
        "1002, 810141", // no mask
        "1002, 838000000000", // an unknown opcode
        "1002, 8b8000000000", // an unknown control opcode
        "1002, 808000000000", // continues nothing
        "1002, 018000000000818000000000", // a message within a message
        "1002, 098000000000", // a control frame in fragments
        "1002, 89fe007e00000000", // a control frame too long
        "1002, 82fe007d00000000", // a length written longer than needed
        "1002, 82ff000000000000ffff00000000",
        "1002, 82ff800000000000000000000000", // a negative length
        "1009, 82ff000000000010000100000000",
        "1007, 818100000000ff",
        "1007, 818200000000c080", // longer than needed
        "1007, 818300000000eda080", // a surrogate
        "1007, 818400000000f4908080", // beyond U+10FFFF
        "1007, 818100000000c3", // ends within a character
        "1007, 018300000000f88080", // known to be wrong before the message ends
        "1002, 88810000000003", // half a code
        "1002, 88820000000003ed", // 1005 may not be sent
        "1002, 888200000000270f", // 9999
        "1007, 88830000000003e8ff", // a reason that is not UTF-8
        "1000, 88830000000003e841",
        "3000, 8882000000000bb8",
    })
    void closesWithTheCodeOfTheFault(int code, String frames) throws IOException {
        try (RawClient client = raw()) {
            client.send(HexFormat.of().parseHex(frames));
            assertThat(client.bytes(1)).isEqualTo("\u0088");
            int length = client.bytes(1).charAt(0);
            String payload = client.bytes(length);
            assertThat(payload.charAt(0) << 8 | payload.charAt(1)).isEqualTo(code);
            client.socket.shutdownOutput();
            assertThat(client.toEnd()).isEmpty();
        }
    }

    @Test
    void framesCutAnywhereAreRead() throws IOException {
        try (RawClient client = raw()) {
            for (byte b : frame(0x81, "hello")) {
                client.send(b);
            }
            assertThat(client.bytes(7)).isEqualTo("\u0081\u0005hello");
            client.send(frame(0x01, "a"));
            client.send(frame(0x89, "p"));
            client.send(frame(0x80, "b".repeat(200)));
            assertThat(client.bytes(3)).isEqualTo("\u008a\u0001p");
            assertThat(client.bytes(205)).isEqualTo("\u0081~\u0000\u00c9a" + "b".repeat(200));
            client.send(frame(0x88, ""));
            assertThat(client.bytes(2)).isEqualTo("\u0088\u0000");
        }
    }
}
