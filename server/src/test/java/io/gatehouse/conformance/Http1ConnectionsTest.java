package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.CoreSettings.KeepaliveDisable;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long connections live and how they end. */
@Timeout(60)
class Http1ConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CLOSE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @Test
    void anIdleConnectionIsClosedAfterItsTime() throws Exception {
        try (Front front = new Front(place -> place.keepaliveTimeout = 50, x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            peer.send(GET);
            assertThat(peer.readAnswer()).contains("Connection: keep-alive\r\n");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void serversMayKeepNoConnection() throws Exception {
        try (Front front = new Front(place -> place.keepaliveTimeout = 0, x -> Front.text(x, "x"))) {
            assertThat(front.exchange(GET)).contains("Connection: close\r\n");
        }
    }

    @Test
    void aConnectionServesSoManyRequests() throws Exception {
        try (Front front = new Front(place -> place.keepaliveRequests = 2, x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            peer.send(GET + GET + GET);
            assertThat(peer.readAnswer()).contains("Connection: keep-alive\r\n");
            assertThat(peer.readAnswer()).contains("Connection: close\r\n");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void aConnectionServesSoLong() throws Exception {
        try (Front front = new Front(place -> place.keepaliveTime = 30, x -> {
                    x.loop.deadline(() -> Front.text(x, "x")).in(60);
                    return Outcome.DONE;
                });
                Peer peer = front.connect()) {
            peer.send(GET);
            assertThat(peer.readAnswer()).contains("Connection: close\r\n");
        }
    }

    @Test
    void someBrowsersGetNoConnectionThatStays() throws Exception {
        String explorer = "POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/4.0 (compatible; MSIE 5.0)\r\n\r\n";
        String safari = "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: Mac OS X Safari/7534.48.3\r\n\r\n";
        try (Front front = new Front(x -> Front.text(x, "x"))) {
            assertThat(first(front, explorer)).contains("Connection: close");
            assertThat(first(front, explorer.replace("POST", "GET"))).contains("Connection: keep-alive");
            assertThat(first(front, explorer.replace("5.0", "7.0"))).contains("Connection: keep-alive");
            assertThat(first(front, explorer.replace("5.0", "6.0"))).contains("Connection: close");
            assertThat(first(front, explorer.replace("5.0", "6.0; SV1"))).contains("Connection: keep-alive");
            assertThat(first(front, safari)).contains("Connection: keep-alive");
        }
        try (Front front =
                new Front(place -> place.keepaliveDisable = Set.of(KeepaliveDisable.SAFARI), x -> Front.text(x, "x"))) {
            assertThat(first(front, safari)).contains("Connection: close");
            assertThat(first(front, explorer)).contains("Connection: keep-alive");
        }
    }

    private static String first(Front front, String request) throws IOException {
        try (Peer peer = front.connect()) {
            peer.send(request);
            return peer.readAnswer();
        }
    }

    @Test
    void connectionOptionsAreTokens() throws Exception {
        try (Front front = new Front(x -> Front.text(x, "x"))) {
            assertThat(first(front, "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, CLOSE ,keep-alive\r\n\r\n"))
                    .contains("Connection: close");
            assertThat(first(front, "GET / HTTP/1.1\r\nHost: a\r\nConnection: not-close\r\n\r\n"))
                    .contains("Connection: keep-alive");
            assertThat(first(front, "GET / HTTP/1.0\r\nConnection: x\r\nConnection: Keep-Alive\r\n\r\n"))
                    .contains("Connection: keep-alive");
        }
    }

    @Test
    void aSilentClientIsNotWaitedForLong() throws Exception {
        try (Front front = new Front(place -> place.clientHeaderTimeout = 50, x -> Front.text(x, "x"))) {
            assertThat(front.exchange("")).isEmpty();
            assertThat(front.error())
                    .startsWith("[info] client timed out (110: Connection timed out) while waiting for request, client:"
                            + " 127.0.0.1, server: ");
            assertThat(front.exchange("GET / HTTP/1.1\r\nHo")).isEmpty();
            assertThat(front.error())
                    .startsWith(
                            "[info] client timed out (110: Connection timed out) while reading client request headers");
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 408 0");
            try (Peer peer = front.connect()) {
                peer.send(GET);
                peer.readAnswer();
                front.end();
                peer.send("GET ");
                assertThat(peer.readToEnd()).isEmpty();
                assertThat(front.end()).isEqualTo(" 408 0");
            }
        }
    }

    @Test
    void aTimedOutConnectionMayBeReset() throws Exception {
        try (Front front = new Front(
                place -> {
                    place.clientHeaderTimeout = 50;
                    place.resetTimedoutConnection = true;
                },
                x -> Front.text(x, "x"))) {
            assertThat(front.exchange("GET ")).isEqualTo("[reset]");
        }
    }

    @Test
    void aClientThatEndsWithinAHeadIsTold() throws Exception {
        try (Front front = new Front(x -> Front.text(x, "x"))) {
            try (Peer peer = front.connect()) {
                peer.send("GET /a HT");
                peer.shutOutput();
                assertThat(peer.readToEnd()).isEmpty();
            }
            assertThat(front.error())
                    .startsWith("[info] client prematurely closed connection while reading client request line");
            assertThat(front.end()).isEqualTo(" 400 0");
        }
    }

    @Test
    void aClientThatGoesAwayAbortsItsExchangeAtOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch aborted = new CountDownLatch(1);
        try (Front front = new Front(x -> {
            x.whenAborted(aborted::countDown);
            asked.countDown();
            return Outcome.DONE;
        })) {
            try (Peer peer = front.connect()) {
                peer.send(GET + "more");
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                peer.shutOutput();
                assertThat(aborted.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(front.end()).isEqualTo("GET / HTTP/1.1 499 0");
                assertThat(front.errors).isEmpty(); // it is told by who hears of it
                assertThat(peer.readToEnd()).isIn("", "[reset]");
            }
        }
    }

    @Test
    void aResetAbortsTooAndAnExchangeMayGoOn() throws Exception {
        BlockingQueue<Exchange> asked = new LinkedBlockingQueue<>();
        try (Front front = new Front(x -> {
            x.ignoresClientAbort = x.uri.equals("/on");
            asked.add(x);
            return Outcome.DONE;
        })) {
            Peer gone = front.connect();
            gone.send(GET);
            asked.take();
            gone.reset();
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 499 0");
            assertThat(front.error()).startsWith("[info] recv() failed (104: Connection reset by peer), client:");
            Peer ignored = front.connect();
            ignored.send("GET /on HTTP/1.1\r\nHost: a\r\n\r\n");
            Exchange on = asked.take();
            ignored.reset();
            front.onLoop(() -> {});
            front.onLoop(() -> Front.text(on, "late"));
            assertThat(front.end()).isEqualTo("GET /on HTTP/1.1 200 4");
        }
    }

    @Test
    void lingersUntilTheClientHasEnded() throws Exception {
        try (Front front = new Front(place -> place.lingeringClose = LingeringClose.ALWAYS, x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            peer.send(CLOSE);
            assertThat(peer.readToEnd()).endsWith("\r\n\r\nx");
            peer.send("still sending");
            front.onLoop(() -> assertThat(front.connections.size()).isEqualTo(1));
            peer.shutOutput();
            while (size(front) != 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static int size(Front front) throws Exception {
        AtomicInteger size = new AtomicInteger();
        front.onLoop(() -> size.set(front.connections.size()));
        return size.get();
    }

    @Test
    void lingersNotLongerThanItsTime() throws Exception {
        try (Front front = new Front(
                        place -> {
                            place.lingeringClose = LingeringClose.ALWAYS;
                            place.lingeringTime = 60;
                            place.lingeringTimeout = 40;
                        },
                        x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            peer.send(CLOSE);
            peer.readToEnd();
            while (size(front) != 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void drainsIdleConnectionsAtOnceAndBusyOnesWithTheirAnswer() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        try (Front front = new Front(x -> {
                    if (x.uri.equals("/held")) {
                        held.set(x);
                        return Outcome.DONE;
                    }
                    return Front.text(x, "x");
                });
                Peer idle = front.connect();
                Peer busy = front.connect()) {
            idle.send(GET);
            idle.readAnswer();
            busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
            while (held.get() == null) {
                Thread.onSpinWait();
            }
            front.onLoop(front.connections::drain);
            assertThat(idle.readToEnd()).isEmpty();
            assertThat(front.empty.getCount()).isEqualTo(1);
            front.onLoop(() -> Front.text(held.get(), "held"));
            assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("held");
            busy.shutOutput();
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void drainingGivesIdleConnectionsTheirLeastTime() throws Exception {
        try (Front front = new Front(place -> place.keepaliveMinTimeout = 100, x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            peer.send(GET);
            peer.readAnswer();
            front.onLoop(front.connections::drain);
            peer.send(GET);
            assertThat(peer.readAnswer()).contains("Connection: close\r\n");
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closesAll() throws Exception {
        CountDownLatch aborted = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (Front front = new Front(x -> {
                    x.whenAborted(aborted::countDown);
                    asked.countDown();
                    return Outcome.DONE;
                });
                Peer peer = front.connect();
                Peer silent = front.connect()) {
            peer.send(GET);
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            while (size(front) < 2) {
                Thread.onSpinWait();
            }
            front.onLoop(front.connections::closeAll);
            assertThat(aborted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(silent.readToEnd()).isEmpty();
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aTunnelGetsTheWireAndWhatCameEarly() throws Exception {
        BlockingQueue<Exchange> over = new LinkedBlockingQueue<>();
        try (Front front = new Front(x -> {
                    x.response.status = 101;
                    x.response.headers.add("Upgrade", "echo");
                    x.sendHead();
                    Wire wire = x.sink().takeWire(x);
                    if (wire == null) {
                        throw new IllegalStateException();
                    }
                    wire.sink(new EchoTunnel(x));
                    wire.reading(true);
                    over.add(x);
                    return Outcome.DONE;
                });
                Peer peer = front.connect()) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly");
            assertThat(peer.readHead())
                    .startsWith("HTTP/1.1 101 \r\n")
                    .endsWith("\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(peer.read(5)).isEqualTo("early");
            peer.send("later");
            assertThat(peer.read(5)).isEqualTo("later");
            front.onLoop(front.connections::drain);
            assertThat(front.empty.getCount()).isEqualTo(1);
            assertThat(front.logged).isEmpty();
            peer.shutOutput();
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 101 0");
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(over.take().request.get("Upgrade")).isEqualTo("echo");
        }
    }

    private record EchoTunnel(Exchange x) implements Sink {
        @Override
        public void onBytes(Wire wire, ByteBuf borrowed) {
            wire.write(borrowed.readRetainedSlice(borrowed.readableBytes()));
            wire.flush();
        }

        @Override
        public void onWritable(Wire wire) {}

        @Override
        public void onEnd(Wire wire) {
            x.sent();
        }

        @Override
        public void onClosed(Wire wire, @Nullable IOException cause) {
            x.sent();
        }
    }

    @Test
    void aSlowClientHoldsTheSenderBack() throws Exception {
        int pieces = 64;
        int size = 256 * 1024;
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Runnable> step = new AtomicReference<>();
        CountDownLatch blocked = new CountDownLatch(1);
        try (Front front = new Front(x -> {
                    x.response.status = 200;
                    x.response.contentLength = (long) pieces * size;
                    x.sendHead();
                    step.set(() -> {
                        while (sent.get() < pieces) {
                            sent.incrementAndGet();
                            x.send(x.loop.buffer(size).writeZero(size));
                            x.flush();
                            if (x.queued() > 0) {
                                x.whenDrained(step.get());
                                blocked.countDown();
                                return;
                            }
                        }
                        x.end();
                    });
                    step.get().run();
                    return Outcome.DONE;
                });
                Peer peer = front.connect()) {
            peer.send(CLOSE);
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            front.onLoop(() -> {});
            assertThat(sent.get()).isLessThan(pieces);
            peer.readHead();
            assertThat(peer.read(pieces * size)).hasSize(pieces * size);
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 200 " + pieces * size);
        }
    }

    @Test
    void aClientThatTakesNothingIsGivenUp() throws Exception {
        CountDownLatch aborted = new CountDownLatch(1);
        int size = 32 << 20;
        try (Front front = new Front(place -> place.sendTimeout = 100, x -> {
                    x.response.status = 200;
                    x.response.contentLength = size;
                    x.whenAborted(aborted::countDown);
                    x.sendHead();
                    x.send(x.loop.buffer(size).writeZero(size));
                    x.end();
                    return Outcome.DONE;
                });
                Peer peer = front.connect()) {
            peer.send(GET);
            assertThat(aborted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 408 " + size);
            assertThat(front.error()).startsWith("[info] client timed out (110: Connection timed out), client:");
        }
    }

    @Test
    void limitsTheRate() throws Exception {
        try (Front front = new Front(
                place -> {
                    place.limitRate = Template.constant("10k");
                    place.limitRateAfter = Template.constant("1k");
                },
                x -> Front.text(x, "x".repeat(Integer.parseInt(x.uri.substring(1)))))) {
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long begun = System.nanoTime();
                assertThat(front.exchange(CLOSE.replace("/ ", "/500 "))).endsWith("x".repeat(500));
                fastest = Math.min(fastest, System.nanoTime() - begun);
            }
            // The machine may be busy; that it is ever this fast shows that the first bytes are free.
            assertThat(fastest).isLessThan(900_000_000L);
            long begun = System.nanoTime();
            assertThat(front.exchange(CLOSE.replace("/ ", "/15000 "))).endsWith("x".repeat(15000));
            assertThat(System.nanoTime() - begun).isGreaterThan(300_000_000L);
        }
    }

    @Test
    void anAnswerCanSetItsOwnRate() throws Exception {
        try (Front front = new Front(place -> place.limitRate = Template.constant("1"), x -> {
            x.response.limitRateSet = true;
            x.response.limitRate = 0;
            return Front.text(x, "x".repeat(5000));
        })) {
            assertThat(front.exchange(CLOSE)).endsWith("x".repeat(5000));
        }
    }
}
