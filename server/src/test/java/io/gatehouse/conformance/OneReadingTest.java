package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RecordingApplication;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message has one reading (RFC 9112): what a client and an application could understand differently is refused before the
 * application hears of it, and nothing that stands behind it is looked at; what is passed on is written anew, always in the
 * same form.
 */
@Timeout(60)
class OneReadingTest {
    private static final int ME = 1;
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String PASS =
            "proxy_pass http://127.0.0.1:%d; proxy_http_version 1.1; proxy_set_header Host $host;"
                    + " proxy_set_header Connection \"\"; proxy_set_header X-Client " + ME + ";";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static RecordingApplication application;

    @SuppressWarnings("NullAway.Init")
    private static Site site;

    @BeforeAll
    static void start() throws Exception {
        application = new RecordingApplication();
        String pass = PASS.formatted(application.port());
        site = new Site(
                folder,
                "keepalive_timeout 1s;",
                "location / { " + pass + " } location /unbuffered/ { proxy_request_buffering off; " + pass + " }");
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
        application.close();
        assertThat(application.odd()).as("what the application could not read").isEmpty();
    }

    /** Nobody but the client hears of it, and nothing behind it is answered. */
    private static void refused(String request, int status) throws IOException {
        application.expect(ME);
        String answers = exchange(request + SMUGGLED);
        assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
        assertThat(application.received(ME)).isEmpty();
    }

    private static String exchange(String octets) throws IOException {
        try (Peer peer = new Peer(site.port)) {
            peer.send(octets);
            return peer.readToEnd();
        }
    }

    /** What the application was sent, without the field that the test put in. */
    private static List<String> passedOn(String octets) throws IOException {
        application.expect(ME);
        exchange(octets);
        return application.received(ME).stream()
                .map(request -> request.replace("X-Client: (port)\r\n", ""))
                .toList();
    }

