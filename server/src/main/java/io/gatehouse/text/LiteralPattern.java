package io.gatehouse.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commonest patterns of configurations, matched without a regex engine: a plain text, anchored or not, that may end
 * in one group of plain texts, such as {@code ^/api/} or {@code \.(css|js|png)$}.
 */
final class LiteralPattern {
    /** This way cannot tell: the engine must. */
    static final int UNSURE = 2;

    private static final String PLAIN = "/_-~%,:;=@!'\"<>&#";

    private final boolean atStart;
    private final boolean atEnd;
    private final boolean caseless;
    private final boolean captures;

    /** Everything that may match: the text before the group with each text of the group; just the text without one. */
    private final String[] wholes;

    private final int prefixLength;

    private LiteralPattern(
            boolean atStart, boolean atEnd, boolean caseless, boolean captures, String prefix, List<String> choices) {
        this.atStart = atStart;
        this.atEnd = atEnd;
        this.caseless = caseless;
        this.captures = captures;
        this.prefixLength = prefix.length();
        this.wholes = choices.stream().map(prefix::concat).toArray(String[]::new);
    }

    /** Null for a pattern of any other form. */
    static @Nullable LiteralPattern of(String pattern, boolean caseless) {
        int i = 0;
        boolean atStart = pattern.startsWith("^");
        if (atStart) {
            i++;
        }
        StringBuilder prefix = new StringBuilder();
        i = plain(pattern, i, prefix);
        List<String> choices = new ArrayList<>();
        boolean captures = false;
        if (i < pattern.length() && pattern.charAt(i) == '(') {
            captures = !pattern.startsWith("(?:", i);
            i += captures ? 1 : 3;
            i = choices(pattern, i, choices);
            if (i < 0) {
                return null;
            }
        } else {
            choices.add("");
        }
        boolean atEnd = i < pattern.length() && pattern.charAt(i) == '$';
        if (atEnd) {
            i++;
        }
        boolean searches = !atStart && !atEnd && (choices.size() > 1 || captures || caseless);
        return i < pattern.length() || searches
                ? null
                : new LiteralPattern(atStart, atEnd, caseless, captures, prefix.toString(), choices);
    }

    /** Reads texts with bars between them and the closing parenthesis; -1 when there is anything else. */
    private static int choices(String pattern, int start, List<String> choices) {
        int i = start;
        while (true) {
            StringBuilder text = new StringBuilder();
            i = plain(pattern, i, text);
            choices.add(text.toString());
            if (i == pattern.length() || (pattern.charAt(i) != '|' && pattern.charAt(i) != ')')) {
                return -1;
            }
            if (pattern.charAt(i++) == ')') {
                return i;
            }
        }
    }

    private static int plain(String pattern, int start, StringBuilder text) {
        int i = start;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (Ascii.isLetter(c) || Ascii.isDigit(c) || PLAIN.indexOf(c) >= 0) {
                text.append(c);
                i++;
            } else if (c == '\\'
                    && i + 1 < pattern.length()
                    && ".-/_+?*$^|()[]{}".indexOf(pattern.charAt(i + 1)) >= 0) {
                text.append(pattern.charAt(i + 1));
                i += 2;
            } else {
                return i;
            }
        }
        return i;
    }

    int match(String subject, int[] captured) {
        if (atEnd && subject.endsWith("\n")) {
            return UNSURE;
        }
        int start = -1;
        int end = -1;
        for (String whole : wholes) {
            int at = place(subject, whole);
            if (at >= 0 && (start < 0 || at < start)) {
                start = at;
                end = at + whole.length();
            }
        }
        if (start < 0) {
            return Regex.NO_MATCH;
        }
        for (int i = 0; i < captured.length; i++) {
            captured[i] = switch (i) {
                case 0 -> start;
                case 1 -> end;
                case 2 -> captures ? start + prefixLength : -1;
                case 3 -> captures ? end : -1;
                default -> -1;
            };
        }
        return Regex.MATCH;
    }

    private int place(String subject, String whole) {
        if (!atStart && !atEnd) {
            return subject.indexOf(whole);
        }
        int at = atStart ? 0 : subject.length() - whole.length();
        if (atStart && atEnd && subject.length() != whole.length()) {
            return -1;
        }
        boolean fits = caseless ? Ascii.startsWithIgnoreCase(subject, at, whole) : subject.startsWith(whole, at);
        return fits ? at : -1;
    }
}
