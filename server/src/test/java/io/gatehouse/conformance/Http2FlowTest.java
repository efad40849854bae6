package io.gatehouse.conformance;

import static io.gatehouse.testing.Http2Peer.DATA;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.HEADERS;
import static io.gatehouse.testing.Http2Peer.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.protocol.http2.Http2Settings;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Http2Peer.Frame;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Windows: the server sends no more than the client takes, and takes no more than somebody wants (RFC 9113, 5.2). */
@Timeout(60)
class Http2FlowTest {
    private static final int MAX_FRAME_SIZE = 5;
    private static final int INITIAL_WINDOW_SIZE = 4;

    /** Answers with as many bytes as the path says. */
    private static Outcome many(Exchange x) {
        int count = Integer.parseInt(x.uri.substring(1));
        x.response.status = 200;
        x.response.contentLength = count;
        x.body.discard();
        if (x.sendHead()) {
            x.send(x.loop.buffer(count).writeZero(count));
            x.end();
        }
        return Outcome.DONE;
    }

    private static Front front(int chunk) throws Exception {
        return new Front(place -> place.http2 = new Http2Settings(true, 128, 65536, chunk), Http2FlowTest::many);
    }

    private static List<Integer> lengths(List<Frame> frames) {
        return frames.stream()
                .filter(f -> f.type() == DATA)
                .map(f -> f.payload().length)
                .toList();
    }

    @Test
    void aBodyIsCutIntoChunksAndStopsAtTheWindow() throws Exception {
        try (Front front = front(8192);
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.get("/70000");
            peer.head(stream);
            assertThat(lengths(awaitData(peer, 65535))).containsExactly(8192, 8192, 8192, 8192, 8192, 8192, 8192, 8191);
            peer.window(stream, 100_000);
            assertThat(lengths(peer.framesUntilPing())).isEmpty();
            peer.window(0, 65);
            assertThat(lengths(awaitData(peer, 65))).containsExactly(65);
            peer.window(0, 10_000);
            Frame last = peer.awaitFrame(f -> f.has(END_STREAM));
            assertThat(last.payload()).hasSize(4400);
            assertThat(front.end()).isEqualTo("GET /70000 HTTP/2.0 200 70000");
        }
    }

    /** The DATA frames that come to so many bytes. */
    private static List<Frame> awaitData(Http2Peer peer, int bytes) throws Exception {
        List<Frame> frames = new java.util.ArrayList<>();
        for (int sum = 0; sum < bytes; ) {
            Frame frame = peer.await(DATA);
            frames.add(frame);
            sum += frame.payload().length;
        }
        return frames;
    }

    @Test
    void framesAreAsLargeAsTheClientTakesThem() throws Exception {
        try (Front front = front(1 << 20);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.window(0, 1 << 20);
            peer.get("/40000");
            assertThat(lengths(awaitData(peer, 40000))).containsExactly(16384, 16384, 7232);
            peer.settings(MAX_FRAME_SIZE, 32768, INITIAL_WINDOW_SIZE, 100_000);
            peer.get("/40000");
            assertThat(lengths(awaitData(peer, 40000))).containsExactly(32768, 7232);
        }
    }

    @Test
    void aWindowCanBecomeNegative() throws Exception {
        try (Front front = front(8192);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.window(0, 100_000);
            int stream = peer.get("/70000");
            awaitData(peer, 65535);
            peer.settings(INITIAL_WINDOW_SIZE, 42);
            peer.window(stream, 65535 - 42);
            assertThat(lengths(peer.framesUntilPing())).isEmpty();
            peer.window(stream, 1);
            assertThat(lengths(awaitData(peer, 1))).containsExactly(1);
            peer.settings(INITIAL_WINDOW_SIZE, 100);
            assertThat(lengths(awaitData(peer, 58))).containsExactly(58);
        }
    }

