package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.text.Pcre2Test.Answer;
import io.gatehouse.text.Pcre2Test.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patterns made by chance do here what they do in PCRE2, or are refused. */
class RegexOracleTest {
    private static final String[] PIECES = {
        "a",
        "b",
        "c",
        "A",
        "_",
        "1",
        "/",
        ".",
        "^",
        "$",
        "|",
        "|",
        "(",
        "(",
        ")",
        ")",
        "(?:",
        "(?=",
        "(?!",
        "(?<=",
        "(?<!",
        "(?>",
        "(?i)",
        "(?-i)",
        "(?i:",
        "(?s)",
        "(?m)",
        "(?x)",
        "(?xx)",
        "(?U)",
        "(?n)",
        "(?^",
        "(?-",
        "(?#c)",
        "(?<n>",
        "(?P<m_x>",
        "(?'q'",
        "(?P=m_x)",
        "\\k<n>",
        "\\k{q}",
        "\\g{1}",
        "\\g{-1}",
        "\\1",
        "\\2",
        "\\10",
        "\\0",
        "\\07",
        "\\377",
        "\\x41",
        "\\x",
        "\\x{62}",
        "\\x{100}",
        "\\o{101}",
        "\\cA",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\h",
        "\\H",
        "\\v",
        "\\V",
        "\\R",
        "\\N",
        "\\b",
        "\\B",
        "\\A",
        "\\z",
        "\\Z",
        "\\G",
        "\\K",
        "\\Q",
        "\\E",
        "\\.",
        "\\-",
        "\\/",
        "\\_",
        "\\n",
        "\\t",
        "\\e",
        "\\j",
        "\\C",
        "*",
        "+",
        "?",
        "{2}",
        "{1,2}",
        "{0,}",
        "{,2}",
        "{",
        "}",
        "{0}",
        "[",
        "[^",
        "]",
        "[]a]",
        "[^]a]",
        "[ab]",
        "[^ab]",
        "[a-c]",
        "[A-C]",
        "[[:alpha:]]",
        "[[:^alpha:]]",
        "[[:upper:]b]",
        "[[:xdigit:]]",
        "[a[:nope:]]",
        "[:alpha:]",
        "[\\d-]",
        "[\\w-a]",
        "[a&&b]",
        "[a[b]",
        "[\\Qa-\\E]",
        "-",
        "[a-\\x63]",
        "[\\x00-\\xff]",
        "\u00e4",
        "[\u00e4-\u00fc]",
        "\\p{Lu}",
        "\\P{L}",
        "\\pN",
        "[\\p{Ll}]",
        "[^\\p{L&}]",
        "\\p{Greek}",
        " ",
        "#",
        "\n",
        "(*F)",
        "(*pla:",
        "(*atomic:",
        "[[:<:]]",
        "[[:>:]]",
        "(a|b)",
        "(ab)*",
        "(a*)+",
        "a*?",
        "b++",
        "(a|ab)(c|bcd)",
        "(?|",
        "(?R)",
        "(?1)",
        "(?(1)",
        "(?C1)",
        "\\X",
        "(*ACCEPT)"
    };

    private static final List<String> SUBJECTS = List.of(
            "",
            "a",
            "b",
            "ab",
            "aB",
            "AB",
            "abc",
            "abcd",
            "aab",
            "ba",
            "\n",
            "a\n",
            "a\nb",
            "a\nb\n",
            "\r\n",
            "a b",
            "a-b",
            "a_1/b.c",
            "1",
            "\u00e4",
            "\u00c4a\u00a0",
            "aaaa",
            "abab",
            "ABab",
            "}{",
            "[a]",
            "a&b",
            "\\",
            "a\u0000b",
            "]",
            "^a$");

    @TempDir
    Path folder;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Pcre2Test.isThere(), "pcre2test 10.42 is not installed");
    }

    @Test
    void matchesWhatPcreMatches() throws IOException, InterruptedException {
        Random random = new Random(Long.getLong("gatehouse.seed", 20260923L));
        int rounds = Integer.getInteger("gatehouse.patterns", 4000);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                pattern.append(PIECES[random.nextInt(PIECES.length)]);
            }
            questions.add(new Question(pattern.toString(), random.nextInt(4) == 0, SUBJECTS));
        }
        List<Answer> answers = Pcre2Test.ask(folder, questions);
        assertThat(answers).hasSameSizeAs(questions);
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (int i = 0; i < rounds; i++) {
            compared += compare(questions.get(i), answers.get(i), differences);
        }
        assertThat(differences).as("differences of " + compared).isEmpty();
        assertThat(compared).isGreaterThan(rounds / 10);
    }

    private static int compare(Question question, Answer answer, List<String> differences) {
        String what = "/" + question.pattern() + "/" + (question.caseless() ? "i" : "");
        Regex regex;
        try {
            regex = Regex.compile(question.pattern(), question.caseless());
        } catch (RegexException refused) {
            boolean same = refused.reason().equals(answer.error()) && refused.offset() == answer.offset();
            boolean wrongTwice = isToldLate(refused.reason()) && answer.error() != null && isToldLate(answer.error());
            if (!same && !wrongTwice && !refused.isUnsupported()) {
                differences.add(what + ": " + refused.reason() + " at " + refused.offset() + ", PCRE: " + answer);
            }
            return 0;
        }
        if (answer.error() != null) {
            if (!answer.error().startsWith("lookbehind")) {
                differences.add(what + ": no error, PCRE: " + answer.error() + " at " + answer.offset());
            }
            return 0;
        }
        for (int i = 0; i < question.subjects().size(); i++) {
            String subject = question.subjects().get(i);
            int[] captures = new int[2 * (regex.groups() + 1)];
            int result = regex.match(subject, captures);
            String told = Pcre2Test.told(subject, result, captures);
            String expected = answer.matches().get(i);
            if (!asNginxSees(told).equals(asNginxSees(expected))) {
                differences.add(what + " on \"" + subject + "\": " + told.replace('\n', '|') + " PCRE: "
                        + expected.replace('\n', '|'));
                break;
            }
        }
        return 1;
    }

    /** A group that took no part is empty to nginx; Java leaves it so where PCRE repeats an empty group once. */
    private static String asNginxSees(String told) {
        return told.replace("<unset>", "").replaceAll(" +\n", "\n").replaceAll("(\\d+:\n)+$", "");
    }

    /** What PCRE tells after it has read the whole pattern, in an order of its own. */
    private static boolean isToldLate(String reason) {
        return reason.startsWith("reference to non-existent")
                || reason.startsWith("\\K is not allowed")
                || reason.startsWith("lookbehind");
    }
}
