package io.gatehouse.conformance;

import static io.gatehouse.testing.Http2Peer.ACK;
import static io.gatehouse.testing.Http2Peer.CONTINUATION;
import static io.gatehouse.testing.Http2Peer.DATA;
import static io.gatehouse.testing.Http2Peer.END_HEADERS;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.GOAWAY;
import static io.gatehouse.testing.Http2Peer.HEADERS;
import static io.gatehouse.testing.Http2Peer.PADDED;
import static io.gatehouse.testing.Http2Peer.PING;
import static io.gatehouse.testing.Http2Peer.PRIORITY;
import static io.gatehouse.testing.Http2Peer.PUSH_PROMISE;
import static io.gatehouse.testing.Http2Peer.RST_STREAM;
import static io.gatehouse.testing.Http2Peer.SETTINGS;
import static io.gatehouse.testing.Http2Peer.WINDOW_UPDATE;
import static io.gatehouse.testing.Http2Peer.WITH_PRIORITY;
import static io.gatehouse.testing.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gatehouse.testing.Http2Peer;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames, right and wrong: what each offence ends, with which code, and what the log says of it (RFC 9113, 4 to 6). */
@Timeout(60)
class Http2FramesTest {
    private static final int NO_ERROR = 0;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    /** What a client does. */
    interface Deed {
        void on(Http2Peer peer) throws IOException;
    }

    static Front front() throws Exception {
        return new Front(place -> place.http2 = Http2RequestsTest.ON, x -> Front.text(x, "ok"));
    }

    private static Arguments frame(String why, int code, int type, int flags, int stream, String payload) {
        byte[] bytes = HexFormat.of().parseHex(payload.replace(" ", ""));
        return arguments(why, code, (Deed) peer -> peer.frame(type, flags, stream, bytes));
    }

