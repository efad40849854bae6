package io.gatehouse.conformance;

import static io.gatehouse.testing.Http2Peer.CONTINUATION;
import static io.gatehouse.testing.Http2Peer.END_HEADERS;
import static io.gatehouse.testing.Http2Peer.END_STREAM;
import static io.gatehouse.testing.Http2Peer.HEADERS;
import static io.gatehouse.testing.Http2Peer.PADDED;
import static io.gatehouse.testing.Http2Peer.WITH_PRIORITY;
import static io.gatehouse.testing.Http2Peer.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.protocol.http2.Http2Settings;
import io.gatehouse.testing.Http2Peer;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over HTTP/2: how heads, bodies and trailers are read, and what is refused (RFC 9113, 8). */
@Timeout(60)
class Http2RequestsTest {
    static final Http2Settings ON = new Http2Settings(true, 128, 65536, 8192);

    private static void on(Place place) {
        place.http2 = ON;
    }

    /** Tells how the request was read. */
    private static Outcome tell(Exchange x) {
        StringBuilder text = new StringBuilder(x.method + " " + x.unparsedUri + " " + x.uri + "?" + x.args + " "
                + x.host + ":" + x.hostPort + " " + x.server.name() + "\n" + x.requestLine + "\n");
        fields(x.request, text);
        x.body.read(new RequestBody.Receiver() {
            @Override
            public void onBody(Exchange of, ByteBuf borrowed) {
                text.append('[').append(borrowed.toString(ISO_8859_1)).append(']');
            }

            @Override
            public void onBodyEnd(Exchange of) {
                if (x.requestTrailers != null) {
                    fields(x.requestTrailers, text.append("trailers\n"));
                }
                Front.text(of, text.toString());
            }

            @Override
            public void onBodyFailed(Exchange of, int status) {
                of.resume(Outcome.status(status));
            }
        });
        return Outcome.WAITING;
    }

    private static void fields(Headers fields, StringBuilder text) {
        for (int i = 0; i < fields.size(); i++) {
            text.append(fields.name(i)).append('=').append(fields.value(i)).append('\n');
        }
    }

    private static Front front() throws Exception {
        return new Front(
                Http2RequestsTest::on,
                Http2RequestsTest::tell,
                Map.of("other", Http2RequestsTest::on, "old", place -> {}));
    }

    @Test
    void aRequestIsReadAsItIsOverHttp1() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            Http2Peer.Answer answer = peer.answer(peer.get("/a/../b%20c?d=e#f", "accept", "*/*"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("GET /a/../b%20c?d=e#f /b c?d=e localhost:0 localhost\n"
                            + "GET /a/../b%20c?d=e#f HTTP/2.0\naccept=*/*\nhost=localhost\n");
            assertThat(answer.head().fields())
                    .containsSubsequence(
                            ":status: 200", "server: nginx/1.31.5", "content-type: text/plain", "content-length: 110");
            assertThat(front.end()).isEqualTo("GET /a/../b%20c?d=e#f HTTP/2.0 200 110");
        }
    }

