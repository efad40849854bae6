package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are understood, and that the others are refused, told in the log, and their connection closed. */
@Timeout(60)
class Http1RequestsTest {
    @SuppressWarnings("NullAway.Init")
    private static Front front;

    @BeforeAll
    static void start() throws Exception {
        front = new Front(x -> Front.text(
                x,
                x.method + "|" + x.uri + "|" + x.args + "|" + x.host + "|" + x.hostPort + "|" + x.request.get("X-Foo")
                        + "|"));
    }

    @AfterAll
    static void stop() throws Exception {
        front.close();
    }

    /** Sends it with a second request behind it, of which nothing may be seen. */
    private static String refused(String request, int status) throws Exception {
        front.errors.clear();
        front.logged.clear();
        String answer = front.exchange(
                request.replace("\n", "\r\n").replace("\r\r", "\r") + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close\r\n");
        assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSize(2);
        assertThat(answer).doesNotContain("/second");
        assertThat(front.end()).contains(" " + status + " ");
        return front.error();
    }

    private static String body(String request) throws Exception {
        String answer = front.exchange(request);
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void tellsARefusedRequestAsNginxDoes() throws Exception {
        assertThat(refused("GET / HTTP/1.1\nHost: a/b\n\n", 400))
                .startsWith("[info] client sent invalid host header while reading client request headers, "
                        + "client: 127.0.0.1, server: localhost, request: \"GET / HTTP/1.1\", host: \"a/b\"");
        assertThat(refused("get / HTTP/1.1\nHost: a\n\n", 400))
                .startsWith("[info] client sent invalid method while reading client request line, "
                        + "client: 127.0.0.1, server: localhost, request: \"get / HTTP/1.1\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\u0000 HTTP/1.1\n\n",
                "GET /\u0001 HTTP/1.1\n\n",
                "GET /\t HTTP/1.1\n\n",
                "GET /\u007f HTTP/1.1\n\n",
                "GET /%00 HTTP/1.1\n\n",
                "GET /%4 HTTP/1.1\n\n",
                "GET /%zz HTTP/1.1\n\n",
                "GET /a/../../b HTTP/1.1\n\n",
                "GET /%2e%2e HTTP/1.1\n\n",
                "GET a HTTP/1.1\n\n",
                "OPTIONS * HTTP/1.1\n\n",
                "GET  HTTP/1.1\n\n",
                "GET / HTTP/1.1 x\n\n",
                "GET / HTTP/0.9\n\n",
                "GET / HTTP/1.\n\n",
                "GET / HTTP/x\n\n",
                "GET / HTTQ/1.1\n\n",
                "GET / HTTP/1.1\rX\n\n",
                "GET /\rX HTTP/1.1\n\n",
                "GET http:/a HTTP/1.1\n\n",
                "GET http//a HTTP/1.1\n\n",
                "GET ht^tp://a HTTP/1.1\n\n",
                "GET http://a:b/ HTTP/1.1\n\n",
                "CONNECT a HTTP/1.1\n\n",
                "CONNECT a:b HTTP/1.1\n\n",
                "PRI * HTTP/2.0\n\nSM\n\n",
            })
    void refusesRequestLines(String request) throws Exception {
        assertThat(refused(request, 400)).contains("client sent invalid request while");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: a\nX-Foo : b\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo\t: b\n\n",
                "GET / HTTP/1.1\nHost: a\n X-Foo: b\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\n c\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\n\tc\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\u0000c\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\u0001c\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\u007fc\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo: b\rc\n\n",
                "GET / HTTP/1.1\nHost: a\nX-\u0000Foo: b\n\n",
                "GET / HTTP/1.1\nHost: a\nX-\u0002Foo: b\n\n",
                "GET / HTTP/1.1\nHost: a\nX-Foo\n\n",
                "GET / HTTP/1.1\nHost: a\n: b\n\n",
                "GET / HTTP/1.1\nHost: a\n\rX\n\n",
                "GET / HTTP/1.1\n\tHost: a\n\n",
            })
    void refusesFields(String request) throws Exception {
        assertThat(refused(request, 400))
                .contains("client sent invalid header line: \"")
                .contains("\\x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\nContent-Length: 3\n",
                "Content-Length: 3\nTransfer-Encoding: chunked\n",
                "Transfer-Encoding: chunked\nContent-Length: 3\n",
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
                "Content-Length: 3,3\n",
                "Content-Length: +3\n",
                "Content-Length: -3\n",
                "Content-Length: 3 3\n",
                "Content-Length: 0x3\n",
                "Content-Length:\n",
                "Content-Length: 92233720368547758080\n",
                "Host: b\n",
                "Host: a\n",
                "If-Modified-Since: a\nIf-Modified-Since: a\n",
                "If-Match: a\nIf-Match: b\n",
                "Authorization: a\nAuthorization: b\n",
                "Proxy-Authorization: a\nProxy-Authorization: b\n",
                "Expect: 100-continue\nExpect: 100-continue\n",
                "Content-Range: a\nContent-Range: b\n",
            })
    void refusesWhatCanBeReadInTwoWays(String fields) throws Exception {
        refused("POST / HTTP/1.1\nHost: a\n" + fields + "\nabc", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"identity", "chunked, identity", "gzip, chunked", "xchunked", "chunked;q=1", "", "\"chunked\""})
    void refusesOtherTransferCodings(String coding) throws Exception {
        assertThat(refused("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: " + coding + "\n\n0\n\n", 400))
                .contains("client sent unknown \"Transfer-Encoding\": \"" + coding + "\"");
    }

    @Test
    void refusesTransferCodingsOfOldClients() throws Exception {
        assertThat(refused("POST / HTTP/1.0\nHost: a\nTransfer-Encoding: chunked\n\n0\n\n", 400))
                .contains("client sent HTTP/1.0 request with \"Transfer-Encoding\" header");
    }

    @Test
    void refusesVersionsAndMethods() throws Exception {
        assertThat(refused("GET / HTTP/2.0\nHost: a\n\n", 505)).contains("client sent invalid version");
        assertThat(refused("GET / HTTP/1.1\n\n", 400)).contains("client sent HTTP/1.1 request without \"Host\" header");
        assertThat(refused("CONNECT a:80 HTTP/1.1\nHost: a\n\n", 405)).contains("client sent CONNECT method");
        assertThat(refused("TRACE / HTTP/1.1\nHost: a\n\n", 405)).contains("client sent TRACE method");
        assertThat(refused("GE(T / HTTP/1.1\nHost: a\n\n", 400)).contains("client sent invalid method");
        front.errors.clear();
        assertThat(front.exchange("POST /\r\n")).startsWith("<html>").contains("400 Bad Request");
        assertThat(front.error()).contains("client sent invalid method in HTTP/0.9 request");
    }

    @Test
    void refusesAtOnceWithoutWaitingForTheLine() throws Exception {
        try (Peer peer = front.connect()) {
            peer.send("\u0016\u0003\u0001");
            assertThat(peer.readToEnd()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "..a",
                "a/b",
                "a\\b",
                "a b",
                "a@b",
                "[::1",
                "[::1]x",
                "[a/b]",
                "x[::1]",
                "a:x",
                "a:80:80",
                "a:65536",
                "a:999999999999",
                "a:-1",
                "[::1].",
                "\u0080"
            })
    void refusesHosts(String host) throws Exception {
        assertThat(refused("GET / HTTP/1.1\nHost: " + host + "\n\n", 400)).contains("client sent invalid host header");
    }

    @Test
    void readsHostsAsNginxDoes() throws Exception {
        assertThat(body("GET / HTTP/1.0\r\nHost: L\r\n\r\n")).isEqualTo("GET|/||l|0|null|");
        assertThat(body("GET / HTTP/1.0\r\nHost: wWw.a-b_c.d.:\r\n\r\n")).isEqualTo("GET|/||www.a-b_c.d|0|null|");
        assertThat(body("GET / HTTP/1.0\r\nHost: a.b.:88\r\n\r\n")).isEqualTo("GET|/||a.b|88|null|");
        assertThat(body("GET / HTTP/1.0\r\nHost: [::FFFF:1.2.3.4]:65535\r\n\r\n"))
                .isEqualTo("GET|/||[::ffff:1.2.3.4]|65535|null|");
        assertThat(body("GET / HTTP/1.0\r\nHost: [v0.!$&'()*+,;=-._~a:]\r\n\r\n"))
                .isEqualTo("GET|/||[v0.!$&'()*+,;=-._~a:]|0|null|");
        assertThat(body("GET http://A.b:8?x HTTP/1.0\r\nHost: c\r\n\r\n")).isEqualTo("GET|/|x|a.b|8|null|");
        assertThat(body("GET HTTPS://[::1] HTTP/1.0\r\n\r\n")).isEqualTo("GET|/||[::1]|0|null|");
        assertThat(body("GET / HTTP/1.0\r\n\r\n")).isEqualTo("GET|/|||0|null|");
    }

    @Test
    void takesWhatIsUsual() throws Exception {
        assertThat(body("GET    /a   HTTP/1.0  \r\nHost:a\r\nX-Foo:\t b\t c \t \r\n\r\n"))
                .isEqualTo("GET|/a||a|0|b\t c|");
        assertThat(body("GET / HTTP/1.0\nHost: a\nX-Foo: b\n\n")).isEqualTo("GET|/||a|0|b|");
        assertThat(body("FOO_BAR-BAZ / HTTP/1.00\r\nX-Foo:\r\n\r\n")).isEqualTo("FOO_BAR-BAZ|/|||0||");
        assertThat(body("GET /\u00e4%E4+%2B HTTP/1.0\r\nX-Foo: \u00e4\r\n\r\n"))
                .isEqualTo("GET|/\u00e4\u00e4++|||0|\u00e4|");
    }

    @Test
    void decodesAndNormalisesPaths() throws Exception {
        assertUri("/a/b", "/a/./b");
        assertUri("/b", "/a/../b");
        assertUri("/", "/a/..");
        assertUri("/a/", "/a/b/..");
        assertUri("/a/", "/a/.");
        assertUri("/a/b", "//a///b");
        assertUri("/a/b", "/%61%2Fb");
        assertUri("/a/b", "/a/%2e/b");
        assertUri("/b", "/a/%2E%2e/b");
        assertUri("/a%b", "/a%25b");
        assertUri("/a?b", "/a%3fb");
        assertUri("/a#b", "/a%23b");
        assertUri("/a", "/a#b?c");
        assertUri("/.../a.", "/.../a.");
        assertUri("/.a/..b", "/.a/..b");
        assertUri("/a b", "/a%20b");
        assertThat(body("GET /a?b#c HTTP/1.0\r\n\r\n")).isEqualTo("GET|/a|b||0|null|");
        assertThat(body("GET /./a?b/../%2e HTTP/1.0\r\n\r\n")).isEqualTo("GET|/a|b/../%2e||0|null|");
        assertThat(body("GET /a/..?b HTTP/1.0\r\n\r\n")).isEqualTo("GET|/|b||0|null|");
    }

    private static void assertUri(String expected, String target) throws Exception {
        assertThat(body("GET " + target + " HTTP/1.0\r\n\r\n")).isEqualTo("GET|" + expected + "|||0|null|");
    }

    @Test
    void keepsSlashesIfSoWished() throws Exception {
        try (Front other = new Front(place -> place.mergeSlashes = false, x -> Front.text(x, x.uri))) {
            assertThat(other.exchange("GET //a//./b//../c HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\n//a//b/c");
        }
    }

    @Test
    void leavesOddFieldsOut() throws Exception {
        front.errors.clear();
        assertThat(body("GET / HTTP/1.0\r\nX_Foo: a\r\nX.Foo: b\r\n</x>: c\r\nX-Foo: d\r\n\r\n"))
                .isEqualTo("GET|/|||0|d|");
        assertThat(front.error()).startsWith("[info] client sent invalid header line: \"X_Foo: a\" while reading");
        assertThat(front.error()).contains("\"X.Foo: b\"");
        assertThat(front.error()).contains("\"</x>: c\"");
    }

    @Test
    void takesOddFieldsIfSoWished() throws Exception {
        try (Front other = new Front(
                place -> place.ignoreInvalidHeaders = false,
                x -> Front.text(x, x.request.get("X_Foo") + x.request.get(".foo")))) {
            assertThat(other.exchange("GET / HTTP/1.0\r\nX_Foo: a\r\n.foo: b\r\n\r\n"))
                    .endsWith("\r\n\r\nab");
        }
        try (Front other = new Front(
                place -> place.underscoresInHeaders = true,
                x -> Front.text(x, x.request.get("_Foo") + x.request.get(".foo")))) {
            assertThat(other.exchange("GET / HTTP/1.0\r\n_Foo: a\r\n.foo: b\r\n\r\n"))
                    .endsWith("\r\n\r\nanull");
        }
    }
}
