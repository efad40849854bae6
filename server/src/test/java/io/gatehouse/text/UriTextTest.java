package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.text.UriText.Part;
import io.gatehouse.text.UriText.Reading;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UriTextTest {
    private static final String PRINTABLE =
            " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    /** What nginx's tables escape among the printable characters. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "URI,           ~ \"#%<>?\\^`{|}~",
                "ARGS,          ~ \"#%&+;<>?\\^`{|}~",
                "URI_COMPONENT, ~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~",
                "HTML,          ~ \"#%'<>\\^`{|}~",
                "MEMCACHED,     ~ %~",
            })
    void escapesWhatNginxEscapes(Part part, String escaped) {
        assertThat(escapedOf(part)).isEqualTo(escaped);
    }

    @Test
    void theRefreshTableHasItsOddity() {
        assertThat(escapedOf(Part.REFRESH)).isEqualTo(" \"'<>\\^`{|~");
    }

    private static String escapedOf(Part part) {
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < PRINTABLE.length(); i++) {
            char c = PRINTABLE.charAt(i);
            String text = UriText.escape(String.valueOf(c), part);
            if (text.length() > 1) {
                assertThat(text).isEqualTo(String.format("%%%02X", (int) c));
                found.append(c);
            }
        }
        return found.toString();
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void controlsAreAlwaysEscapedAndComeBack(Part part) {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        String text = all.toString();
        String escaped = UriText.escape(text, part);
        assertThat(escaped).startsWith("%00%01%02").contains("%0D").contains("%20");
        assertThat(escaped).hasSize(256 + 2 * UriText.escapes(text, part));
        if (part != Part.REFRESH) { // which leaves the percent sign as it is
            assertThat(UriText.unescape(escaped)).isEqualTo(text);
        }

        Octets out = new Octets();
        UriText.escape(text.getBytes(StandardCharsets.ISO_8859_1), 0, 256, part, out);
        assertThat(out).hasToString(escaped);
        assertThat(escaped.contains("%FF")).isEqualTo(part != Part.MEMCACHED);
    }

    @Test
    void aTextWithNothingToEscapeIsReturnedAsItIs() {
        String text = "/a/b-c";
        assertThat(UriText.escape(text, Part.URI)).isSameAs(text);
        assertThat(UriText.unescape(text)).isSameAs(text);
        assertThat(UriText.escapeHtml(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "%41%2f%e4, A/\u00e4",
                "a%zb, azb",
                "a%4zb, ab",
                "a%, a",
                "a%4, a",
                "%%41, %41",
                "%3f?x, ??x",
            })
    void unescapes(String text, String meant) {
        assertThat(UriText.unescape(text)).isEqualTo(meant);
    }

    @Test
    void stopsAtTheQuery() {
        StringBuilder out = new StringBuilder();
        assertThat(UriText.unescape("/%41?%42", 0, 8, Reading.UP_TO_QUERY, out)).isEqualTo(5);
        assertThat(out).hasToString("/A?");
        out.setLength(0);
        assertThat(UriText.unescape("/%3f%42", 0, 7, Reading.UP_TO_QUERY, out)).isEqualTo(4);
        assertThat(out).hasToString("/?");
        out.setLength(0);
        UriText.unescape("/%41%0d%0A%20%25%7f%e4", 0, 22, Reading.REDIRECT, out);
        assertThat(out).hasToString("/A%0d%0A%20%25%7f%e4");
    }

    @Test
    void escapesHtml() {
        assertThat(UriText.escapeHtml("a<b>&\"c'\u00e4")).isEqualTo("a&lt;b&gt;&amp;&quot;c'\u00e4");
    }

    @Test
    void writesHex() {
        assertThat(UriText.hex(new byte[] {0, 15, 16, (byte) 0xff})).isEqualTo("000f10ff");
    }
}
