package io.gatehouse.conformance;

import static io.gatehouse.testing.Http2Peer.DATA;
import static io.gatehouse.testing.Http2Peer.END_HEADERS;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.GOAWAY;
import static io.gatehouse.testing.Http2Peer.HEADERS;
import static io.gatehouse.testing.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Http2Peer.Frame;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a connection over HTTP/2 lasts, and how it ends. */
@Timeout(60)
class Http2LifeTest {
    private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();

    private Front front(Consumer<Place> change) throws Exception {
        return new Front(
                place -> {
                    place.http2 = Http2RequestsTest.ON;
                    change.accept(place);
                },
                x -> {
                    if (x.uri.equals("/read")) {
                        x.body.read(new Waiting());
                    } else if (!x.uri.equals("/wait")) {
                        return Front.text(x, "ok");
                    }
                    waiting.add(x);
                    return Outcome.WAITING;
                });
    }

    private Exchange waiting() throws InterruptedException {
        Exchange x = waiting.poll(20, TimeUnit.SECONDS);
        assertThat(x).isNotNull();
        return x;
    }

    @Test
    void aConnectionCarriesSoManyRequests() throws Exception {
        try (Front front = front(place -> place.keepaliveRequests = 2);
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.get("/")).body()).isEqualTo("ok");
            int second = peer.get("/");
            List<Frame> frames = peer.readToEnd();
            assertThat(frames).extracting(Frame::type).containsExactlyInAnyOrder(GOAWAY, HEADERS, DATA);
            Frame goAway =
                    frames.stream().filter(f -> f.type() == GOAWAY).findFirst().orElseThrow();
            assertThat(goAway.number(0)).isEqualTo(second);
            assertThat(goAway.number(4)).isZero();
        }
    }

    @Test
    void withoutKeepAliveOneRequestIsAnswered() throws Exception {
        try (Front front = front(place -> place.keepaliveTimeout = 0);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.get("/");
            assertThat(peer.readToEnd()).extracting(Frame::type).contains(GOAWAY, HEADERS, DATA);
        }
    }

    @Test
    void anIdleConnectionEndsInOrder() throws Exception {
        try (Front front = front(place -> place.keepaliveTimeout = 300);
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.get("/")).body()).isEqualTo("ok");
            // pings keep nothing alive
            peer.framesUntilPing();
            assertThat(peer.goAway()).isZero();
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.errors).isEmpty();
        }
    }

    @Test
    void aConnectionWithoutARequestEndsToo() throws Exception {
        try (Front front = front(place -> place.clientHeaderTimeout = 200);
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.goAway()).isZero();
        }
        try (Front front = front(place -> place.clientHeaderTimeout = 200);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.raw(new byte[] {0, 0, 8, 6});
            assertThat(peer.goAway()).isEqualTo(1);
            assertThat(front.error())
                    .startsWith("[info] client timed out (110: Connection timed out) while processing");
        }
        try (Front front = front(place -> place.clientHeaderTimeout = 200);
                Peer peer = front.connect()) {
            peer.send("PRI * HTTP");
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.error())
                    .startsWith("[info] client timed out (110: Connection timed out) while waiting for request, client:"
                            + " 127.0.0.1, server: ");
        }
    }

    @Test
    void aHeadMustCompleteInTime() throws Exception {
        try (Front front = front(place -> place.clientHeaderTimeout = 300);
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.nextStream();
            byte[] block = peer.block(request("GET", "/", "x-a", "b"));
            peer.frame(HEADERS, END_STREAM, stream, java.util.Arrays.copyOf(block, 10));
            assertThat(peer.resetOf(stream)).isEqualTo(1);
            assertThat(front.error())
                    .startsWith("[info] client timed out (110: Connection timed out) while reading client request"
                            + " headers");
            assertThat(front.end()).isEqualTo(" 408 0");
            // its end is decoded all the same
            peer.frame(
                    Http2Peer.CONTINUATION, END_HEADERS, stream, java.util.Arrays.copyOfRange(block, 10, block.length));
            assertThat(peer.answer(peer.get("/", "x-a", "b")).body()).isEqualTo("ok");
        }
    }

    @Test
    void aBodyMustGoOnInTime() throws Exception {
        try (Front front = front(place -> place.clientBodyTimeout = 300);
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/read");
            peer.data(stream, "a", false);
            assertThat(peer.resetOf(stream)).isEqualTo(1);
            assertThat(front.error()).startsWith("[info] client timed out (110: Connection timed out), client:");
            assertThat(front.end()).isEqualTo("POST /read HTTP/2.0 408 0");
            assertThat(peer.answer(peer.get("/")).body()).isEqualTo("ok");
        }
    }

    @Test
    void aClosedWindowIsNotWaitedForForEver() throws Exception {
        try (Front front = front(place -> place.sendTimeout = 300);
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.settings(4, 1);
            int stream = peer.get("/");
            assertThat(peer.resetOf(stream)).isEqualTo(1);
            assertThat(front.error()).startsWith("[info] client timed out (110: Connection timed out)");
            assertThat(front.end()).isEqualTo("GET / HTTP/2.0 408 2");
        }
    }

    @Test
    void drainingEndsIdleConnectionsAtOnce() throws Exception {
        try (Front front = front(place -> {});
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.get("/")).body()).isEqualTo("ok");
            front.onLoop(front.connections::drain);
            assertThat(peer.goAway()).isZero();
            assertThat(peer.readToEnd()).isEmpty();
            peer.close();
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Its first requests are under way: told to go away now, the client would have to ask elsewhere. */
    @Test
    void drainingWaitsForTheFirstRequests() throws Exception {
        try (Front front = front(place -> {})) {
            for (boolean before : List.of(true, false)) {
                try (Http2Peer peer = new Http2Peer(front.port())) {
                    if (before) {
                        front.onLoop(front.connections::drain);
                    }
                    int first = peer.get("/");
                    List<Frame> frames = peer.readToEnd();
                    assertThat(frames).extracting(Frame::type).containsExactlyInAnyOrder(GOAWAY, HEADERS, DATA);
                    assertThat(frames)
                            .filteredOn(f -> f.type() == GOAWAY)
                            .allMatch(f -> f.number(0) == first && f.number(4) == 0);
                }
            }
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void drainingLetsRequestsEndAndTakesNoNewOnes() throws Exception {
        try (Front front = front(place -> {});
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.get("/wait");
            Exchange x = waiting();
            front.onLoop(front.connections::drain);
            Frame goAway = peer.await(GOAWAY);
            assertThat(goAway.number(0)).isEqualTo(stream);
            peer.get("/", "x-new", "1");
            assertThat(peer.framesUntilPing()).isEmpty();
            front.onLoop(() -> Front.text(x, "late"));
            assertThat(peer.answer(stream).body()).isEqualTo("late");
            assertThat(peer.readToEnd()).isEmpty();
            peer.close();
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cuttingEndsAll() throws Exception {
        try (Front front = front(place -> {});
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.get("/wait");
            peer.get("/wait");
            waiting();
            waiting();
            front.onLoop(front.connections::closeAll);
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.end()).isEqualTo("GET /wait HTTP/2.0 499 0");
            assertThat(front.end()).isEqualTo("GET /wait HTTP/2.0 499 0");
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClientThatGoesEndsItsExchanges() throws Exception {
        try (Front front = front(place -> {})) {
            try (Http2Peer peer = new Http2Peer(front.port())) {
                peer.get("/wait");
                waiting();
                peer.post("/read");
                waiting();
            }
            assertThat(front.error()).startsWith("[info] client prematurely closed connection while processing HTTP/2");
            assertThat(front.error()).startsWith("[info] client prematurely closed stream");
            assertThat(List.of(front.end(), front.end()))
                    .containsExactlyInAnyOrder("GET /wait HTTP/2.0 499 0", "POST /read HTTP/2.0 499 0");
            front.onLoop(front.connections::drain);
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anExchangeThatNeedsNoClientGoesOn() throws Exception {
        try (Front front = front(place -> {})) {
            try (Http2Peer peer = new Http2Peer(front.port())) {
                int stream = peer.get("/wait");
                Exchange x = waiting();
                x.ignoresClientAbort = true;
                peer.reset(stream, 8);
                assertThat(front.error()).startsWith("[info] client canceled stream 1");
                assertThat(peer.framesUntilPing()).isEmpty();
                assertThat(front.logged).isEmpty();
                front.onLoop(() -> Front.text(x, "for nobody"));
                assertThat(front.end()).isEqualTo("GET /wait HTTP/2.0 200 10");
                peer.get("/wait");
                waiting().ignoresClientAbort = true;
            }
            assertThat(front.error()).startsWith("[info] client prematurely closed connection");
            front.onLoop(front.connections::drain);
            assertThat(front.empty.getCount()).isEqualTo(1);
            front.onLoop(front.connections::closeAll);
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void abortingAnAnswerResetsItsStream() throws Exception {
        try (Front front = front(place -> {});
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.get("/wait");
            Exchange x = waiting();
            front.onLoop(() -> {
                x.response.status = 200;
                x.sendHead();
                x.abort();
            });
            assertThat(peer.resetOf(stream)).isEqualTo(2);
            assertThat(front.end()).isEqualTo("GET /wait HTTP/2.0 200 0");
        }
    }

    @Test
    void withoutLingeringTheConnectionIsClosedWithItsLastByte() throws Exception {
        try (Front front = front(place -> {
                    place.lingeringClose = LingeringClose.OFF;
                    place.keepaliveRequests = 1;
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.get("/");
            assertThat(peer.readToEnd()).extracting(Frame::type).contains(GOAWAY, HEADERS, DATA);
            front.onLoop(front.connections::drain);
            assertThat(front.empty.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClientThatTellsItsTableSizeIsToldThatNoneIsUsed() throws Exception {
        try (Front front = front(place -> {});
                Http2Peer peer = new Http2Peer(front.port())) {
            peer.settings(1, 100);
            Frame head = peer.head(peer.get("/"));
            assertThat(head.payload()[0]).isEqualTo((byte) 0x20);
            head = peer.head(peer.get("/"));
            assertThat(head.payload()[0]).isEqualTo((byte) 0x88);
        }
    }
}
