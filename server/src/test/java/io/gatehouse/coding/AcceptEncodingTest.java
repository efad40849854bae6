package io.gatehouse.coding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of codings, by examples and against a second reading that is made of a pattern (RFC 9110, 12.5.3). */
class AcceptEncodingTest {
    private static final Pattern WEIGHT = Pattern.compile("(?i)[ \\t]*;[ \\t]*q=(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)");
    private static final String[] PIECES = {
        "gzip",
        "br",
        "zstd",
        "*",
        "identity",
        ",",
        ";",
        "q=",
        "Q=",
        "0",
        "1",
        ".",
        "5",
        "000",
        " ",
        "\t",
        "x-",
        "GZIP",
        "\"",
        "="
    };

    private static Headers request(String... fields) {
        Headers headers = new Headers();
        for (String field : fields) {
            headers.add(FieldName.ACCEPT_ENCODING, field);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "br | 1000",
                "gzip, deflate, br;q=0.9, zstd | 900",
                "BR ; Q=0.123 | 123",
                "br;q=0 | 0",
                "br;q=0.000 | 0",
                "br;q=1.000 | 1000",
                "br;q=1.001 | 0",
                "br;q=0.1234 | 0",
                "br;q= | 0",
                "br;q=2 | 0",
                "br;level=9 | 0",
                "brotli | -1",
                "xbr, br-x | -1",
                "gzip | -1",
                "* | 1000",
                "*;q=0.5, gzip | 500",
                "br;q=0, * | 0",
                "br;q=0.1, br;q=0.7 | 700",
                ", ,br | 1000",
                "'' | -1",
            })
    void theWeightOfBrotli(String field, int weight) {
        assertThat(AcceptEncoding.weight(request(field), "br")).isEqualTo(weight);
    }

    @Test
    void severalFieldsAreOneList() {
        Headers request = request("gzip;q=0.5", "br;q=0.25, *;q=0.1");
        assertThat(AcceptEncoding.weight(request, "gzip")).isEqualTo(500);
        assertThat(AcceptEncoding.weight(request, "br")).isEqualTo(250);
        assertThat(AcceptEncoding.weight(request, "zstd")).isEqualTo(100);
        assertThat(AcceptEncoding.weight(request(), "gzip")).isEqualTo(AcceptEncoding.UNSAID);
    }

    @Test
    void anOldNameOfGzipCounts() {
        assertThat(AcceptEncoding.weight(request("x-gzip;q=0.3"), "gzip")).isEqualTo(300);
    }

    @Test
    void theBareBodyHasAWeightOnlyWhereItIsNamed() {
        assertThat(AcceptEncoding.identity(request("gzip, *;q=0"))).isEqualTo(AcceptEncoding.UNSAID);
        assertThat(AcceptEncoding.identity(request("gzip, identity;q=0.4"))).isEqualTo(400);
    }

    @FuzzTest
    void anyFieldIsReadAsThePatternReadsIt(byte[] bytes) {
        check(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void fieldsMadeByChance() {
        Random random = new Random(17);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder field = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                field.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(field.toString());
        }
    }

    private static void check(String field) {
        for (String name : new String[] {"gzip", "br", "*", "identity"}) {
            assertThat(AcceptEncoding.weight(field, name)).as(field).isEqualTo(byPattern(field, name));
        }
    }

    private static int byPattern(String field, String name) {
        int weight = AcceptEncoding.UNSAID;
        for (String element : field.split(",")) {
            String trimmed = element.replaceAll("^[ \\t]+|[ \\t]+$", "");
            if (!trimmed.toLowerCase(Locale.ROOT).startsWith(name)) {
                continue;
            }
            String rest = trimmed.substring(name.length());
            if (rest.isEmpty()) {
                weight = 1000;
                continue;
            }
            if (!rest.replaceAll("^[ \\t]+", "").startsWith(";")) {
                continue;
            }
            Matcher matcher = WEIGHT.matcher(rest);
            weight = Math.max(
                    weight, matcher.matches() ? (int) Math.round(Double.parseDouble(matcher.group(1)) * 1000) : 0);
        }
        return weight;
    }
}
