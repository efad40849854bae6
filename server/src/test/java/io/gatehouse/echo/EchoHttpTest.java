package io.gatehouse.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ends of lines matter here, so they are written out. */
@SuppressWarnings("StringConcatToTextBlock")
class EchoHttpTest extends EchoFixture {

    @Test
    void showsTheRequestExactlyAsItArrived() throws IOException {
        String answer = exchange("POST /a%20b?c=d HTTP/1.1\r\nhOsT:h\r\nX-Two:  a \t\r\nX-Two: \u00e9\r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\r\nhello");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("\r\n\r\nPOST /a%20b?c=d HTTP/1.1\nhOsT:h\nX-Two:  a \t\nX-Two: \u00e9\n")
                .contains("body of 5 bytes, SHA-256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n")
                .endsWith("\nhello\n");
    }

    @Test
    void showsItAsJson() throws IOException {
        String answer = exchange("PUT /x?\" HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: v\r\n\r\n");
        assertThat(answer)
                .contains("Content-Type: application/json\r\n")
                .contains(
                        "{\"method\":\"PUT\",\"target\":\"/x?\\\"\",\"version\":\"HTTP/1.1\",\"headers\":[[\"Host\",\"h\"],")
                .contains(
                        "\"body\":{\"size\":3,\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
                            + "\"chunked\":true,\"text\":\"abc\",\"trailers\":[[\"T\",\"v\"]]}")
                .contains("\"remote\":{\"address\":\"127.0.0.1\",\"port\":")
                .contains("\"connection\":1,\"request\":1}");
    }

