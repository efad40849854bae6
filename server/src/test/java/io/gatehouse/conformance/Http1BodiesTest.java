package io.gatehouse.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests: where they end, what they may be, and what becomes of those that nobody reads. */
@Timeout(60)
class Http1BodiesTest {
    /** Reads the body and answers with it. */
    private static final class Reader implements RequestBody.Receiver {
        private final StringBuilder body = new StringBuilder();

        @Override
        public void onBody(Exchange x, ByteBuf borrowed) {
            body.append(borrowed.toString(ISO_8859_1));
        }

        @Override
        public void onBodyEnd(Exchange x) {
            if (x.requestTrailers != null) {
                body.append('|').append(x.requestTrailers.size()).append(x.requestTrailers.get("X-Sum"));
            }
            Front.text(x, "[" + body + "]");
        }

        @Override
        public void onBodyFailed(Exchange x, int status) {
            x.resume(Outcome.status(status));
        }
    }

    private static final Handler ECHO = x -> {
        x.body.read(new Reader());
        return Outcome.WAITING;
    };
    private static final Handler DISCARD = x -> Front.text(x, "ok");

    private static String bodies(String answer) {
        return answer.replaceAll("(?s)HTTP/1.1 (...) .*?\r\n\r\n", "$1 ");
    }

    private static String chunked(String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }

