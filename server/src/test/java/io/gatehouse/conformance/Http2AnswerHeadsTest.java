package io.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Http2Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The heads of answers over HTTP/2, of which much is encoded once and copied. */
@Timeout(60)
class Http2AnswerHeadsTest {
    private static final int ANSWERS = 3_000;
    private static final String[] NAMES = {"X-A", "X-B", "x-a", "ETag", "Vary", "X-Powered-By", "Cache-Control"};
    private static final String[] VALUES = {
        "",
        "a",
        "b",
        "no-cache",
        "a".repeat(511) + "z",
        "b".repeat(511) + "z",
        "b".repeat(512) + "z",
        "the same end 0123456789abcdef",
        "THE same end 0123456789abcdef",
        "two\r\nlines",
        "two  lines"
    };

    /** Some fields many times, some once, in any order. */
    private static List<String[]> fields(long seed) {
        Random random = new Random(seed);
        List<String[]> fields = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            String value = random.nextInt(5) == 0
                    ? Long.toString(random.nextLong())
                    : VALUES[random.nextInt(random.nextBoolean() ? 3 : VALUES.length)];
            fields.add(new String[] {NAMES[random.nextInt(NAMES.length)], value});
        }
        return fields;
    }

    @Test
    void fieldsArriveAsTheyAreHoweverOftenTheyCame() throws Exception {
        try (Front front = new Front(
                        place -> {
                            place.http2 = Http2RequestsTest.ON;
                            place.keepaliveRequests = ANSWERS + 1;
                        },
                        x -> {
                            for (String[] field : fields(Long.parseLong(x.uri.substring(1)))) {
                                x.response.headers.add(field[0], field[1]);
                            }
                            return Front.text(x, "ok");
                        });
                Http2Peer peer = new Http2Peer(front.port())) {
            for (long seed = 0; seed < ANSWERS; seed++) {
                List<String> expected = new ArrayList<>();
                for (String[] field : fields(seed % 100)) {
                    expected.add(field[0].toLowerCase(Locale.ROOT) + ": "
                            + field[1].replace('\r', ' ').replace('\n', ' '));
                }

                List<String> got = peer.head(peer.get("/" + seed % 100)).fields();

                assertThat(got.subList(got.size() - expected.size(), got.size()))
                        .as("answer %d", seed)
                        .isEqualTo(expected);
            }
        }
    }
}
