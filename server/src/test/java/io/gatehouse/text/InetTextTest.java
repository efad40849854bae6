package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InetTextTest {
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:2, ::2",
        "0:0:0:0:0:0:0:102, ::0.0.1.2",
        "0:0:0:0:0:0:a01:203, ::10.1.2.3",
        "0:0:0:0:0:ffff:7f00:1, ::ffff:127.0.0.1",
        "fe80:0:0:1:0:0:0:1, fe80:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    })
    void addressesAreWrittenAsNginxDoes(String groups, String text) {
        byte[] octets = new byte[16];
        String[] words = groups.split(":");
        for (int i = 0; i < 8; i++) {
            int group = Integer.parseInt(words[i], 16);
            octets[2 * i] = (byte) (group >> 8);
            octets[2 * i + 1] = (byte) group;
        }
        assertThat(InetText.of(octets)).isEqualTo(text);
    }
}
