package io.gatehouse.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatehouse.listen.ProxyProtocol.Found;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes: it is a header, or none, or the beginning of one; and it is the same however it is cut. */
class ProxyProtocolFuzzTest {
    private static final String[] PIECES = {
        "PROXY ",
        "TCP4 ",
        "TCP6 ",
        "UNKNOWN",
        "192.0.2.1 ",
        "2001:db8::1 ",
        "65535",
        " 0",
        "\r\n",
        "\r",
        "\n",
        "\r\n\r\n\0\r\nQUIT\n",
        "\u0021\u0011",
        "\u0020\u0021",
        "\0\u000c",
        "\0\u0024",
        "\u00ff",
        "\0\0\0",
        "GET / HTTP/1.1\r\n"
    };

    @FuzzTest
    void everyCutIsReadTheSame(byte[] bytes) {
        check(bytes);
    }

    @Test
    void headersMadeByChance() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? PIECES[random.nextInt(2) * 11] : "");
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void check(byte[] bytes) {
        String last = read(bytes, bytes.length);
        for (int count = 1; count < bytes.length; count++) {
            String begun = read(bytes, count);
            if (begun.startsWith("found")) {
                assertThat(last).isEqualTo(begun);
                return;
            }
            if (begun.startsWith("broken")) {
                assertThat(last).startsWith("broken");
                return;
            }
        }
    }

    private static String read(byte[] bytes, int count) {
        Found found;
        try {
            found = ProxyProtocol.read(Arrays.copyOf(bytes, count), count);
        } catch (ProxyProtocol.Broken e) {
            assertThat(e.getMessage()).isNotEmpty();
            return "broken";
        }
        if (found == null) {
            assertThat(count).isLessThan(ProxyProtocol.LONGEST);
            return "more";
        }
        assertThat(found.length()).isBetween(1, count);
        ProxyHeader header = found.header();
        if (header == null) {
            return "found " + found.length();
        }
        for (String name : new String[] {"alpn", "ssl_verify", "ssl_cn", "0xff"}) {
            try {
                String value = header.tlv(name);
                assertThat(value == null || value.length() <= found.length()).isTrue();
            } catch (ProxyHeader.NoSuchTlv e) {
                assertThat(e).hasMessage("broken PROXY protocol TLV");
            }
        }
        return "found " + found.length() + " " + header.sourceAddress() + " " + header.sourcePort() + " "
                + header.destinationAddress() + " " + header.destinationPort();
    }
}
