package io.gatehouse.text;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A compiled pattern in PCRE's language, matched against octet strings. Safe for use by several threads.
 *
 * <p>Matching is done by java.util.regex, with an effort that is limited: every look at a character of the subject is a
 * step, and {@link #STEPS} of them are allowed. Named constructs that have no equal there are refused by name: recursion
 * and subroutine calls, conditional groups, branch reset, callouts, backtracking verbs but {@code (*FAIL)}, {@code \X}.
 *
 * <p>Known to differ: a group set inside a lookahead, an atomic group or a possessive repeat keeps what it had when the
 * alternative it stands in fails later: {@code (?=(a))b|a} on "a" leaves group 1 set. A loop over alternatives longer
 * than a character, {@code (?:a|bc)*}, takes stack for every turn: some 1,700 turns in 1 MiB before it is compiled.
 */
public final class Regex {
    public static final int NO_MATCH = 0;
    public static final int MATCH = 1;

    /** The match was given up: it took too many steps, or nested too deeply for the thread's stack. */
    public static final int LIMIT = -1;

    /** How many characters of a subject may be looked at in one match; some milliseconds of work. */
    public static final int STEPS = 1_000_000;

    private final String pattern;
    private final boolean caseless;
    private final Translation translation;
    private final List<String> names;
    private final @Nullable LiteralPattern literal;
    private final ThreadLocal<Matching> matching;

    private Regex(String pattern, boolean caseless, Translation translation, Pattern compiled) {
        this.pattern = pattern;
        this.caseless = caseless;
        this.translation = translation;
        this.literal = LiteralPattern.of(pattern, caseless);
        this.matching = ThreadLocal.withInitial(() -> new Matching(compiled));
        this.names = translation.names().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What one thread needs to match, kept between matches. */
    private static final class Matching {
        final MatchBudget budget = new MatchBudget();
        final Matcher matcher;

        Matching(Pattern compiled) {
            matcher = compiled.matcher(budget).useTransparentBounds(true).useAnchoringBounds(false);
        }
    }

    /**
     * Compiles a pattern.
     *
     * @param caseless as nginx's {@code ~*}
     * @throws RegexException with nginx's message, when it is wrong or uses what is not supported
     */
    public static Regex compile(String pattern, boolean caseless) {
        Translation translation = PcreTranslator.translate(pattern, caseless);
        int flags = Pattern.UNIX_LINES | (caseless ? Pattern.CASE_INSENSITIVE : 0);
        try {
            return new Regex(pattern, caseless, translation, Pattern.compile(translation.pattern(), flags));
        } catch (PatternSyntaxException refused) {
            String description = refused.getDescription();
            if (description.startsWith("Look-behind")) {
                int place = PcreTranslator.lookbehind(pattern, caseless);
                throw RegexException.wrong("lookbehind assertion is not fixed length", pattern, place);
            }
            throw RegexException.unsupported("pattern (" + description + ")", pattern, pattern.length());
        } catch (StackOverflowError tooLarge) {
            throw RegexException.wrong("regular expression is too large", pattern, pattern.length());
        }
    }

    /** The pattern as it was written. */
    public String pattern() {
        return pattern;
    }

    public boolean isCaseless() {
        return caseless;
    }

    /** How many groups capture. */
    public int groups() {
        return translation.groups();
    }

    /** The names of the groups that have one, in the order of their numbers. */
    public List<String> names() {
        return names;
    }

    /** The number of the group of that name; -1 when there is none. */
    public int groupOf(String name) {
        return translation.names().getOrDefault(name, -1);
    }

    /** Whether the pattern matches somewhere in the subject; a match given up counts as none. */
    public boolean find(String subject) {
        return match(subject, NONE) == MATCH;
    }

    private static final int[] NONE = {};

    /**
     * Looks for the first place where the pattern matches.
     *
     * @param captures on {@link #MATCH} gets the start and the end of the match, then of each group, -1 for a group that
     *     took no part; may be shorter than all of them
     * @return {@link #MATCH}, {@link #NO_MATCH} or {@link #LIMIT}
     */
    public int match(String subject, int[] captures) {
        return match(subject, captures, STEPS);
    }

    /** As {@link #match(String, int[])} with another limit of steps. */
    public int match(String subject, int[] captures, int steps) {
        if (literal != null) {
            int result = literal.match(subject, captures);
            if (result != LiteralPattern.UNSURE) {
                return result;
            }
        }
        return matchInSteps(subject, captures, steps);
    }

    int matchInSteps(String subject, int[] captures, int steps) {
        Matching own = matching.get();
        own.budget.begin(subject, steps);
        try {
            Matcher matcher = own.matcher.reset();
            boolean onlyAtStart = translation.anchored() || (translation.anchoredToLine() && subject.indexOf('\n') < 0);
            if (!(onlyAtStart ? matcher.lookingAt() : matcher.find())) {
                return NO_MATCH;
            }
            if (matcher.start() > 0 && translation.groups() > 0 && translation.repeatable()) {
                matchAgain(matcher);
            }
            fill(matcher, captures);
            return MATCH;
        } catch (MatchBudget.Spent | StackOverflowError given) {
            matching.remove();
            return LIMIT;
        } finally {
            own.budget.end();
        }
    }

    /**
     * Matches once more where the match is known to begin: Java may keep what loops and groups were left with by attempts
     * at earlier places.
     */
    private static void matchAgain(Matcher matcher) {
        matcher.region(matcher.start(), matcher.regionEnd());
        if (!matcher.lookingAt()) {
            matcher.reset().find();
        }
    }

    private void fill(Matcher matcher, int[] captures) {
        int places = Math.min(captures.length / 2, translation.groups() + 1);
        for (int i = 0; i < places; i++) {
            int group = translation.javaGroups()[i];
            captures[2 * i] = matcher.start(group);
            captures[2 * i + 1] = matcher.end(group);
        }
        if (places > 0) {
            for (int group : translation.resets()) {
                captures[0] = Math.max(captures[0], matcher.start(group));
            }
        }
        for (int i = 2 * places; i < captures.length; i++) {
            captures[i] = -1;
        }
    }

    @Override
    public String toString() {
        return pattern;
    }
}