    private static String post(String fields) {
        return "POST /a HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    }

    // ---------------------------------------------------------------- where a body ends

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 13\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 13",
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                "content-length: 13\r\nX: y\r\ntransfer-ENCODING: Chunked"
            })
    void aLengthAndATransferCodingAtOnceAreRefused(String fields) throws Exception {
        refused(post(fields), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 13\r\nContent-Length: 13",
                "Content-Length: 13\r\nContent-Length: 0",
                "Content-Length: 13\r\nX: y\r\ncontent-length: 13",
                "Content-Length: 13, 13",
                "Content-Length: 13,"
            })
    void repeatedLengthsAreRefused(String fields) throws Exception {
        refused(post(fields), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+13",
                "-13",
                "-0",
                "0xd",
                "1 3",
                "13.0",
                "1e1",
                "13x",
                "x13",
                "\"13\"",
                "",
                " ",
                "\u00b9\u00b3",
                "9223372036854775808",
                "18446744073709551629",
                "99999999999999999999999"
            })
    void lengthsThatAreNoNumbersAreRefused(String length) throws Exception {
        refused(post("Content-Length: " + length), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "gzip, chunked",
                "GZip ,\tChunked",
                "deflate, chunked",
                "chunked, gzip",
                "chunked, chunked",
                "gzip, chunked, chunked",
                "identity",
                "identity, chunked",
                "chunked, identity",
                "br, chunked",
                "trailers",
                "gzip;q=1, chunked",
                "chunked,",
                ", chunked",
                "chunked;q=1",
                "xchunked",
                "chunkedx",
                "x chunked",
                "\"chunked\"",
                ""
            })
    void codingsOtherThanChunkedAreRefused(String coding) throws Exception {
        refused(post("Transfer-Encoding: " + coding), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "identity", "gzip"})
    void repeatedCodingsAreRefused(String second) throws Exception {
        refused(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: " + second), 400);
        refused(post("Transfer-Encoding: " + second + "\r\nTransfer-Encoding: chunked"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u000bchunked", "\fchunked", "chunked\f", "chun\0ked", "\0chunked", "chunked\0", "\u007fchunked"
            })
    void codingsWithControlBytesAreRefused(String coding) throws Exception {
        refused(post("Transfer-Encoding: " + coding), 400);
    }

    @Test
    void codingsOfOldClientsAreRefused() throws Exception {
        refused(post("Transfer-Encoding: chunked").replace("HTTP/1.1", "HTTP/1.0"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+3\r\nabc\r\n0\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                " 3\r\nabc\r\n0\r\n\r\n",
                "3x\r\nabc\r\n0\r\n\r\n",
                "3_\r\nabc\r\n0\r\n\r\n",
                "g\r\nabc\r\n0\r\n\r\n",
                "\r\nabc\r\n0\r\n\r\n",
                ";x\r\nabc\r\n0\r\n\r\n",
                "3\0\r\nabc\r\n0\r\n\r\n",
                "2\r\nabc\r\n0\r\n\r\n",
                "4\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc0\r\n\r\n",
                "3\r\nabcXX0\r\n\r\n",
                "8000000000000000\r\nabc\r\n0\r\n\r\n",
                "10000000000000003\r\nabc\r\n0\r\n\r\n",
                "fffffffffffffffffffffff3\r\nabc\r\n0\r\n\r\n"
            })
    void badChunkSizesAreRefused(String chunks) throws Exception {
        refused("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\nabc\r\n0\r\n\r\n",
                "3\r\nabc\n0\r\n\r\n",
                "3\r\nabc\r\n0\n\r\n",
                "3\r\nabc\r\n0\r\n\n",
                "3;x\nabc\r\n0\r\n\r\n",
                "3\rabc\r\n0\r\n\r\n",
                "3\r\r\nabc\r\n0\r\n\r\n",
                "3;\rx\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r0\r\n\r\n",
                "3\r\nabc\r\n0\r\r\n"
            })
    void linesOfAChunkedBodyEndWithCrLfAlone(String chunks) throws Exception {
        refused("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X", "X : y", " X: y", ": y", "X y: z", "X: y\0", "X: y\r z", "X: a\r\n b", "GET / HTTP/1.1"})
    void oddTrailersAreRefused(String trailer) throws Exception {
        refused(
                "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + trailer
                        + "\r\n\r\n",
                400);
    }

    // ---------------------------------------------------------------- the head

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a HTTP/1.1\r\nHost: a\r\nX: y\rZ: z\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: a\r\nX\r: y\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: a\r\n\r\r\n",
                "GET /a HTTP/1.1\rHost: a\r\n\r\n",
                "GET /a\r HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a HTTP/1.1\r\r\nHost: a\r\n\r\n"
            })
    void aBareCrIsRefused(String request) throws Exception {
        refused(request, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X : y", "X\t: y", "Content-Length : 3", "Transfer-Encoding : chunked", "Host : b"})
    void spacesBeforeAColonAreRefused(String field) throws Exception {
        refused("GET /a HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y\r\n z",
                "X: y\r\n\tz",
                "X:\r\n y",
                "X: y\n z",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding: chunked\r\n , identity",
                "Content-Length: 1\r\n 3"
            })
    void foldedFieldsAreRefused(String field) throws Exception {
        refused("GET /a HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n", 400);
        refused("GET /a HTTP/1.1\r\n " + field + "\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 0x0b, 0x0c, 0x0e, 0x1b, 0x1f, 0x7f})
    void nulAndControlBytesAreRefused(int control) throws Exception {
        char c = (char) control;
        refused("GET /a HTTP/1.1\r\nHost: a\r\nX: y" + c + "z\r\n\r\n", 400);
        refused("GET /a HTTP/1.1\r\nHost: a\r\nX" + c + ": y\r\n\r\n", 400);
        refused("GET /a HTTP/1.1\r\nHost: a\r\n" + c + "X: y\r\n\r\n", 400);
        refused("GET /a HTTP/1.1\r\nHost: a" + c + "\r\n\r\n", 400);
        refused("GET /a" + c + " HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        refused("GET /a?" + c + " HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        refused("GET" + c + " /a HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        refused("GET /a HTTP/1.1" + c + "\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "X y", ": y", "X y: z", "GET /smuggled HTTP/1.1"})
    void linesThatAreNoFieldsAreRefused(String line) throws Exception {
        refused("GET /a HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a\r\nHost: a\r\n",
                "Host: a\r\nHost: b\r\n",
                "Host:\r\n",
                "",
                "Host: a b\r\n",
                "Host: a/b\r\n",
                "Host: a@b\r\n",
                "Host: a:b\r\n",
                "Host: a\\b\r\n"
            })
    void aRequestHasOneHost(String fields) throws Exception {
        refused("GET /a HTTP/1.1\r\n" + fields + "\r\n", 400);
    }

    // ---------------------------------------------------------------- what is passed on

    @Test
    void whatIsPassedOnIsWrittenInOneForm() throws Exception {
        assertThat(passedOn("\n"
                        + "GET   /a/../b?c   HTTP/1.1\n"
                        + "hOST:\tA.test.:80 \n"
                        + "X:y\n"
                        + "Empty:\n"
                        + "X-Y: \t a \t b \t\n"
                        + "Connection: close\n\n"))
                .containsExactly("GET /a/../b?c HTTP/1.1\r\nHost: a.test\r\nX: y\r\nEmpty: \r\nX-Y: a \t b\r\n\r\n");
    }

    @Test
    void aChunkedBodyIsPassedOnWithoutItsOddities() throws Exception {
        String body = "003;x=y\r\nabc\r\nA ;z\r\n0123456789\r\n00;q\r\nX: y\r\n\r\n";
        String head = " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n";
        assertThat(passedOn("POST /a" + head + body))
                .containsExactly("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 13\r\n\r\nabc0123456789");
        assertThat(passedOn("POST /unbuffered/" + head + body))
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("POST /unbuffered/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .doesNotContain(";", "Chunked", "003")
                        .contains("\r\n0\r\n"));
    }

    @Test
    void aBodyGoesWithTheRequestThatItCameWith() throws Exception {
        assertThat(passedOn("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n"
                        + SMUGGLED + "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .containsExactly(
                        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED,
                        "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void hopByHopFieldsAreNotPassedOn() throws Exception {
        assertThat(passedOn("GET /a HTTP/1.1\r\nHost: a\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: x\r\n"
                        + "Proxy-Connection: keep-alive\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"))
                .containsExactly("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    }
}
