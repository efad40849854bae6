package io.gatehouse.conformance;

import static io.gatehouse.testing.Http2Peer.CONTINUATION;
import static io.gatehouse.testing.Http2Peer.DATA;
import static io.gatehouse.testing.Http2Peer.END_HEADERS;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.GOAWAY;
import static io.gatehouse.testing.Http2Peer.HEADERS;
import static io.gatehouse.testing.Http2Peer.PADDED;
import static io.gatehouse.testing.Http2Peer.PING;
import static io.gatehouse.testing.Http2Peer.PRIORITY;
import static io.gatehouse.testing.Http2Peer.RST_STREAM;
import static io.gatehouse.testing.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.protocol.http2.Http2Settings;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Http2Peer.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What costs a client little and the server more ends the connection; each attack that has a number is tried over a socket. */
@Timeout(60)
class Http2FloodTest {
    private static final int NO_ERROR = 0;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int INITIAL_WINDOW_SIZE = 4;

    /** What a client does again and again. */
    private interface Deed {
        void on(Http2Peer peer, int turn) throws IOException;
    }

    private static Front front() throws Exception {
        return new Front(place -> place.http2 = Http2RequestsTest.ON, Http2FloodTest::answer);
    }

    private static Outcome answer(Exchange x) {
        switch (x.uri) {
            case "/read" -> x.body.read(new Waiting());
            case "/never" -> {}
            case "/large" -> {
                x.response.status = 200;
                x.sendHead();
                x.send(x.loop.buffer(1 << 20).writeZero(1 << 20));
                x.end();
            }
            default -> Front.text(x, "ok");
        }
        return Outcome.WAITING;
    }

    /** Does it {@code fair} times, which is no harm, and then so often that it is. */
    private static void flood(Front front, int fair, int attack, Deed deed, String why) throws Exception {
        try (Http2Peer peer = new Http2Peer(front.port())) {
            flood(front, peer, fair, attack, deed, why);
        }
    }

