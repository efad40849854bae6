package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OctetsTest {
    @Test
    void assemblesAHead() {
        Octets head = new Octets(1);
        head.put("HTTP/1.1 ").putDecimal(200).put(" OK").putCrLf();
        head.put("X: ".getBytes(StandardCharsets.ISO_8859_1))
                .put("0\u00ff0", 1, 2)
                .put((byte) 0xC3)
                .put('!');
        head.putCrLf().putHex(0xCAFE);
        assertThat(head).hasToString("HTTP/1.1 200 OK\r\nX: \u00ff\u00c3!\r\ncafe");
        assertThat(head.length()).isEqualTo(head.toByteArray().length);
        assertThat(head.truncate(4)).hasToString("HTTP");
        assertThat(head.clear()).hasToString("");
        assertThatThrownBy(() -> head.truncate(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 15, 16, 255, 256, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 60})
    void writesNumbers(long value) {
        assertThat(new Octets().putDecimal(value)).hasToString(Long.toString(value));
        assertThat(new Octets().putHex(value)).hasToString(Long.toHexString(value));
    }

    @Test
    void growsAsNeeded() {
        Octets octets = new Octets(16);
        StringBuilder expected = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            String part = "\u00e4b".repeat(random.nextInt(40));
            octets.put(part).putDecimal(i);
            expected.append(part).append(i);
        }
        assertThat(octets).hasToString(expected.toString());
    }
}