    @Test
    void thePageShowsTheRequestAndNothingOfItAsMarkup() throws IOException {
        String answer = exchange("GET / HTTP/1.1\r\nHost: h\r\nX: <script>{{facts}}&\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .contains("Content-Security-Policy: default-src 'none';")
                .contains("X: &lt;script&gt;&#123;&#123;facts}}&amp;")
                .contains("</html>")
                .doesNotContain("{{");
        assertThat(exchange(last("/page.js"))).contains("Content-Type: text/javascript; charset=utf-8");
        assertThat(exchange(last("/page.css"))).contains("Content-Type: text/css; charset=utf-8");
        assertThat(exchange(last("/favicon.ico"))).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void answersPipelinedRequestsInOrderOnOneConnection() throws IOException {
        try (RawClient client = client()) {
            client.send("\r\n" + get("/status/404")
                    + "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                    + "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
                    + get("/1"));
            assertThat(client.answer()).startsWith("HTTP/1.1 404 Not Found\r\n");
            assertThat(client.answer()).contains("request 2 on it").endsWith("abc\n");
            assertThat(client.answer()).contains("body of 1 bytes in chunks");
            assertThat(client.answer()).contains("GET /1 HTTP/1.1\n").contains("connection 1, request 4 on it");
        }
    }

    @Test
    void headHasTheHeadOfGetAndNoBody() throws IOException {
        try (RawClient client = client()) {
            client.send("HEAD /bytes/100 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/status/200"));
            assertThat(client.head()).contains("Content-Length: 100\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("200 OK\n");
        }
    }

    @Test
    void http10EndsTheConnectionUnlessAskedToKeepIt() throws IOException {
        assertThat(exchange("GET /x HTTP/1.0\r\n\r\n"))
                .contains("Connection: close\r\n")
                .contains("GET /x HTTP/1.0\n");
        assertThat(exchange("GET /chunked/3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .doesNotContain("Transfer-Encoding")
                .contains("Connection: close\r\n")
                .endsWith("\r\n\r\nabc");
        try (RawClient client = client()) {
            client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.answer()).contains("Connection: keep-alive\r\n");
            assertThat(client.send(last("/y")).toEnd()).contains("request 2 on it");
        }
    }

    @Test
    void asksForABodyThatWaitsForIt() throws IOException {
        String head = " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
        try (RawClient client = client()) {
            client.send("POST /echo" + head);
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("ok").answer()).endsWith("ok\n");
            client.send("POST /status/413?early" + head);
            assertThat(client.answer()).startsWith("HTTP/1.1 413 ").contains("Connection: close\r\n");
            client.socket.shutdownOutput();
            assertThat(client.toEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"200,OK", "299,Status", "404,Not Found", "503,Service Unavailable", "599,Status"})
    void anyStatus(int status, String text) throws IOException {
        assertThat(exchange(last("/status/" + status)))
                .startsWith("HTTP/1.1 " + status + " " + text + "\r\n")
                .endsWith(status + " " + text + "\n");
    }

    @Test
    void statusesWithoutABodyHaveNone() throws IOException {
        assertThat(exchange(last("/status/204")))
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
        assertThat(exchange(last("/status/304")))
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
        assertThat(exchange(last("/status/205")))
                .contains("Content-Length: 0\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void earlyHintsComeBeforeTheAnswerButNotToHttp10() throws IOException {
        assertThat(exchange(last("/status/103")))
                .startsWith("HTTP/1.1 103 Early Hints\r\nLink: ")
                .contains("\r\n\r\nHTTP/1.1 200 OK\r\n");
        assertThat(exchange("GET /status/103 HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void redirectsAndFields() throws IOException {
        assertThat(exchange(last("/redirect?to=/x%3Fy&status=307")))
                .startsWith("HTTP/1.1 307 ")
                .contains("Location: /x?y\r\n");
        assertThat(exchange(last("/redirect/3"))).startsWith("HTTP/1.1 302 ").contains("Location: /redirect/2\r\n");
        assertThat(exchange(last("/headers?X-A=1&X-A=b+c&Content-Type=text/html")))
                .contains("X-A: 1\r\nX-A: b c\r\nContent-Type: text/html\r\n")
                .doesNotContain("text/plain");
        assertThat(exchange(get("/headers?X-A=1%0d%0aX-B:2")))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("X-A");
        assertThat(exchange(get("/headers?content-length=1"))).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(get("/headers?Connection=close"))).contains("Connection: close\r\n");
    }

    @Test
    void trailersFollowTheChunks() throws IOException {
        assertThat(exchange(last("/trailers")))
                .contains("Trailer: X-Echo-Request-Size, X-Echo-Request-Sha256\r\n")
                .contains("\r\n0\r\nX-Echo-Request-Size: 0\r\nX-Echo-Request-Sha256: e3b0c442")
                .endsWith("\r\n\r\n");
    }

    @Test
    void endsWithoutAnAnswerOrWithHalfOfOne() throws IOException {
        assertThat(exchange(get("/close"))).isEmpty();
        assertThat(exchange(get("/close?after=3")))
                .contains("Content-Length: 4\r\n")
                .endsWith("\r\n\r\nabc");
        assertThatThrownBy(() -> exchange(get("/reset"))).isInstanceOf(SocketException.class);
    }

    @Test
    void absoluteFormIsUnderstood() throws IOException {
        assertThat(exchange("GET http://h/status/418 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 418 ");
        assertThat(exchange("GET http://h?x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("</html>");
        assertThat(exchange("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("OPTIONS * HTTP/1.1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "GET /status/99 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /status/600 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /status/101 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /slow/3601 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /bytes/x?%zz HTTP/1.1\r\nHost: h\r\n\r\n",
            })
    void refusesWhatIsWrongAndEndsTheConnection(String request) throws IOException {
        assertThat(exchange(request))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close\r\n")
                .contains("\r\n\r\n400: ");
    }

    @Test
    void refusesWhatItDoesNotDo() throws IOException {
        assertThat(exchange("GET / HTTP/2.0\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 505 ");
        assertThat(exchange("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 501 ");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"))
                .startsWith("HTTP/1.1 501 ");
    }

    @Test
    void bareLineFeedsEndLines() throws IOException {
        assertThat(exchange("GET /x HTTP/1.1\nHost: h\nConnection: close\n\n"))
                .contains("\r\n\r\nGET /x HTTP/1.1\nHost: h\n");
    }

    @Test
    void aPortInUseIsSaidClearly() {
        assertThatThrownBy(
                        () -> EchoServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(":" + server.port() + ": the port is in use by another program");
        assertThatThrownBy(() -> EchoServer.start(InetSocketAddress.createUnresolved("no.such.invalid", 0)))
                .hasMessageContaining("no address is known for that name");
    }

    @Test
    void closingEndsWhatWaits() throws IOException {
        try (RawClient idle = client();
                RawClient slow = client()) {
            idle.send(get("/x")).answer();
            slow.send(get("/slow/60?drip")).head();
            server.close();
            assertThat(idle.toEnd()).isEmpty();
            assertThat(slow.toEnd()).isEmpty();
        }
    }
}