    private static final String LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @Test
    void readsBodiesOfEachKind() throws Exception {
        try (Front front = new Front(ECHO)) {
            assertThat(bodies(front.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                            + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                            + chunked("3\r\nabc\r\n00A;x=\"y\" z\r\n0123456789\r\n0\r\n\r\n")
                            + chunked("1 \t\r\na\r\n0;x\r\nX-Sum:  7 \r\nContent-Length: 4\r\nY: z\r\n\r\n")
                            + chunked("0\r\n\r\n") + LAST)))
                    .isEqualTo("200 [hello]200 []200 []200 [abc0123456789]200 [a|27]200 []200 []");
        }
    }

    @Test
    void dropsBodiesThatNobodyReads() throws Exception {
        try (Front front = new Front(DISCARD)) {
            assertThat(bodies(front.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
                            + "x".repeat(100000) + chunked("186a0\r\n" + "y".repeat(100000) + "\r\n0\r\n\r\n") + LAST)))
                    .isEqualTo("200 ok200 ok200 ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\r\n",
                "\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "-1\r\n",
                "+1\r\na\r\n0\r\n\r\n",
                "0x1\r\na\r\n0\r\n\r\n",
                "1\na\r\n0\r\n\r\n",
                "1\r\na\n0\r\n\r\n",
                "1\r\nab\r\n0\r\n\r\n",
                "1\rXa\r\n0\r\n\r\n",
                "1;a\nb\r\na\r\n0\r\n\r\n",
                "1;\u0000\r\na\r\n0\r\n\r\n",
                "1 x\r\na\r\n0\r\n\r\n",
                "8000000000000000\r\n",
                "10000000000000000\r\n",
                "fffffffffffffffff\r\n",
                "000000000000000000001\r\na\r\n0\r\n\r\n",
                "1\r\na\r\n0\n\r\n",
                "1\r\na\r\n0\r\n\n",
                "1\r\na\r\n0\r\nX\r\n\r\n",
                "1\r\na\r\n0\r\n X: y\r\n\r\n",
                "1\r\na\r\n0\r\nX : y\r\n\r\n",
                "1\r\na\r\n0\r\nX: y\u0000\r\n\r\n",
                "1\r\na\r\n0\r\nX: y\n\r\n",
                "1\r\na\r\n0\r\nX: y\r\r\n",
            })
    void refusesBrokenChunks(String body) throws Exception {
        for (Handler handler : new Handler[] {ECHO, DISCARD}) {
            try (Front front = new Front(handler)) {
                String answer = front.exchange(chunked(body) + LAST);
                assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("Connection: close\r\n");
                assertThat(answer).doesNotContain("200 OK");
                assertThat(front.error())
                        .startsWith("[error] client sent invalid chunked body, client: 127.0.0.1, server: localhost");
            }
        }
    }

    @Test
    void limitsWhatComesBesideTheBody() throws Exception {
        try (Front front = new Front(place -> place.largeClientHeaderBufferSize = 1000, ECHO)) {
            assertThat(front.exchange(chunked("1;" + "x".repeat(16 * 1024) + "\r\na\r\n0\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 200");
            assertThat(front.exchange(chunked("1;" + "x".repeat(16 * 1024 + 1) + "\r\na\r\n0\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 400");
            assertThat(front.exchange(chunked("0\r\nX: " + "x".repeat(997) + "\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 200");
            assertThat(front.exchange(chunked("0\r\nX: " + "x".repeat(998) + "\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 400");
        }
        try (Front front = new Front(place -> place.maxHeaders = 3, ECHO)) {
            assertThat(front.exchange(chunked("0\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 200");
            assertThat(front.exchange(chunked("0\r\nX: 1\r\nX: 2\r\nX: 3\r\nX: 4\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void limitsTheBody() throws Exception {
        try (Front front = new Front(place -> place.clientMaxBodySize = 10, ECHO)) {
            assertThat(front.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789" + LAST))
                    .startsWith("HTTP/1.1 200");
            assertThat(front.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890" + LAST))
                    .startsWith("HTTP/1.1 413 Request Entity Too Large\r\n")
                    .contains("Connection: close\r\n")
                    .doesNotContain("200 OK");
            assertThat(front.error()).startsWith("[error] client intended to send too large body: 11 bytes, client:");
            assertThat(front.exchange(chunked("5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 200");
            assertThat(front.exchange(chunked("5\r\nabcde\r\n6\r\nabcdef\r\n0\r\n\r\n") + LAST))
                    .startsWith("HTTP/1.1 413 Request Entity Too Large\r\n")
                    .doesNotContain("200 OK");
            assertThat(front.error())
                    .startsWith("[error] client intended to send too large chunked body: 5+6 bytes, client:");
        }
        try (Front front = new Front(place -> place.clientMaxBodySize = 0, DISCARD)) {
            assertThat(front.exchange(
                            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n"
                                    + "x".repeat(3_000_000)))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void tellsAClientThatWaitsToGoOn() throws Exception {
        try (Front front = new Front(ECHO);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(peer.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            peer.send("abc");
            assertThat(peer.readAnswer()).contains("Connection: keep-alive\r\n").endsWith("[abc]");
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
            assertThat(peer.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(peer.readAnswer()).endsWith("[]");
            peer.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(peer.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void closesIfAClientThatWaitsIsAnsweredOtherwise() throws Exception {
        try (Front front = new Front(DISCARD);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(peer.readAnswer()).startsWith("HTTP/1.1 200 OK\r\n").contains("Connection: close\r\n");
        }
    }

    @Test
    void deliversByDemand() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        AtomicReference<Exchange> held = new AtomicReference<>();
        RequestBody.Receiver receiver = new RequestBody.Receiver() {
            @Override
            public void onBody(Exchange x, ByteBuf borrowed) {
                got.add(borrowed.toString(ISO_8859_1));
                x.body.demand(false);
            }

            @Override
            public void onBodyEnd(Exchange x) {
                got.add("end");
                Front.text(x, "done");
            }

            @Override
            public void onBodyFailed(Exchange x, int status) {
                got.add("failed " + status);
            }
        };
        try (Front front = new Front(x -> {
                    held.set(x);
                    x.body.read(receiver);
                    return Outcome.WAITING;
                });
                Peer peer = front.connect()) {
            peer.send(chunked("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n") + LAST);
            for (String piece : new String[] {"a", "b", "c"}) {
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(piece);
                front.onLoop(() -> {});
                assertThat(got).isEmpty();
                front.onLoop(() -> held.get().body.demand(true));
            }
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
            assertThat(peer.readAnswer()).endsWith("done");
            assertThat(peer.readToEnd()).endsWith("done");
        }
    }

    @Test
    void anAnswerBeforeTheBodyIsSentAtOnceAndTheRestIsDropped() throws Exception {
        try (Front front = new Front(DISCARD);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            assertThat(peer.readAnswer()).contains("Connection: keep-alive\r\n").endsWith("ok");
            peer.send("56789GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(peer.readAnswer()).endsWith("ok");
            assertThat(front.end()).startsWith("POST / ");
            assertThat(front.end()).startsWith("GET /next ");
        }
    }

    @Test
    void aBodyMayBeDroppedWhileItIsRead() throws Exception {
        RequestBody.Receiver enough = new RequestBody.Receiver() {
            @Override
            public void onBody(Exchange x, ByteBuf borrowed) {
                assertThat(x.body.discard()).isZero();
                Front.text(x, "enough");
            }

            @Override
            public void onBodyEnd(Exchange x) {
                Front.text(x, "end");
            }

            @Override
            public void onBodyFailed(Exchange x, int status) {
                x.resume(Outcome.status(status));
            }
        };
        try (Front front = new Front(x -> {
            x.body.read(enough);
            return Outcome.WAITING;
        })) {
            String known = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
            assertThat(bodies(front.exchange(known + "hello" + chunked("3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n") + LAST)))
                    .isEqualTo("200 enough200 enough200 end");
            try (Peer peer = front.connect()) {
                peer.send(known + "he");
                assertThat(bodies(peer.readAnswer())).isEqualTo("200 enough");
                peer.send("llo" + known + "hello");
                assertThat(bodies(peer.readAnswer())).isEqualTo("200 enough");
                peer.send(LAST);
                assertThat(bodies(peer.readToEnd())).isEqualTo("200 end");
            }
        }
    }

    @Test
    void theEndOfTheClientEndsADroppedBody() throws Exception {
        try (Front front = new Front(DISCARD);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            peer.readAnswer();
            peer.shutOutput();
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void aDroppedBodyIsWaitedForSoLong() throws Exception {
        try (Front front = new Front(place -> place.lingeringTimeout = 50, DISCARD);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            peer.readAnswer();
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void aSlowBodyIsNotWaitedForFurther() throws Exception {
        try (Front front = new Front(place -> place.clientBodyTimeout = 50, ECHO);
                Peer peer = front.connect()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(front.end()).isEqualTo("POST / HTTP/1.1 408 0");
            assertThat(front.error()).startsWith("[info] client timed out (110: Connection timed out), client:");
        }
    }

    @Test
    void aClientThatGoesAwayWithinItsBodyIsNoticed() throws Exception {
        try (Front front = new Front(ECHO)) {
            try (Peer peer = front.connect()) {
                peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            }
            assertThat(front.end()).isEqualTo("POST / HTTP/1.1 400 0");
            assertThat(front.error()).startsWith("[info] client prematurely closed connection, client:");
        }
    }
}
