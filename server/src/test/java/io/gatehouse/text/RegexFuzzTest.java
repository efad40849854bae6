package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegexFuzzTest {
    private static final String SYNTAX =
            "\\\\\\\\(((())))[[]]{{}}**++??||^$.#-:<>=!'&*PRCQEKkgpxoucdwsbBhvNXimsxUJn0123456789,/ab \n\u00e4\0";

    @FuzzTest
    void anyPatternIsRefusedOrMatches(byte[] bytes) {
        tryOut(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void patternsMadeByChanceAreRefusedOrMatch() {
        Random random = new Random(3);
        for (int i = 0; i < 60_000; i++) {
            StringBuilder pattern = new StringBuilder(i % 50 == 0 ? "(*UTF)" : "");
            for (int n = random.nextInt(14); n >= 0; n--) {
                pattern.append(SYNTAX.charAt(random.nextInt(SYNTAX.length())));
            }
            tryOut(pattern.toString());
        }
    }

    /** Nothing but a refusal is ever thrown, and a match lies in the subject. */
    private static void tryOut(String pattern) {
        Regex regex;
        try {
            regex = Regex.compile(pattern, pattern.length() % 2 == 0);
        } catch (RegexException refused) {
            assertThat(refused.offset()).isBetween(0, pattern.length());
            assertThat(refused.reason()).isNotEmpty();
            return;
        }
        int[] captures = new int[2 * (regex.groups() + 1)];
        for (String subject : new String[] {"", "ab01", "a\nb\n", pattern}) {
            if (regex.match(subject, captures, 100_000) == Regex.MATCH) {
                for (int i = 0; i < captures.length; i += 2) {
                    assertThat(captures[i]).isBetween(-1, subject.length());
                    assertThat(captures[i + 1]).isBetween(captures[i], subject.length());
                }
            }
        }
    }
}