    private static void flood(Front front, Http2Peer peer, int fair, int attack, Deed deed, String why)
            throws Exception {
        for (int i = 0; i < fair; i++) {
            deed.on(peer, i);
        }
        assertThat(peer.framesUntilPing()).extracting(Frame::type).doesNotContain(GOAWAY);
        for (int i = fair; i < attack; ) {
            try {
                peer.gather();
                for (int chunk = 0; chunk < 50; chunk++) {
                    deed.on(peer, i++);
                }
                peer.frame(PING, 0, 0, 7, i);
                peer.release();
            } catch (IOException closedMeanwhile) {
                // what was said before can be read
            }
            int last = i;
            Frame frame = peer.awaitFrame(f -> f.type() == GOAWAY || f.type() == PING && f.number(4) == last);
            if (frame.type() == GOAWAY) {
                assertThat(frame.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
                awaitError(front, why);
                return;
            }
        }
        throw new AssertionError("it goes on");
    }

    private static void awaitError(Front front, String why) throws InterruptedException {
        for (String line = front.error(); !line.startsWith("[info] " + why); line = front.error()) {
            assertThat(line).startsWith("[info] ");
        }
    }

    @Test
    void rapidResetCve2023_44487() throws Exception {
        AtomicInteger served = new AtomicInteger();
        try (Front front = new Front(
                place -> {
                    place.http2 = Http2RequestsTest.ON;
                    place.keepaliveRequests = 1 << 20;
                },
                x -> {
                    served.incrementAndGet();
                    x.whenAborted(() -> {});
                    return Outcome.WAITING;
                })) {
            flood(front, 100, 2000, (peer, turn) -> peer.reset(peer.get("/never"), 8), "client sent too many resets");
            assertThat(served.get()).isLessThan(520);
        }
    }

    /** The client makes the server reset, by a window that overflows or a frame for a stream that it has ended. */
    @Test
    void madeYouResetCve2025_8671() throws Exception {
        try (Front front = new Front(
                place -> {
                    place.http2 = Http2RequestsTest.ON;
                    place.keepaliveRequests = 1 << 20;
                },
                Http2FloodTest::answer)) {
            flood(
                    front,
                    100,
                    2000,
                    (peer, turn) -> {
                        int stream = peer.open(turn % 2 == 0, request("POST", "/never"));
                        if (turn % 2 == 0) {
                            peer.data(stream, "", true);
                        } else {
                            peer.window(stream, Integer.MAX_VALUE);
                        }
                    },
                    "client sent too many resets");
        }
    }

    @Test
    void continuationFloodCve2024_27316() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.frame(HEADERS, END_STREAM, 1, peer.block(request("GET", "/")));
            for (int i = 0; i <= 64; i++) {
                peer.frame(CONTINUATION, 0, 1, new byte[] {0, 1, 'x', 1, 'y'});
            }
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
            awaitError(front, "client sent too many CONTINUATION frames");
        }
    }

    /** The frames are empty, so that no byte is too many. */
    @Test
    void emptyContinuationFrames() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            for (int block = 0; block < 3; block++) {
                int stream = peer.nextStream();
                peer.frame(HEADERS, END_STREAM, stream, peer.block(request("GET", "/")));
                for (int i = 0; i < 50; i++) {
                    peer.frame(CONTINUATION, 0, stream, new byte[0]);
                }
                peer.frame(CONTINUATION, END_HEADERS, stream, new byte[0]);
            }
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
            awaitError(front, "client sent too many empty frames");
        }
    }

    /** Data dribble: the client takes byte after byte. */
    @Test
    void dataDribbleCve2019_9511() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.settings(INITIAL_WINDOW_SIZE, 0);
            peer.window(0, 1 << 20);
            int stream = peer.get("/large");
            peer.head(stream);
            for (int i = 0; i < 1000; i++) {
                try {
                    peer.window(stream, 1);
                } catch (IOException closedMeanwhile) {
                    break;
                }
                Frame frame = peer.awaitFrame(f -> f.type() == DATA || f.type() == GOAWAY);
                if (frame.type() == GOAWAY) {
                    assertThat(i).isBetween(150, 500);
                    assertThat(frame.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
                    awaitError(front, "client sent too many small windows");
                    return;
                }
            }
            throw new AssertionError("it goes on");
        }
    }

    @Test
    void windowUpdateFloodCve2019_9511() throws Exception {
        try (Front front = front()) {
            flood(front, 500, 5000, (peer, turn) -> peer.window(0, 1), "client sent too many WINDOW_UPDATE frames");
        }
    }

    @Test
    void pingFloodCve2019_9512() throws Exception {
        try (Front front = front()) {
            flood(front, 100, 3000, (peer, turn) -> peer.frame(PING, 0, 0, 1, 2), "client sent too many PING frames");
        }
    }

    /** Priorities are not heeded, so that no tree can be turned over and over; their number is bounded all the same. */
    @Test
    void resourceLoopCve2019_9513() throws Exception {
        try (Front front = front()) {
            flood(
                    front,
                    100,
                    1000,
                    (peer, turn) -> peer.frame(PRIORITY, 0, 1 + 2 * turn, new byte[] {0, 0, 0, 0, 15}),
                    "client sent too many PRIORITY frames");
        }
    }

    /** Streams that are refused, each with a reset that somebody has to write. */
    @Test
    void resetFloodCve2019_9514() throws Exception {
        try (Front front = new Front(
                        place -> place.http2 = new Http2Settings(true, 2, 65536, 8192), Http2FloodTest::answer);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.get("/never");
            peer.get("/never");
            peer.gather();
            for (int i = 0; i < 200; i++) {
                peer.get("/never");
            }
            peer.release();
            assertThat(peer.goAway()).isEqualTo(NO_ERROR);
            awaitError(front, "client sent too many refused streams");
        }
    }

    @Test
    void settingsFloodCve2019_9515() throws Exception {
        try (Front front = front()) {
            flood(front, 20, 500, (peer, turn) -> peer.settings(3, turn), "client sent too many SETTINGS frames");
        }
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.settings(new int[2 * 33]);
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
            awaitError(front, "client sent SETTINGS frame with too many parameters");
        }
    }

    @Test
    void namesWithoutLengthCve2019_9516() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.frame(HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {0, 0, 1, 'a', 0, 0, 1, 'a'});
            assertThat(peer.goAway()).isEqualTo(1);
            awaitError(front, "client sent zero header name length");
        }
    }

    /** The client opens its windows wide and then takes nothing from the socket: the server waits, holding little. */
    @Test
    void internalDataBufferingCve2019_9517() throws Exception {
        try (Front front = new Front(
                        place -> {
                            place.http2 = Http2RequestsTest.ON;
                            place.sendTimeout = 500;
                        },
                        Http2FloodTest::answer);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
            peer.window(0, Integer.MAX_VALUE - 65535);
            for (int i = 0; i < 30; i++) {
                peer.get("/large");
            }
            awaitError(front, "client timed out (110: Connection timed out)");
            String end = front.end();
            while (end.contains(" 200 ")) {
                end = front.end(); // went into the kernel's buffers as a whole
            }
            assertThat(end).contains("GET /large HTTP/2.0 408");
        }
    }

    @Test
    void emptyFramesCve2019_9518() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/read");
            flood(
                    front,
                    peer,
                    50,
                    1000,
                    (same, turn) -> same.frame(DATA, turn % 2 == 0 ? 0 : PADDED, stream, new byte[turn % 2]),
                    "client sent too many empty frames");
        }
    }

    @Test
    void framesWithoutAMeaning() throws Exception {
        try (Front front = front()) {
            flood(
                    front,
                    50,
                    1000,
                    (peer, turn) -> peer.frame(0x20, 0, 0, new byte[3]),
                    "client sent too many frames without a meaning");
        }
    }

    /** Bytes that carry neither heads nor bodies, however they are made up. */
    @Test
    void bytesForNothing() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            assertThat(peer.answer(stream).status()).isEqualTo(200);
            byte[] large = new byte[1 << 20];
            try {
                for (int i = 0; i < 20; i++) {
                    peer.frame(DATA, 0, stream, large); // for a stream that is over
                }
            } catch (IOException closedMeanwhile) {
                // as it should be
            }
            awaitError(front, "http2 flood detected");
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefusedAndMayComeAgain() throws Exception {
        try (Front front = new Front(
                        place -> place.http2 = new Http2Settings(true, 2, 65536, 8192), Http2FloodTest::answer);
                Http2Peer peer = new Http2Peer(front.port())) {
            int first = peer.get("/never");
            peer.get("/never");
            int third = peer.get("/", "x-a", "b");
            assertThat(peer.resetOf(third)).isEqualTo(7);
            awaitError(front, "concurrent streams exceeded 2");
            peer.reset(first, 8);
            // what the refused one has put into the table is there
            assertThat(peer.answer(peer.get("/", "x-a", "b")).status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamWithDataWaitsForTheSmallWindowToBeKnown() throws Exception {
        try (Front front = new Front(
                        place -> place.http2 = new Http2Settings(true, 128, 10, 8192), Http2FloodTest::answer);
                Http2Peer peer = new Http2Peer(front.dial())) {
            peer.preface();
            peer.settings();
            assertThat(peer.resetOf(peer.post("/"))).isEqualTo(7);
            peer.frame(Http2Peer.SETTINGS, Http2Peer.ACK, 0);
            int stream = peer.post("/");
            peer.data(stream, "0123456789", true);
            assertThat(peer.answer(stream).status()).isEqualTo(200);
        }
    }

    @Test
    void headsAreBoundedInAll() throws Exception {
        try (Front front = new Front(
                place -> {
                    place.http2 = Http2RequestsTest.ON;
                    place.largeClientHeaderBuffers = 2;
                    place.largeClientHeaderBufferSize = 500;
                    place.maxHeaders = 5;
                },
                Http2FloodTest::answer)) {
            // :method GET, :scheme http, :path /, :authority localhost: 46 bytes of 1000
            for (int length : List.of(474, 475)) {
                try (Http2Peer peer = new Http2Peer(front.port())) {
                    int stream = peer.get("/", "a", "v".repeat(478), "b", "v".repeat(length));
                    if (length == 474) {
                        assertThat(peer.answer(stream).status()).isEqualTo(200);
                    } else {
                        assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
                        awaitError(front, "client sent too large header");
                    }
                }
            }
            try (Http2Peer peer = new Http2Peer(front.port())) {
                assertThat(peer.answer(peer.get("/", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5"))
                                .status())
                        .isEqualTo(200);
                assertThat(peer.answer(peer.get("/", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6"))
                                .status())
                        .isEqualTo(400);
                awaitError(front, "client sent too many header lines");
            }
        }
    }

    /** A small block that stands for a large head (a "bomb"). */
    @Test
    void whatABlockStandsForCounts() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.get("/", "x", "v".repeat(4000))).status())
                    .isEqualTo(200);
            byte[] block = peer.block(request("GET", "/", "x", "v".repeat(4000)));
            byte[] bomb = java.util.Arrays.copyOf(block, block.length + 1000);
            java.util.Arrays.fill(bomb, block.length, bomb.length, block[block.length - 1]);
            peer.frame(HEADERS, END_HEADERS | END_STREAM, peer.nextStream(), bomb);
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
            awaitError(front, "client sent too large header");
        }
    }

    @Test
    void aResetEndsTheExchangeAndFreesItsPlace() throws Exception {
        try (Front front = new Front(
                        place -> place.http2 = new Http2Settings(true, 1, 65536, 8192), Http2FloodTest::answer);
                Http2Peer peer = new Http2Peer(front.port())) {
            for (int i = 0; i < 20; i++) {
                peer.frame(RST_STREAM, 0, peer.get("/never"), 8);
                assertThat(front.error()).startsWith("[info] client canceled stream " + (2 * i + 1));
                assertThat(front.end()).isEqualTo("GET /never HTTP/2.0 499 0");
            }
            peer.reset(peer.get("/never"), 2);
            assertThat(front.error()).startsWith("[info] client terminated stream 41 due to internal error");
            peer.reset(peer.get("/never"), 77);
            assertThat(front.error()).startsWith("[info] client terminated stream 43 with status 77");
        }
    }
}
