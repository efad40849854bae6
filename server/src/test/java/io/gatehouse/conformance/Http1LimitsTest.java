package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of a request's head: each has a number, one side of which passes. */
@Timeout(60)
class Http1LimitsTest {
    private static final String TAIL = "Host: a\r\nConnection: close\r\n\r\n";

    private static Front front() throws Exception {
        return new Front(
                place -> {
                    place.clientHeaderBufferSize = 128;
                    place.largeClientHeaderBuffers = 3;
                    place.largeClientHeaderBufferSize = 256;
                    place.maxHeaders = 5;
                },
                x -> Front.text(x, x.uri.length() + " " + x.request.size()),
                Map.of("large", place -> {
                    place.clientHeaderBufferSize = 128;
                    place.largeClientHeaderBuffers = 3;
                    place.largeClientHeaderBufferSize = 1000;
                    place.maxHeaders = 7;
                }));
    }

    private static String field(int length) {
        return "X: " + "v".repeat(length - 5) + "\r\n";
    }

    @Test
    void aRequestLineMustFitIntoOneLargeBuffer() throws Exception {
        try (Front front = front()) {
            // method, space, target, space, version, line end: 256 in all
            String fits = "/" + "u".repeat(256 - 4 - 11 - 1);
            assertThat(front.exchange("GET " + fits + " HTTP/1.1\r\n" + TAIL))
                    .contains("\r\n\r\n" + fits.length() + " 2");
            assertThat(front.exchange("GET " + fits + "u HTTP/1.1\r\n" + TAIL))
                    .startsWith("HTTP/1.1 414 Request-URI Too Large\r\n")
                    .contains("<title>414 Request-URI Too Large</title>", "Connection: close\r\n");
            assertThat(front.error())
                    .startsWith("[info] client sent too long URI while reading client request line, client: 127.0.0.1, "
                            + "server: localhost, request: \"GET /uuu");
        }
    }

    @Test
    void aFieldMustFitIntoOneLargeBuffer() throws Exception {
        try (Front front = front()) {
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + field(256) + TAIL)).contains("\r\n\r\n1 3");
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + field(257) + TAIL))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("<center>Request Header Or Cookie Too Large</center>", "Connection: close\r\n");
            assertThat(front.end()).contains(" 200 ");
            assertThat(front.error()).startsWith("[info] client sent too long header line: \"X: vvv");
        }
    }

    @Test
    void thereAreSoManyLargeBuffers() throws Exception {
        try (Front front = front()) {
            String three = field(200) + field(200) + field(200);
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: a\r\n" + three + "Connection: close\r\n\r\n"))
                    .contains("\r\n\r\n1 5");
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + three + field(200) + TAIL))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("Request Header Or Cookie Too Large");
        }
    }

    @Test
    void thereAreSoManyFields() throws Exception {
        try (Front front = front()) {
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(3) + TAIL))
                    .contains("\r\n\r\n1 5");
            assertThat(front.exchange("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(4) + TAIL))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(front.error()).startsWith("[info] client sent too many header lines while reading");
        }
    }

    @Test
    void theServerThatIsChosenSetsTheLimits() throws Exception {
        try (Front front = front()) {
            String tail = "Connection: close\r\n\r\n";
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: large\r\n" + field(1000) + "A: b\r\n".repeat(4) + tail))
                    .contains("\r\n\r\n1 7");
            assertThat(front.exchange("GET / HTTP/1.1\r\nHost: large\r\n" + field(1001) + tail))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
    }

    @Test
    void aPipelinedRequestHasTheSameLimits() throws Exception {
        try (Front front = front()) {
            String first = "GET / HTTP/1.1\r\nHost: a\r\n" + field(200) + field(200) + field(200) + "\r\n";
            assertThat(front.exchange(first + first + "GET /" + "u".repeat(230) + " HTTP/1.1\r\n" + field(250) + TAIL))
                    .containsPattern("(?s)\r\n\r\n1 4HTTP.*\r\n\r\n1 4HTTP.*\r\n\r\n231 3$");
        }
    }

    @Test
    void emptyLinesBeforeARequestHaveNoLimit() throws Exception {
        try (Front front = front()) {
            assertThat(front.exchange("\r\n".repeat(5000) + "GET / HTTP/1.1\r\n" + TAIL))
                    .contains("\r\n\r\n1 2");
        }
    }
}
