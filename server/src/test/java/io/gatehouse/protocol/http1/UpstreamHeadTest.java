package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Headers;
import io.gatehouse.protocol.http1.UpstreamHead.State;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of applications, whole, in pieces, and broken. */
class UpstreamHeadTest {
    private static final String USUAL =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b;  c \r\nX-Empty:\r\n\r\n";

    @Test
    void statusAndFieldsAreSlices() {
        UpstreamHead head = new UpstreamHead();
        byte[] bytes = (USUAL + "hello").getBytes(ISO_8859_1);
        assertThat(head.read(bytes, bytes.length)).isEqualTo(State.DONE);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.isHttp11()).isTrue();
        assertThat(head.reasonEquals("OK")).isTrue();
        assertThat(text(head.fields())).isEqualTo("Content-Length: 5|Set-Cookie: a=b;  c|X-Empty: |");
        assertThat(head.end()).isEqualTo(USUAL.length());
    }

    @Test
    void piecesMakeNoDifference() {
        Random random = new Random(7);
        byte[] bytes = USUAL.getBytes(ISO_8859_1);
        for (int round = 0; round < 300; round++) {
            UpstreamHead head = new UpstreamHead();
            int limit = 0;
            State state = State.MORE;
            while (limit < bytes.length) {
                assertThat(state).isEqualTo(State.MORE);
                limit = Math.min(bytes.length, limit + 1 + random.nextInt(9));
                // another array each time, as when it grows
                state = head.read(Arrays.copyOf(bytes, limit + random.nextInt(3)), limit);
            }
            assertThat(state).isEqualTo(State.DONE);
            assertThat(text(head.fields())).isEqualTo("Content-Length: 5|Set-Cookie: a=b;  c|X-Empty: |");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.0 404 Not Found, 404, Not Found, false",
        "HTTP/1.1 200, 200, '', true",
        "HTTP/1.1 200 , 200, '', true",
        "HTTP/1.1   503 Busy, 503, Busy, true",
        "HTTP/1.2 200 OK, 200, OK, true",
        "HTTP/1.1 403.1 Forbidden, 403, 1 Forbidden, true",
    })
    void statusLines(String line, int status, String reason, boolean http11) {
        UpstreamHead head = new UpstreamHead();
        byte[] bytes = (line + "\r\n\r\n").getBytes(ISO_8859_1);
        assertThat(head.read(bytes, bytes.length)).isEqualTo(State.DONE);
        assertThat(head.status()).isEqualTo(status);
        assertThat(head.reason()).isEqualTo(reason);
        assertThat(head.isHttp11()).isEqualTo(http11);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-x\r\n",
                "<html>",
                "HTTQ",
                "HTTP/a",
                "HTTP/1.1 2x0 OK\r\n",
                "HTTP/1.1 2000\r\n",
                "HTTP/1.1 099 Low\r\n",
                "HTTP/1.1\r\n",
                "HTTP/1.1 200 O\rK\r\n"
            })
    void whatIsNoHttpIsSeenAtOnce(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(new UpstreamHead().read(bytes, bytes.length)).isEqualTo(State.NOT_HTTP);
    }

    @ParameterizedTest
    @CsvSource({
        "'X : y', 'X\\x20...'",
        "' folded', '\\x20...'",
        "': no name', '\\x3a...'",
        "'A: b\rc', 'A: b\\x0d...'",
        "'A b: c', 'A\\x20...'",
        "'A: \u0000', 'A: \\x00...'",
    })
    void malformedFieldsAreRefused(String line, String offence) {
        UpstreamHead head = new UpstreamHead();
        byte[] bytes = ("HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n").getBytes(ISO_8859_1);
        assertThat(head.read(bytes, bytes.length)).isEqualTo(State.INVALID_FIELD);
        assertThat(head.offence()).isEqualTo(offence);
    }

    @Test
    void aSecondStatusLineIsSkipped() {
        UpstreamHead head = new UpstreamHead();
        byte[] bytes = "HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(head.read(bytes, bytes.length)).isEqualTo(State.DONE);
        assertThat(text(head.fields())).isEqualTo("A: b|");
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(11);
        byte[] alphabet = "HTTP/1.1 200 OK\r\n: \tabc\0\u00ff".getBytes(ISO_8859_1);
        UpstreamHead head = new UpstreamHead();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = USUAL.getBytes(ISO_8859_1);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            head.reset();
            State state = State.MORE;
            for (int limit = 1; limit <= bytes.length && state == State.MORE; limit += 1 + random.nextInt(20)) {
                state = head.read(bytes, limit);
            }
            if (state == State.DONE) {
                assertThat(text(head.fields())).doesNotContain("\r", "\n", "\0");
            } else if (state == State.INVALID_FIELD) {
                assertThat(head.offence()).isNotEmpty();
            }
        }
    }

    private static String text(Headers fields) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            text.append(fields.name(i)).append(": ").append(fields.value(i)).append('|');
        }
        return text.toString();
    }
}