    static Stream<Arguments> offences() {
        return Stream.of(
                frame("sent padded DATA frame with incorrect length: 0", FRAME_SIZE_ERROR, DATA, PADDED, 1, ""),
                frame(
                        "sent padded DATA frame with incorrect length: 2, padding: 2",
                        PROTOCOL_ERROR,
                        DATA,
                        PADDED,
                        1,
                        "02 00"),
                frame("sent DATA frame with incorrect identifier", PROTOCOL_ERROR, DATA, 0, 0, "00"),
                frame("sent DATA frame for idle stream 9", PROTOCOL_ERROR, DATA, 0, 9, "00"),
                frame("sent HEADERS frame with empty header block", FRAME_SIZE_ERROR, HEADERS, END_HEADERS, 1, ""),
                frame(
                        "sent HEADERS frame with incorrect length 3",
                        FRAME_SIZE_ERROR,
                        HEADERS,
                        WITH_PRIORITY,
                        1,
                        "000000"),
                frame(
                        "sent padded HEADERS frame with incorrect length: 1, padding: 2",
                        PROTOCOL_ERROR,
                        HEADERS,
                        PADDED,
                        1,
                        "02 82"),
                frame(
                        "sent HEADERS frame for stream 1 with incorrect dependency",
                        PROTOCOL_ERROR,
                        HEADERS,
                        WITH_PRIORITY | END_HEADERS,
                        1,
                        "00000001 10 82"),
                frame(
                        "sent HEADERS frame with incorrect identifier 2, the last was 0",
                        PROTOCOL_ERROR,
                        HEADERS,
                        END_HEADERS,
                        2,
                        "82"),
                frame(
                        "sent HEADERS frame with incorrect identifier 0, the last was 0",
                        PROTOCOL_ERROR,
                        HEADERS,
                        END_HEADERS,
                        0,
                        "82"),
                frame("sent PRIORITY frame with incorrect length 4", FRAME_SIZE_ERROR, PRIORITY, 0, 1, "00000000"),
                frame("sent PRIORITY frame with incorrect identifier", PROTOCOL_ERROR, PRIORITY, 0, 0, "0000000110"),
                frame(
                        "sent PRIORITY frame for stream 3 with incorrect dependency",
                        PROTOCOL_ERROR,
                        PRIORITY,
                        0,
                        3,
                        "0000000310"),
                frame(
                        "sent RST_STREAM frame with incorrect length 5",
                        FRAME_SIZE_ERROR,
                        RST_STREAM,
                        0,
                        1,
                        "0000000000"),
                frame("sent RST_STREAM frame with incorrect identifier", PROTOCOL_ERROR, RST_STREAM, 0, 0, "00000008"),
                frame("sent RST_STREAM frame for idle stream 1", PROTOCOL_ERROR, RST_STREAM, 0, 1, "00000008"),
                frame("sent SETTINGS frame with incorrect identifier", PROTOCOL_ERROR, SETTINGS, 0, 1, ""),
                frame("sent SETTINGS frame with incorrect length 5", FRAME_SIZE_ERROR, SETTINGS, 0, 0, "0000000000"),
                frame(
                        "sent SETTINGS frame with the ACK flag and nonzero length",
                        FRAME_SIZE_ERROR,
                        SETTINGS,
                        ACK,
                        0,
                        "000100000000"),
                frame(
                        "sent SETTINGS frame with incorrect ENABLE_PUSH value 2",
                        PROTOCOL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        "0002 00000002"),
                frame(
                        "sent SETTINGS frame with incorrect INITIAL_WINDOW_SIZE value 2147483648",
                        FLOW_CONTROL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        "0004 80000000"),
                frame(
                        "sent SETTINGS frame with incorrect MAX_FRAME_SIZE value 16383",
                        PROTOCOL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        "0005 00003fff"),
                frame(
                        "sent SETTINGS frame with incorrect MAX_FRAME_SIZE value 16777216",
                        PROTOCOL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        "0005 01000000"),
                frame("sent PUSH_PROMISE frame", PROTOCOL_ERROR, PUSH_PROMISE, END_HEADERS, 1, "00000002 82"),
                frame("sent PING frame with incorrect length 7", FRAME_SIZE_ERROR, PING, 0, 0, "00000000000000"),
                frame("sent PING frame with incorrect identifier", PROTOCOL_ERROR, PING, 0, 1, "0000000000000000"),
                frame("sent GOAWAY frame with incorrect length 7", FRAME_SIZE_ERROR, GOAWAY, 0, 0, "00000000000000"),
                frame("sent GOAWAY frame with incorrect identifier", PROTOCOL_ERROR, GOAWAY, 0, 1, "0000000000000000"),
                frame(
                        "sent WINDOW_UPDATE frame with incorrect length 3",
                        FRAME_SIZE_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        "000001"),
                frame(
                        "sent WINDOW_UPDATE frame with incorrect window increment 0",
                        PROTOCOL_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        "00000000"),
                frame("sent WINDOW_UPDATE frame for idle stream 5", PROTOCOL_ERROR, WINDOW_UPDATE, 0, 5, "00000001"),
                frame(
                        "violated connection flow control: received WINDOW_UPDATE frame with window increment"
                                + " 2147483647 not allowed for window 65535",
                        FLOW_CONTROL_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        "7fffffff"),
                frame("sent unexpected CONTINUATION frame", PROTOCOL_ERROR, CONTINUATION, END_HEADERS, 1, "82"),
                frame("sent header block with incorrect length", FRAME_SIZE_ERROR, HEADERS, END_HEADERS, 1, "ff"),
                frame("sent header field with incorrect length", FRAME_SIZE_ERROR, HEADERS, END_HEADERS, 1, "420541"),
                frame(
                        "sent header block with too long header index value",
                        COMPRESSION_ERROR,
                        HEADERS,
                        0,
                        1,
                        "ffffffff"),
                frame(
                        "sent header block with too long size update value",
                        COMPRESSION_ERROR,
                        HEADERS,
                        0,
                        1,
                        "3fffffff"),
                frame("sent header field with too long length value", COMPRESSION_ERROR, HEADERS, 0, 1, "42ffffffff"),
                frame("sent invalid hpack table index", COMPRESSION_ERROR, HEADERS, END_HEADERS, 1, "80"),
                frame("sent invalid hpack table index", COMPRESSION_ERROR, HEADERS, END_HEADERS, 1, "be"),
                frame("sent invalid table size update", COMPRESSION_ERROR, HEADERS, END_HEADERS, 1, "3fe21f"),
                frame("sent invalid encoded header field", COMPRESSION_ERROR, HEADERS, END_HEADERS, 1, "4281ff"),
                frame("sent zero header name length", PROTOCOL_ERROR, HEADERS, END_HEADERS, 1, "400001 61"),
                frame("sent too large header field", ENHANCE_YOUR_CALM, HEADERS, 0, 1, "427f8240"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offences")
    void anOffenceEndsTheConnection(String why, int code, Deed deed) throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            deed.on(peer);
            assertThat(peer.goAway()).isEqualTo(code);
            assertThat(front.error())
                    .startsWith("[info] client " + why)
                    .contains(" while processing HTTP/2 connection, client: 127.0.0.1, server: 127.0.0.1:0");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    /** Where the beginning of one frame already shows what comes, none is awaited. */
    @Test
    void aNumberWithoutEndIsNotWaitedFor() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.raw(new byte[] {0, 0, 5, HEADERS, END_HEADERS, 0, 0, 0, 1, -1, -1, -1, -1});
            assertThat(peer.goAway()).isEqualTo(COMPRESSION_ERROR);
        }
    }

    @Test
    void aHeaderBlockIsNotInterrupted() throws Exception {
        try (Front front = front()) {
            try (Http2Peer peer = new Http2Peer(front.port())) {
                peer.frame(HEADERS, 0, 1, new byte[] {(byte) 0x82});
                peer.frame(PING, 0, 0, 1, 2);
                assertThat(peer.goAway()).isEqualTo(PROTOCOL_ERROR);
                assertThat(front.error())
                        .startsWith("[info] client sent inappropriate frame while CONTINUATION was expected");
            }
            assertThat(front.end()).contains(" 400 ");
            try (Http2Peer peer = new Http2Peer(front.port())) {
                peer.frame(HEADERS, 0, 1, new byte[] {(byte) 0x82});
                peer.frame(CONTINUATION, END_HEADERS, 3, new byte[] {(byte) 0x82});
                assertThat(peer.goAway()).isEqualTo(PROTOCOL_ERROR);
                assertThat(front.error()).startsWith("[info] client sent CONTINUATION frame with incorrect identifier");
            }
        }
    }

    @Test
    void streamsHaveRisingOddNumbers() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            byte[] block = peer.block(request("GET", "/"));
            peer.frame(HEADERS, END_HEADERS | END_STREAM, 5, block);
            assertThat(peer.answer(5).status()).isEqualTo(200);
            peer.frame(HEADERS, END_HEADERS | END_STREAM, 3, peer.block(request("GET", "/")));
            Http2Peer.Frame goAway = peer.await(GOAWAY);
            assertThat(goAway.number(0)).isEqualTo(5);
            assertThat(goAway.number(4)).isEqualTo(PROTOCOL_ERROR);
            assertThat(front.error())
                    .startsWith("[info] client sent HEADERS frame with incorrect identifier 3, the last was 5");
        }
    }

    @Test
    void theHandshakeSaysWhatIsTaken() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.dial())) {
            peer.preface();
            Http2Peer.Frame settings = peer.await(SETTINGS);
            assertThat(HexFormat.of().formatHex(settings.payload()))
                    .isEqualTo("000300000080" + "000400010000" + "000500ffffff" + "000800000001");
            Http2Peer.Frame window = peer.await(WINDOW_UPDATE);
            assertThat(window.stream()).isZero();
            assertThat(window.number(0)).isEqualTo(Integer.MAX_VALUE - 65535);
        }
    }

    @Test
    void pingsAreAnsweredAndUnknownFramesAreNot() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.frame(0x77, 0xff, 7, new byte[100]);
            peer.frame(PING, 0, 0, 0x01020304, 0x05060708);
            Http2Peer.Frame pong = peer.await(PING);
            assertThat(pong.flags()).isEqualTo(ACK);
            assertThat(HexFormat.of().formatHex(pong.payload())).isEqualTo("0102030405060708");
            assertThat(front.error()).startsWith("[info] client sent frame with unknown type 119");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9, 13, 100})
    void framesAreReadHoweverTheirBytesCome(int step) throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.dial())) {
            peer.gather();
            peer.preface();
            peer.settings(3, 100, 4, 70000);
            int stream = peer.post("/", "content-length", "3");
            peer.frame(PRIORITY, 0, stream, new byte[5]);
            peer.frame(DATA, PADDED, stream, new byte[] {1, 'a', 0});
            peer.data(stream, "bc", true);
            peer.frame(PING, 0, 0, 1, 2);
            byte[] all = peer.gathered();
            for (int i = 0; i < all.length; i += step) {
                peer.raw(java.util.Arrays.copyOfRange(all, i, Math.min(all.length, i + step)));
            }
            assertThat(peer.answer(stream).body()).isEqualTo("ok");
        }
    }

    @Test
    void aStreamThatViolatesItsWindowIsReset() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.window(0, 1 << 20);
            int stream = peer.post("/slow");
            assertThat(peer.answer(stream).body()).isEqualTo("ok");
            // the answer is there, and the stream is gone: nothing is wrong with what was on its way
            assertThat(peer.resetOf(stream)).isEqualTo(NO_ERROR);
            peer.data(stream, "late", false);
            assertThat(peer.framesUntilPing()).isEmpty();
        }
    }

    @Test
    void aWindowBeyondAllIsAnErrorOfItsStream() throws Exception {
        try (Front front = new Front(place -> place.http2 = Http2RequestsTest.ON, x -> {
                    x.body.read(new Waiting());
                    return io.gatehouse.exchange.Outcome.WAITING;
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            peer.window(stream, Integer.MAX_VALUE);
            assertThat(peer.resetOf(stream)).isEqualTo(FLOW_CONTROL_ERROR);
            assertThat(front.error())
                    .startsWith("[info] client violated flow control for stream 1: received WINDOW_UPDATE frame with"
                            + " window increment 2147483647 not allowed for window 65535");
            stream = peer.post("/");
            peer.data(stream, "x", true);
            peer.data(stream, "y", true);
            assertThat(peer.resetOf(stream)).isEqualTo(STREAM_CLOSED);
            assertThat(front.error()).startsWith("[info] client sent DATA frame for half-closed stream 3");
            assertThat(front.end()).isEqualTo("POST / HTTP/2.0 400 0");
        }
    }
}
