package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AsciiTest {
    @Test
    void comparesWithoutCase() {
        byte[] text = bytes("xx-Content-LENGTH");
        assertThat(Ascii.equalsIgnoreCase(text, 3, 14, "content-length")).isTrue();
        assertThat(Ascii.equalsIgnoreCase(text, 3, 13, "content-length")).isFalse();
        assertThat(Ascii.equalsIgnoreCase(text, 3, 14, "content_length")).isFalse();
        assertThat(Ascii.equalsIgnoreCase(text, 3, bytes("CONTENT"), 0, 7)).isTrue();
        assertThat(Ascii.equals(text, 3, 7, "Content")).isTrue();
        assertThat(Ascii.equals(text, 3, 7, "content")).isFalse();
        assertThat(Ascii.equals(bytes("\u00ff"), 0, 1, "\u00ff")).isTrue();
        assertThat(Ascii.startsWithIgnoreCase("GET /", 4, "/x")).isFalse();
        assertThat(Ascii.startsWithIgnoreCase("Bearer x", 0, "bearer ")).isTrue();
    }

    @Test
    void onlyLettersHaveACase() {
        assertThat(Ascii.equalsIgnoreCase("@[`{", "`{@[")).isFalse();
        assertThat(Ascii.equalsIgnoreCase("\u00c4", "\u00e4")).isFalse();
        assertThat(Ascii.equalsIgnoreCase("k", "\u212a")).isFalse();
        assertThat(Ascii.lower("ABCxyz\u00c4[")).isEqualTo("abcxyz\u00c4[");
    }

    @Test
    void readsDecimalDigitsOnly() {
        assertThat(Ascii.decimal("0123")).isEqualTo(123);
        assertThat(Ascii.decimal("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Ascii.decimal("9223372036854775808")).isEqualTo(-1);
        assertThat(Ascii.decimal("")).isEqualTo(-1);
        assertThat(Ascii.decimal("+1")).isEqualTo(-1);
        assertThat(Ascii.decimal("-1")).isEqualTo(-1);
        assertThat(Ascii.decimal("1 ")).isEqualTo(-1);
        assertThat(Ascii.decimal("\u0661")).isEqualTo(-1);
        assertThat(Ascii.decimal(bytes("x42y"), 1, 2)).isEqualTo(42);
        assertThat(Ascii.decimal(bytes("\u00b1"), 0, 1)).isEqualTo(-1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
