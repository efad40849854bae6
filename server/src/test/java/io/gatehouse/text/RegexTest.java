package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexTest {
    /** Pattern, subject, then the match and its groups with commas between, {@code -} for none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "^/api/(.*)$; /api/a/b; /api/a/b,a/b",
                "\\.(gif|jpe?g)$; /x.jpeg; .jpeg,jpeg",
                "(?<user_name>\\w+)@(?P<host>\\w+); a_b@c; a_b@c,a_b,c",
                "(?'a'x)(?P=a)\\k<a>\\k{a}\\g{a}\\g{-1}\\1; xxxxxxx; xxxxxxx,x",
                "[a&&b]+; &&ab; &&ab",
                "[[a]+; a[a]; a[a",
                "[]x]+; ]x; ]x",
                "[[:alpha:][:digit:]_-]+; /a-1_b/; a-1_b",
                "[^[:space:]]+; a b; a",
                "\\Qa.b\\E+; xa.bbb; a.bbb",
                "a(?#comment)b; ab; ab",
                "(?x) a b # c; ab; ab",
                "(?i)ab(?-i)c; ABc; ABc",
                "(?i)ab(?-i)c; ABC; -",
                "a{,2}; a{,2}; a{,2}",
                "a{; a{; a{",
                "\\x41\\x{42}\\103\\o{104}\\x{0}?; ABCD; ABCD",
                "\\/\\-\\_\\:; /-_:; /-_:",
                "foo\\Kbar; foobar; bar",
                "(a)\\Kb|c; ab; b,a",
                "(?>a+)b; aaab; aaab",
                "a++a; aaa; -",
                "(?U)a+(b); aab; aab,b",
                "(?n)(a)(?<x>b); ab; ab,b",
                "\\h\\H\\v*; ~ x~; ~ x~",
                "\\p{Lu}\\P{Lu}; aB1; B1",
                "(a)|(b); b; b,-,b",
                "(*UTF8)^.$; \u00c3\u00a4; \u00c3\u00a4",
                "(*UTF)^[\u00c3\u00a4\u00c3\u00b6]+$; \u00c3\u00b6\u00c3\u00a4; \u00c3\u00b6\u00c3\u00a4",
                "(*UTF)(?i)^\u00c3\u0084$; \u00c3\u00a4; \u00c3\u00a4",
                "(*UTF)^\\x{20ac}{2}$; \u00e2\u0082\u00ac\u00e2\u0082\u00ac; \u00e2\u0082\u00ac\u00e2\u0082\u00ac",
                "(*UTF)^[^a]$; \u00f0\u009f\u0098\u0080; \u00f0\u009f\u0098\u0080",
                "(*UTF)(*UCP)^\\w$; \u00c3\u00a4; \u00c3\u00a4",
                "^.$; \u00c3\u00a4; -",
                "(*FAIL)|b; ab; b",
                "(*pla:b).; ab; b",
                "((a)|b)+; ab; ab,b,a",
            })
    void matches(String pattern, String subject, String expected) {
        assertThat(told(Regex.compile(pattern, false), subject)).isEqualTo(expected);
    }

    @Test
    void aDollarMeansTheEndOrTheNewlineBeforeIt() {
        Regex regex = Regex.compile("a$", false);
        assertThat(regex.find("a")).isTrue();
        assertThat(regex.find("a\n")).isTrue();
        assertThat(regex.find("a\r")).isFalse();
        assertThat(regex.find("a\n\n")).isFalse();
        assertThat(regex.find("a\u0085")).isFalse();
        assertThat(Regex.compile("^a.b$", false).find("a\rb")).isTrue();
    }

    @Test
    void onlyLettersOfAsciiHaveACase() {
        assertThat(Regex.compile("^\u00e4k[x-z]$", true).find("\u00e4KY")).isTrue();
        assertThat(Regex.compile("\u00e4", true).find("\u00c4")).isFalse();
        assertThat(Regex.compile("[\u00e0-\u00ff]", true).find("\u00c4")).isFalse();
    }

    @Test
    void tellsItsGroups() {
        Regex regex = Regex.compile("(?<a_b>x)(y)(?P<c>z)", false);
        assertThat(regex.groups()).isEqualTo(3);
        assertThat(regex.names()).containsExactly("a_b", "c");
        assertThat(regex.groupOf("c")).isEqualTo(3);
        assertThat(regex.groupOf("d")).isEqualTo(-1);
    }

    @Test
    void fillsWhatRoomThereIs() {
        Regex regex = Regex.compile("(a)(b)?c", false);
        int[] few = {9, 9, 9, 9};
        assertThat(regex.match("xac", few)).isEqualTo(Regex.MATCH);
        assertThat(few).containsExactly(1, 3, 1, 2);
        int[] many = {9, 9, 9, 9, 9, 9, 9, 9};
        regex.match("xac", many);
        assertThat(many).containsExactly(1, 3, 1, 2, -1, -1, -1, -1);
        assertThat(regex.match("x", new int[0])).isEqualTo(Regex.NO_MATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a(; missing closing parenthesis in \"a(\"",
                "a)b; unmatched closing parenthesis in \"a)b\" at \")b\"",
                "*a; quantifier does not follow a repeatable item in \"*a\" at \"*a\"",
                "[b-a]x; range out of order in character class in \"[b-a]x\" at \"a]x\"",
                "[a; missing terminating ] for character class in \"[a\"",
                "a\\; \\ at end of pattern in \"a\\\"",
                "\\yb; unrecognized character follows \\ in \"\\yb\" at \"yb\"",
                "(?<1a>b); subpattern name must start with a non-digit in \"(?<1a>b)\" at \"1a>b)\"",
                "(?<=a+)b; lookbehind assertion is not fixed length in \"(?<=a+)b\" at \"(?<=a+)b\"",
                "x(?R)?; recursion \"(?R)\" is not supported in \"x(?R)?\" at \"(?R)?\"",
                "(a)(?1); recursion \"(?1)\" is not supported in \"(a)(?1)\" at \"(?1)\"",
                "(?<n>a)(?P>n); recursion \"(?P>n)\" is not supported in \"(?<n>a)(?P>n)\" at \"(?P>n)\"",
                "(a)?(?(1)b|c); conditional group \"(?(\" is not supported in \"(a)?(?(1)b|c)\" at \"(?(1)b|c)\"",
                "(?|(a)|(b)); branch reset \"(?|\" is not supported in \"(?|(a)|(b))\" at \"(?|(a)|(b))\"",
                "a(?C1)b; callout \"(?C\" is not supported in \"a(?C1)b\" at \"(?C1)b\"",
                "a(*SKIP)b; verb \"(*SKIP)\" is not supported in \"a(*SKIP)b\" at \"(*SKIP)b\"",
                "\\X; grapheme \"\\X\" is not supported in \"\\X\" at \"\\X\"",
            })
    void refusesInTheWordsOfNginx(String pattern, String message) {
        assertThatThrownBy(() -> Regex.compile(pattern, false))
                .isInstanceOf(RegexException.class)
                .hasMessage("pcre2_compile() failed: " + message);
    }

    @Test
    void aHostileSubjectEndsAtTheLimit() {
        Regex regex = Regex.compile("^(a+)+\\1b$", false);
        assertThat(regex.match("a".repeat(40), new int[2])).isEqualTo(Regex.LIMIT);
        assertThat(regex.match("aaa", new int[2])).isEqualTo(Regex.NO_MATCH);
        assertThat(regex.match("aaab", new int[2])).isEqualTo(Regex.MATCH);
        assertThat(Regex.compile("(x+x+)+y", false).match("x".repeat(5000), new int[2]))
                .isEqualTo(Regex.LIMIT);
        assertThat(Regex.compile("a.b", false).match("xxxxxx", new int[2], 3)).isEqualTo(Regex.LIMIT);
    }

    @Test
    void aSubjectTooDeepForTheStackEndsAtTheLimit() {
        Regex regex = Regex.compile("^(?:ab|[^a]|a)*$", false);
        assertThat(regex.match("a".repeat(400_000), new int[2], Integer.MAX_VALUE))
                .isEqualTo(Regex.LIMIT);
        assertThat(regex.match("a".repeat(500), new int[2])).isEqualTo(Regex.MATCH);
    }

    @Test
    void aLongSubjectIsNoTroubleForALeadingDotStar() {
        Regex regex = Regex.compile(".*\\.php(/|$)", false);
        assertThat(regex.match("/x".repeat(10_000), new int[2])).isEqualTo(Regex.NO_MATCH);
    }

    @Test
    void patternsTooDeepOrTooLongAreRefused() {
        assertThatThrownBy(() -> Regex.compile("(".repeat(252) + ")".repeat(252), false))
                .hasMessageContaining("parentheses are too deeply nested");
        assertThatThrownBy(() -> Regex.compile("a?".repeat(200_000), false)).isInstanceOf(RegexException.class);
    }

    @Test
    void threadsShareAPattern() throws Exception {
        Regex regex = Regex.compile("(\\d+)-(\\w+)", false);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            tasks.add(() -> {
                int[] captures = new int[6];
                boolean right = true;
                for (int i = 0; i < 2000; i++) {
                    String subject = "x".repeat(i % 7 + thread) + i + "-abc";
                    right &= regex.match(subject, captures) == Regex.MATCH
                            && subject.substring(captures[2], captures[3]).equals(String.valueOf(i));
                }
                return right;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    /** Both ways to match, on the patterns that have two. */
    @Test
    void plainTextsMatchAsTheEngineDoes() {
        Random random = new Random(5);
        String[] texts = {"/", "a", "b", "A", "ab", "\\.", "\\-", "/a", ""};
        int compared = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder pattern = new StringBuilder(random.nextBoolean() ? "^" : "");
            for (int n = random.nextInt(3); n > 0; n--) {
                pattern.append(texts[random.nextInt(texts.length)]);
            }
            if (random.nextBoolean()) {
                pattern.append(random.nextBoolean() ? "(" : "(?:");
                for (int n = random.nextInt(4); n > 0; n--) {
                    pattern.append(texts[random.nextInt(texts.length)]).append('|');
                }
                pattern.append(texts[random.nextInt(texts.length)]).append(')');
            }
            pattern.append(random.nextBoolean() ? "$" : "");
            boolean caseless = random.nextBoolean();
            if (LiteralPattern.of(pattern.toString(), caseless) == null) {
                continue;
            }
            Regex regex = Regex.compile(pattern.toString(), caseless);
            for (String subject :
                    List.of("", "/", "a", "/a", "ab", "aB", "/ab.", "a/ab", "b.-", "ba\n", "\n", "aa", "-A")) {
                int[] one = new int[4];
                int[] other = new int[4];
                int first = regex.match(subject, one);
                int second = regex.matchInSteps(subject, other, Regex.STEPS);
                assertThat(first).as(pattern + " on " + subject).isEqualTo(second);
                if (first == Regex.MATCH) {
                    assertThat(one).as(pattern + " on " + subject).isEqualTo(other);
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50_000);
    }

    private static String told(Regex regex, String subject) {
        int[] captures = new int[2 * (regex.groups() + 1)];
        if (regex.match(subject, captures) != Regex.MATCH) {
            return "-";
        }
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < captures.length; i += 2) {
            groups.add(captures[i] < 0 ? "-" : subject.substring(captures[i], captures[i + 1]));
        }
        return String.join(",", groups);
    }
}
