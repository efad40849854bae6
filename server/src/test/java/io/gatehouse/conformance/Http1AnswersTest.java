package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.CoreSettings.ServerTokens;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Heads and bodies of answers, as the client sees them. */
@Timeout(60)
class Http1AnswersTest {
    private static final String CLOSE = "Host: a\r\nConnection: close\r\n\r\n";

    private static String withoutDate(String answer) {
        return answer.replaceFirst(
                "Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n", "Date\r\n");
    }

    @Test
    void writesTheHeadInNginxsOrder() throws Exception {
        try (Front front = new Front(x -> {
            x.response.headers.add("X-First", "1");
            x.response.headers.add(FieldName.SET_COOKIE, "a=b");
            x.response.lastModified = 784111777;
            return Front.text(x, "hello\n");
        })) {
            assertThat(withoutDate(front.exchange("GET / HTTP/1.1\r\n" + CLOSE)))
                    .isEqualTo("HTTP/1.1 200 OK\r\nServer: nginx/1.31.5\r\nDate\r\nContent-Type: text/plain\r\n"
                            + "Content-Length: 6\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            + "Connection: close\r\nX-First: 1\r\nSet-Cookie: a=b\r\n\r\nhello\n");
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 200 6");
        }
    }

    @Test
    void keepsTheConnectionAndTellsHowLong() throws Exception {
        try (Front front = new Front(
                        place -> {
                            place.keepaliveHeaderSeconds = 9;
                            place.serverTokens = ServerTokens.OFF;
                        },
                        x -> Front.text(x, "x"));
                Peer peer = front.connect()) {
            for (int i = 0; i < 3; i++) {
                peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(withoutDate(peer.readAnswer()))
                        .isEqualTo("HTTP/1.1 200 OK\r\nServer: nginx\r\nDate\r\nContent-Type: text/plain\r\n"
                                + "Content-Length: 1\r\nConnection: keep-alive\r\nKeep-Alive: timeout=9\r\n\r\nx");
            }
        }
    }

    @Test
    void answersOldVersionsAsTheyAsk() throws Exception {
        try (Front front = new Front(x -> Front.text(x, "body"))) {
            assertThat(front.exchange("GET /\r\n")).isEqualTo("body");
            assertThat(front.exchange("GET / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Connection: close\r\n")
                    .endsWith("\r\n\r\nbody");
            try (Peer peer = front.connect()) {
                peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(peer.readAnswer()).contains("Connection: keep-alive\r\n");
            }
        }
    }

    @Test
    void chunksABodyOfUnknownLength() throws Exception {
        try (Front front = new Front(x -> {
            x.response.status = 200;
            x.sendHead();
            x.send(Front.buffer(x, "one"));
            x.flush();
            x.send(Front.buffer(x, "t".repeat(5000)));
            x.send(Front.buffer(x, "three"));
            Headers trailers = new Headers();
            trailers.add("X-Sum", "3");
            x.response.trailers = trailers;
            x.end();
            return Outcome.DONE;
        })) {
            String answer = front.exchange("GET / HTTP/1.1\r\n" + CLOSE);
            assertThat(answer).contains("Transfer-Encoding: chunked\r\n").doesNotContain("Content-Length");
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    .isEqualTo("3\r\none\r\n1388\r\n" + "t".repeat(5000) + "\r\n5\r\nthree\r\n0\r\nX-Sum: 3\r\n\r\n");
            String old = front.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(old)
                    .contains("Connection: close\r\n")
                    .endsWith("\r\n\r\none" + "t".repeat(5000) + "three")
                    .doesNotContain("chunked");
        }
    }

    @Test
    void sendsNoBodyWhereThereIsNone() throws Exception {
        try (Front front = new Front(x -> {
            x.response.status = Integer.parseInt(x.uri.substring(1));
            x.response.contentLength = 4;
            x.response.contentType = "text/plain";
            x.sendHead();
            x.send(Front.buffer(x, "body"));
            x.end();
            return Outcome.DONE;
        })) {
            assertThat(front.exchange("HEAD /200 HTTP/1.1\r\n" + CLOSE))
                    .contains("Content-Length: 4\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(front.exchange("GET /204 HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 204 No Content\r\n")
                    .doesNotContain("Content-")
                    .endsWith("\r\n\r\n");
            assertThat(front.exchange("GET /304 HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 304 Not Modified\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(front.exchange("GET /299 HTTP/1.1\r\n" + CLOSE)).startsWith("HTTP/1.1 299 \r\n");
        }
    }

    @Test
    void makesALocationAbsolute() throws Exception {
        try (Front front = new Front(x -> {
            x.response.headers.add(FieldName.LOCATION, x.uri);
            return Outcome.status(302);
        })) {
            assertThat(front.exchange("GET /there HTTP/1.1\r\nHost: Example.com:99\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 302 Moved Temporarily\r\n")
                    .contains("\r\nLocation: http://example.com:" + front.port() + "/there\r\nConnection: close\r\n");
            assertThat(front.exchange("GET /there HTTP/1.0\r\n\r\n"))
                    .contains("\r\nLocation: http://127.0.0.1:" + front.port() + "/there\r\n");
        }
        try (Front front = new Front(place -> place.absoluteRedirect = false, x -> {
            x.response.headers.add(FieldName.LOCATION, x.uri);
            return Outcome.status(302);
        })) {
            assertThat(front.exchange("GET /there HTTP/1.1\r\n" + CLOSE)).contains("\r\nLocation: /there\r\n");
        }
        try (Front front = new Front(
                place -> {
                    place.serverNameInRedirect = true;
                    place.portInRedirect = false;
                },
                x -> {
                    x.response.headers.add(FieldName.LOCATION, x.uri);
                    return Outcome.status(302);
                })) {
            assertThat(front.exchange("GET /there HTTP/1.1\r\n" + CLOSE))
                    .contains("\r\nLocation: http://localhost/there\r\n");
        }
    }

    @Test
    void lineEndsInAValueCannotBecomeFields() throws Exception {
        try (Front front = new Front(x -> {
            x.response.headers.add("X-Echo", x.uri);
            return Front.text(x, "");
        })) {
            assertThat(front.exchange("GET /a%0d%0aSet-Cookie:%20b=c HTTP/1.1\r\n" + CLOSE))
                    .contains("\r\nX-Echo: /a  Set-Cookie: b=c\r\n");
        }
    }

    @Test
    void sendsInterimAnswers() throws Exception {
        try (Front front = new Front(x -> {
            Headers early = new Headers();
            early.add(FieldName.LINK, "</a.css>");
            x.sendInterim(103, early);
            return Front.text(x, "x");
        })) {
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n");
            assertThat(front.exchange("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void neverSendsMoreThanContentLength() throws Exception {
        try (Front front = new Front(x -> {
            x.response.status = 200;
            x.response.contentLength = 3;
            x.sendHead();
            x.send(Front.buffer(x, "12345"));
            x.end();
            return Outcome.DONE;
        })) {
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("\r\n\r\n123");
        }
    }

    @Test
    void cutsAnAnswerThatIsShorterThanItsContentLength() throws Exception {
        try (Front front = new Front(x -> {
            x.response.status = 200;
            x.response.contentLength = 10;
            x.sendHead();
            x.send(Front.buffer(x, "12345"));
            x.end();
            return Outcome.DONE;
        })) {
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("\r\n\r\n12345");
        }
    }

    @Test
    void answersRequestsThatCameTogetherInOrder() throws Exception {
        try (Front front = new Front(x -> {
            if (x.uri.equals("/slow")) {
                x.loop.execute(() -> Front.text(x, x.uri));
                return Outcome.DONE;
            }
            return Front.text(x, x.uri + (x.pipelined ? "+" : ""));
        })) {
            String answer = front.exchange("\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "\r\n\nGET /2 HTTP/1.1\nHost: a\n\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\n"
                    + CLOSE);
            assertThat(answer.replaceAll("(?s)HTTP/1.1 200.*?\r\n\r\n", "|")).isEqualTo("|/1|/slow|/2+|/slow|/3+");
        }
    }

    @Test
    void anAbortedAnswerIsSeenToBeBroken() throws Exception {
        try (Front front = new Front(x -> {
            x.response.status = 200;
            x.sendHead();
            x.send(Front.buffer(x, "part"));
            x.flush();
            x.abort();
            return Outcome.DONE;
        })) {
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("\r\n\r\n4\r\npart\r\n");
            assertThat(front.exchange("GET / HTTP/1.0\r\n\r\n")).endsWith("[reset]");
        }
    }

    @Test
    void nothingIsAnsweredWith444() throws Exception {
        try (Front front = new Front(x -> Outcome.status(444))) {
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).isEmpty();
            assertThat(front.end()).isEqualTo("GET / HTTP/1.1 444 0");
        }
    }

    @Test
    void tellsExchangesApart() throws Exception {
        try (Front front = new Front(x -> Front.text(x, text(x)))) {
            String answer = front.exchange("GET /a%20b/../c?d=%20e HTTP/1.1\r\nHost: A.b:80\r\n\r\n"
                    + "POST http://C.D/x HTTP/1.1\r\nHost: other\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
            assertThat(answer)
                    .contains("\r\n\r\nGET|/c|d=%20e|/a%20b/../c?d=%20e|a.b|80|")
                    .endsWith("\r\n\r\nPOST|/x||/x|c.d|0|");
        }
    }

    private static String text(Exchange x) {
        return x.method + "|" + x.uri + "|" + x.args + "|" + x.unparsedUri + "|" + x.host + "|" + x.hostPort + "|";
    }
}