    @Test
    void theAuthorityChoosesTheServer() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.open(true, ":method", "GET", ":authority", "OTHER.:81", ":scheme", "https", ":path", "/");
            assertThat(peer.answer(stream).body())
                    .startsWith("GET / /? other:81 other\n")
                    .endsWith("host=OTHER.:81\n");
            stream = peer.open(true, ":method", "GET", ":scheme", "https", ":path", "/", "host", "other");
            assertThat(peer.answer(stream).body()).startsWith("GET / /? other:0 other\n");
        }
    }

    @Test
    void aServerWithoutHttp2IsNotAsked() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.open(true, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "old");
            assertThat(peer.answer(stream).status()).isEqualTo(421);
            assertThat(front.error())
                    .contains("[info] client attempted to request the server name for which the negotiated protocol is"
                            + " disabled");
        }
    }

    @Test
    void crumbsOfACookieAreOneField() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            String body = peer.answer(peer.get("/", "cookie", "a=b", "x", "y", "cookie", "c=d; e=f"))
                    .body();
            assertThat(body).endsWith("x=y\ncookie=a=b; c=d; e=f\nhost=localhost\n");
        }
    }

    @Test
    void aBlockMayComeInManyFramesAndWithPadding() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            byte[] block = peer.block(request("GET", "/", "x", "y".repeat(300)));
            int stream = peer.nextStream();
            byte[] first = new byte[6 + 10 + 3];
            first[0] = 3; // bytes of padding
            first[5] = 15; // weight, of no importance
            System.arraycopy(block, 0, first, 6, 10);
            peer.frame(HEADERS, END_STREAM | PADDED | WITH_PRIORITY, stream, first);
            for (int i = 10; i < block.length - 1; i += 10) {
                byte[] part = java.util.Arrays.copyOfRange(block, i, Math.min(i + 10, block.length - 1));
                peer.frame(CONTINUATION, 0, stream, part);
            }
            peer.frame(CONTINUATION, END_HEADERS, stream, new byte[] {block[block.length - 1]});
            assertThat(peer.answer(stream).body()).contains("\nx=" + "y".repeat(300) + "\n");
        }
    }

    @Test
    void aBodyComesInDataFramesWithOrWithoutALength() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int one = peer.post("/", "content-length", "6");
            int two = peer.post("/");
            peer.data(one, "abc", false);
            peer.data(two, "", false);
            peer.data(two, "x", false);
            peer.frame(Http2Peer.DATA, END_STREAM | PADDED, one, "\2def\0\0".getBytes(ISO_8859_1));
            assertThat(peer.answer(one).body()).contains("content-length=6\n", "[abc][def]");
            peer.data(two, "", true);
            assertThat(peer.answer(two).body()).endsWith("[x]");
        }
    }

    @Test
    void fieldsBehindTheBodyAreItsTrailers() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            peer.data(stream, "body", false);
            byte[] trailers = peer.block("x-sum", "1234", "content-length", "9", "host", "evil");
            peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, trailers);
            assertThat(peer.answer(stream).body()).endsWith("[body]trailers\nx-sum=1234\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {":path", "X-Upper", "a b"})
    void malformedTrailersFailTheBody(String name) throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            peer.data(stream, "body", false);
            peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, peer.block(name, "v"));
            assertThat(peer.answer(stream).status()).isEqualTo(400);
            assertThat(front.error()).startsWith("[info] client sent invalid trailer: \"" + name + "\"");
        }
    }

    @Test
    void trailersThatDoNotEndTheStreamAreAnError() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/");
            peer.frame(HEADERS, END_HEADERS, stream, peer.block("x", "y"));
            assertThat(peer.resetOf(stream)).isEqualTo(1);
            assertThat(front.end()).startsWith("POST / HTTP/2.0 400");
        }
    }

    @Test
    void aClientThatWaitsForContinueIsTold() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.post("/", "expect", "100-continue");
            assertThat(peer.await(HEADERS).fields()).containsExactly(":status: 100");
            peer.data(stream, "now", true);
            assertThat(peer.answer(stream).body()).endsWith("[now]");
        }
    }

    /** {@code what is sent | what the error log says}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":scheme http :path / :authority a | client sent no :method header",
                ":method GET :path / :authority a | client sent no :scheme header",
                ":method GET :scheme http :authority a | client sent no :path header",
                ":method GET :scheme http :path / | client sent neither \":authority\" nor \"Host\" header",
                ":method GET :method GET :scheme http :path / :authority a | client sent duplicate :method header",
                ":method GET :scheme http :path / :path / :authority a | client sent duplicate :path header",
                ":method GET :scheme http :scheme http :path / | client sent duplicate :scheme header",
                ":method GET :authority a :authority a :path / | client sent duplicate \":authority\" header",
                ":method GET :scheme http :path / x y :authority a | client sent out of order pseudo-headers",
                ":method GET :scheme http :path / :status 200 | client sent unknown pseudo-header \":status\"",
                ":method g :scheme http :path / :authority a | client sent invalid method: \"g\"",
                ":method GET :scheme 1 :path / :authority a | client sent invalid :scheme header: \"1\"",
                ":method GET :scheme http :path * :authority a | client sent invalid :path header: \"*\"",
                ":method GET :scheme http :path /../.. :authority a | client sent invalid :path header: \"/../..\"",
                ":method GET :scheme http :path /%00 :authority a | client sent invalid :path header: \"/%00\"",
                ":method GET :scheme http :path / :authority a..b | client sent invalid \":authority\" header",
                ":method GET :scheme http :path / host a/b | client sent invalid host header",
                ":method GET :scheme http :path / :authority a host b | client sent \":authority\" and \"Host\" headers"
                        + " with different values",
                ":method GET :scheme http :path / host a host a | client sent duplicate host header",
                ":method GET :scheme http :path / :authority a X-Y z | client sent invalid header name: \"X-Y\"",
                ":method GET :scheme http :path / :authority a x:y z | client sent invalid header name: \"x:y\"",
                ":method GET :scheme http :path / :authority a connection close | client sent \"Connection\" header",
                ":method GET :scheme http :path / :authority a keep-alive 5 | client sent \"Keep-Alive\" header",
                ":method GET :scheme http :path / :authority a transfer-encoding chunked | client sent"
                        + " \"Transfer-Encoding\" header",
                ":method GET :scheme http :path / :authority a upgrade h2c | client sent \"Upgrade\" header",
                ":method GET :scheme http :path / :authority a proxy-connection x | client sent \"Proxy-Connection\""
                        + " header",
                ":method GET :scheme http :path / :authority a te gzip | client sent invalid \"TE\" header",
                ":method GET :scheme http :path / :authority a content-length x | client sent invalid"
                        + " \"Content-Length\" header",
                ":method GET :scheme http :path / :authority a content-length 1 content-length 1 | client sent"
                        + " duplicate header line",
                ":method GET :scheme http :path / :authority a content-length 1 | client prematurely closed stream",
                ":method GET :scheme http :path / :authority a :protocol websocket | client sent :protocol header with"
                        + " method GET",
            })
    void whatIsMalformedIsAnswered400AndToldInTheLog(String sent) throws Exception {
        String[] parts = sent.split(" \\| ", 2);
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.open(true, parts[0].split(" "));
            assertThat(peer.answer(stream).status()).isEqualTo(400);
            assertThat(front.error())
                    .startsWith("[info] " + parts[1])
                    .contains(" while reading client request headers, client: 127.0.0.1, server: ");
            // the connection goes on
            assertThat(peer.answer(peer.get("/")).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\0b", " a", "a ", "a\t"})
    void aValueThatCouldEndItsLineIsRefused(String value) throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.get("/", "x", value)).status()).isEqualTo(400);
            assertThat(front.error()).startsWith("[info] client sent header \"x\" with invalid value: \"");
        }
    }

    @Test
    void connectAndTraceAreNotForAServer() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            assertThat(peer.answer(peer.open(true, request("TRACE", "/"))).status())
                    .isEqualTo(405);
            assertThat(peer.answer(peer.open(true, request("CONNECT", "/"))).status())
                    .isEqualTo(405);
            assertThat(front.error()).startsWith("[info] client sent TRACE method");
            assertThat(front.error()).startsWith("[info] client sent CONNECT method");
        }
    }

    @Test
    void whatOnlyLooksForbiddenIsNot() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            String body = peer.answer(peer.get("/", "te", "trailers", "x_y", "left out", "x", "", "host", "localhost"))
                    .body();
            assertThat(body).endsWith("te=trailers\nx=\nhost=localhost\n").doesNotContain("x_y");
            assertThat(front.error()).startsWith("[info] client sent invalid header: \"x_y\"");
        }
    }

    @Test
    void aBodyThatIsLongerOrShorterThanItSaysIsMalformed() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.port())) {
            int longer = peer.post("/", "content-length", "3");
            peer.data(longer, "abcd", true);
            assertThat(peer.answer(longer).status()).isEqualTo(400);
            assertThat(front.error()).startsWith("[info] client intended to send body data larger than declared");
            int shorter = peer.post("/", "content-length", "5");
            peer.data(shorter, "abcd", true);
            assertThat(peer.answer(shorter).status()).isEqualTo(400);
            assertThat(front.error())
                    .startsWith("[info] client prematurely closed stream: only 4 out of 5 bytes of request body"
                            + " received");
        }
    }

    @Test
    void headsAreAnsweredWithoutBody() throws Exception {
        try (Front front = new Front(Http2RequestsTest::on, x -> {
                    x.response.status = x.uri.equals("/204") ? 204 : x.uri.equals("/304") ? 304 : 200;
                    x.response.contentLength = 4;
                    if (x.sendHead()) {
                        x.send(Front.buffer(x, "body"));
                        x.end();
                    }
                    return Outcome.DONE;
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            Http2Peer.Frame head = peer.head(peer.open(true, request("HEAD", "/")));
            assertThat(head.has(END_STREAM)).isTrue();
            assertThat(head.field("content-length")).isEqualTo("4");
            head = peer.head(peer.get("/204"));
            assertThat(head.has(END_STREAM)).isTrue();
            assertThat(head.field("content-length")).isNull();
            head = peer.head(peer.get("/304"));
            assertThat(head.has(END_STREAM)).isTrue();
            assertThat(peer.answer(peer.get("/")).body()).isEqualTo("body");
        }
    }

    @Test
    void anAnswersConnectionFieldsStayBehindAndNoValueEndsItsLine() throws Exception {
        try (Front front = new Front(Http2RequestsTest::on, x -> {
                    x.response.headers.add("Connection", "close");
                    x.response.headers.add("Keep-Alive", "5");
                    x.response.headers.add("Transfer-Encoding", "chunked");
                    x.response.headers.add("X-Two", "a\r\nb");
                    return Front.text(x, "ok");
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            Http2Peer.Answer answer = peer.answer(peer.get("/"));
            assertThat(answer.head().fields()).contains("x-two: a  b").noneMatch(f -> f.matches("(conn|keep|trans).*"));
        }
    }

    @Test
    void interimAnswersAndTrailersAreHeadersFramesOfTheirOwn() throws Exception {
        try (Front front = new Front(Http2RequestsTest::on, x -> {
                    Headers hints = new Headers();
                    hints.add("Link", "</a.css>; rel=preload");
                    x.sendInterim(103, hints);
                    x.response.expectTrailers = true;
                    x.response.trailers = new Headers();
                    x.response.trailers.add("X-Sum", "1");
                    return Front.text(x, "ok");
                });
                Http2Peer peer = new Http2Peer(front.port())) {
            int stream = peer.get("/");
            Http2Peer.Frame hints = peer.await(HEADERS);
            assertThat(hints.fields()).containsExactly(":status: 103", "link: </a.css>; rel=preload");
            assertThat(hints.has(END_STREAM)).isFalse();
            Http2Peer.Answer answer = peer.answer(stream);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.trailers()).isNotNull();
            assertThat(String.valueOf(answer.trailers().fields())).isEqualTo("[x-sum: 1]");
        }
    }

    @Test
    void withoutThePrefaceItIsHttp1() throws Exception {
        try (Front front = front()) {
            assertThat(front.exchange("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(front.exchange("PRI * HTTP/2.0\r\n\r\nxx\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
            try (Peer peer = front.connect()) {
                peer.send("PRI /1 HTTP/1.1\r\nHost: ");
                peer.send("a\r\nConnection: close\r\n\r\n");
                assertThat(peer.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    @Test
    void thePrefaceMayComeInPieces() throws Exception {
        try (Front front = front();
                Http2Peer peer = new Http2Peer(front.dial())) {
            for (byte b : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1)) {
                peer.raw(new byte[] {b});
            }
            peer.settings();
            assertThat(peer.answer(peer.get("/")).status()).isEqualTo(200);
        }
    }
}
