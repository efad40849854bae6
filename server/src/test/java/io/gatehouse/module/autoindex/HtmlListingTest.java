package io.gatehouse.module.autoindex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlListingTest {
    private static final long TIME = 784_111_777;

    private static String line(boolean utf8, String name, boolean folder) {
        String octets = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String page = new HtmlListing("/d/", true, ZoneOffset.UTC, utf8)
                .write(List.of(new Entry(octets, folder, !folder, 17, TIME)));
        String line = page.lines()
                .filter(l -> l.startsWith("<a ") && !l.contains("../\""))
                .findFirst()
                .orElse("");
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasColumns() {
        assertThat(line(false, "a.txt", false))
                .isEqualTo(
                        "<a href=\"a.txt\">a.txt</a>" + " ".repeat(46) + "06-Nov-1994 08:49" + " ".repeat(18) + "17");
        assertThat(line(false, "d", true))
                .isEqualTo("<a href=\"d/\">d/</a>" + " ".repeat(49) + "06-Nov-1994 08:49" + " ".repeat(19) + "-");
    }

    @Test
    void namesAreHarmless() {
        assertThat(line(false, "<&\">", false))
                .startsWith("<a href=\"%3C%26%22%3E\">&lt;&amp;&quot;&gt;</a>" + " ".repeat(47) + "06");
    }

    @Test
    void longNamesAreCut() {
        assertThat(line(false, "x".repeat(50), false)).contains(">" + "x".repeat(50) + "</a> 06");
        assertThat(line(false, "x".repeat(51), false)).contains(">" + "x".repeat(47) + "..&gt;</a> 06");
        assertThat(line(true, "ф".repeat(51), false)).contains(">" + "ф".repeat(47) + "..&gt;</a> 06");
        assertThat(line(true, "ф".repeat(40), false)).contains(">" + "ф".repeat(40) + "</a>" + " ".repeat(11) + "06");
    }

    @ParameterizedTest
    @CsvSource({
        "9999, '   9999'",
        "10000, '    10K'",
        "1048575, '  1024K'",
        "1572864, '     2M'",
        "1610612736, '     2G'"
    })
    void sizesAreRounded(long bytes, String text) {
        String page = new HtmlListing("/", false, ZoneOffset.UTC, false)
                .write(List.of(new Entry("a", false, true, bytes, TIME)));
        assertThat(page).contains("08:49 " + text + "\r\n");
    }
}