    /** Between two streams the frames take turns. */
    @Test
    void noStreamWaitsForAnother() throws Exception {
        try (Front front = front(1024);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.gather();
            int one = peer.get("/20000");
            int two = peer.get("/20000");
            peer.release();
            List<Frame> frames = awaitData(peer, 40_000);
            int lastOfOne = -1;
            int firstOfTwo = -1;
            for (int i = 0; i < frames.size(); i++) {
                lastOfOne = frames.get(i).stream() == one ? i : lastOfOne;
                firstOfTwo = firstOfTwo < 0 && frames.get(i).stream() == two ? i : firstOfTwo;
            }
            assertThat(firstOfTwo).isLessThan(3);
            assertThat(lastOfOne).isGreaterThan(frames.size() - 4);
        }
    }

    @Test
    void aSmallAnswerOvertakesALargeOne() throws Exception {
        try (Front front = front(8192);
                Http2Peer peer = new Http2Peer(front.port())) {
            int large = peer.get("/1000000");
            awaitData(peer, 65535);
            peer.window(0, 10);
            int small = peer.get("/10");
            assertThat(peer.answer(small).body()).hasSize(10);
            peer.window(0, 1_000_000);
            peer.window(large, 1_000_000);
            assertThat(lengths(awaitData(peer, 1_000_000 - 65535)).size()).isGreaterThan(100);
        }
    }

    @Test
    void aFileIsSentFrameByFrame(@TempDir Path folder) throws Exception {
        Path file =
                Files.write(folder.resolve("file"), "0123456789".repeat(20_000).getBytes(US_ASCII));
        try (FileChannel channel = FileChannel.open(file);
                Front front = new Front(place -> place.http2 = Http2RequestsTest.ON, x -> {
                    x.response.status = 200;
                    x.response.contentLength = 150_000;
                    x.sendHead();
                    x.send(channel, 5, 100_000);
                    x.send(x.loop.buffer(10).writeBytes("##########".getBytes(US_ASCII)));
                    x.send(channel, 0, 49_990);
                    x.end();
                    return Outcome.DONE;
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.window(0, 1 << 20);
            peer.settings(INITIAL_WINDOW_SIZE, 1 << 20);
            String all = "0123456789".repeat(20_000);
            assertThat(peer.answer(peer.get("/")).body())
                    .isEqualTo(all.substring(5, 100_005) + "##########" + all.substring(0, 49_990));
        }
    }

    @Test
    void anAnswerThatIsCutShortResetsItsStreamAlone(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[10]);
        try (FileChannel channel = FileChannel.open(file);
                Front front = new Front(place -> place.http2 = Http2RequestsTest.ON, x -> {
                    if (x.uri.equals("/ok")) {
                        return Front.text(x, "ok");
                    }
                    x.response.status = 200;
                    x.response.contentLength = 20;
                    x.sendHead();
                    if (x.uri.equals("/file")) {
                        x.send(channel, 0, 20);
                    }
                    x.end();
                    return Outcome.DONE;
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.resetOf(peer.get("/file"))).isEqualTo(2);
            assertThat(front.error()).startsWith("[crit] pread() failed (the file was cut short while it was sent)");
            assertThat(peer.resetOf(peer.get("/short"))).isEqualTo(2);
            assertThat(front.error()).startsWith("[error] the answer is shorter than its Content-Length");
            assertThat(peer.answer(peer.get("/ok")).status()).isEqualTo(200);
        }
    }

    // ---------------------------------------------------------------- towards the server

    /** A body that is read when the test says so. */
    private static final class OnDemand extends Waiting {
        final BlockingQueue<Exchange> begun = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> pieces = new LinkedBlockingQueue<>();

        Outcome handle(Exchange x) {
            x.body.read(this);
            x.body.demand(false);
            begun.add(x);
            return Outcome.WAITING;
        }

        @Override
        public void onBody(Exchange x, ByteBuf borrowed) {
            pieces.add(borrowed.readableBytes());
        }

        @Override
        public void onBodyEnd(Exchange x) {
            Front.text(x, "read " + x.body.received());
        }
    }

    @Test
    void theClientMaySendNoMoreThanSomebodyWants() throws Exception {
        OnDemand reader = new OnDemand();
        try (Front front = new Front(
                        place -> {
                            place.http2 = new Http2Settings(true, 128, 100, 8192);
                            place.clientMaxBodySize = 0;
                        },
                        reader::handle);
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            Exchange x = reader.begun.take();
            // once it is read the window opens, once and for as much as is kept at most
            int opened = peer.awaitFrame(f -> f.type() == WINDOW_UPDATE && f.stream() == stream)
                    .number(0);
            assertThat(100 + opened).isEqualTo(1 << 20);
            byte[] half = new byte[1 << 19];
            peer.frame(DATA, 0, stream, half);
            peer.frame(DATA, 0, stream, half);
            assertThat(peer.framesUntilPing()).isEmpty();
            assertThat(reader.pieces).isEmpty();
            front.onLoop(() -> x.body.demand(true));
            assertThat(peer.awaitFrame(f -> f.type() == WINDOW_UPDATE && f.stream() == stream)
                            .number(0))
                    .isEqualTo(1 << 20);
            peer.data(stream, "the end", true);
            assertThat(peer.answer(stream).body()).isEqualTo("read " + ((1 << 20) + 7));
        }
    }

    @Test
    void moreThanTheWindowResetsTheStream() throws Exception {
        OnDemand reader = new OnDemand();
        try (Front front = new Front(place -> place.http2 = new Http2Settings(true, 128, 100, 8192), reader::handle);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.gather();
            int stream = peer.post("/");
            peer.frame(DATA, 0, stream, new byte[(1 << 20) + 1]);
            peer.release();
            assertThat(peer.resetOf(stream)).isEqualTo(3);
            assertThat(front.error())
                    .startsWith("[info] client violated flow control for stream 1: received DATA frame length 1048577,"
                            + " available window 1048576");
        }
    }

    /** What many bodies may be given together is bounded, whatever each of them asks for. */
    @Test
    void theBodiesOfAConnectionShareABudget() throws Exception {
        OnDemand reader = new OnDemand();
        try (Front front = new Front(place -> place.http2 = Http2RequestsTest.ON, reader::handle);
                Http2Peer peer = new Http2Peer(front.port())) {
            long opened = 0;
            for (int i = 0; i < 20; i++) {
                peer.post("/");
            }
            for (Frame frame : peer.framesUntilPing()) {
                opened += frame.type() == WINDOW_UPDATE ? frame.number(0) : 0;
            }
            assertThat(opened).isEqualTo(4 << 20);
        }
    }

    /** A body that may bring nothing before it is read ({@code http2_body_preread_size 0}) would else never come. */
    @Test
    void aBodyIsReadThoughTheBudgetIsSpent() throws Exception {
        OnDemand reader = new OnDemand();
        try (Front front = new Front(place -> place.http2 = new Http2Settings(true, 128, 0, 8192), reader::handle);
                Http2Peer peer = new Http2Peer(front.port())) {
            for (int i = 0; i < 4; i++) {
                peer.post("/");
                reader.begun.take();
            }
            int stream = peer.post("/");
            Exchange x = reader.begun.take();
            peer.awaitFrame(f -> f.type() == WINDOW_UPDATE && f.stream() == stream);
            front.onLoop(() -> x.body.demand(true));
            peer.data(stream, "body", true);
            assertThat(peer.answer(stream).body()).isEqualTo("read 4");
        }
    }

    @Test
    void aBodyThatNobodyReadsIsNotAwaited() throws Exception {
        try (Front front = new Front(place -> place.http2 = Http2RequestsTest.ON, x -> Front.text(x, "ok"));
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            assertThat(peer.answer(stream).body()).isEqualTo("ok");
            assertThat(peer.resetOf(stream)).isZero();
            // its trailers were on their way: they are decoded, as later blocks depend on them
            byte[] trailers = peer.block("x-late", "1");
            peer.frame(HEADERS, END_STREAM | Http2Peer.END_HEADERS, stream, trailers);
            assertThat(peer.answer(peer.get("/", "x-late", "1")).status()).isEqualTo(200);
        }
    }

    @Test
    void aRateIsHeld() throws Exception {
        try (Front front = new Front(
                        place -> {
                            place.http2 = Http2RequestsTest.ON;
                            place.limitRate = Template.constant("10000");
                        },
                        Http2FlowTest::many);
                Http2Peer peer = new Http2Peer(front.port())) {
            long begin = System.nanoTime();
            assertThat(peer.answer(peer.get("/15000")).body()).hasSize(15000);
            assertThat(System.nanoTime() - begin).isGreaterThan(400_000_000L);
        }
    }
}
