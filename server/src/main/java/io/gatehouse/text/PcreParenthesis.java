package io.gatehouse.text;

import org.jspecify.annotations.Nullable;

/** Reads what stands behind an opening parenthesis. What cannot be rewritten is refused by its name. */
final class PcreParenthesis {
    /** What an opening parenthesis means. */
    sealed interface Opening {
        /**
         * A group that does not capture.
         *
         * @param java how it begins there
         * @param lookbehind where a lookbehind begins; -1 if it is none
         */
        record Group(String java, boolean lookaround, int lookbehind) implements Opening {}

        /** A group that captures, and its name. */
        record Capture(@Nullable String name) implements Opening {}

        /** {@code (?P=name)}, which is no group. */
        record Reference(String name, int offset) implements Opening {}

        /** Options for what follows, or for a group that begins. */
        record Options(PcreOptions options, boolean group) implements Opening {}

        /** {@code (*FAIL)}. */
        record Fail() implements Opening {}

        /** Nothing at all: {@code (*)}, whose quantifier is refused by who reads on. */
        record Nothing() implements Opening {}
    }

    private final PcreText in;

    PcreParenthesis(PcreText in) {
        this.in = in;
    }

    /**
     * Reads on behind the parenthesis.
     *
     * @param start where it stands
     */
    Opening read(int start, PcreOptions options) {
        if (!in.more()) {
            throw in.wrong("missing closing parenthesis");
        }
        if (in.peek() == '*') {
            return in.peek(1) >= 0 && in.peek(1) != ')' ? verb(start) : new Opening.Nothing();
        }
        if (in.peek() != '?') {
            return options.has(PcreOptions.NO_CAPTURE) ? group("(?:") : new Opening.Capture(null);
        }
        in.at++;
        return switch (in.peek()) {
            case -1 -> throw in.wrong("missing closing parenthesis");
            case '=', '!', '>' -> {
                String look = "(?" + (char) in.peek();
                in.at++;
                yield look.endsWith(">") ? group(look) : new Opening.Group(look, true, -1);
            }
            case '<' -> angle(start);
            case '\'' -> named('\'');
            case 'P' -> python(start);
            case 'R', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '&' -> throw recursion(start);
            case '(' -> throw in.unsupported("conditional group \"(?(\"", start);
            case '|' -> throw in.unsupported("branch reset \"(?|\"", start);
            case '*' -> throw in.unsupported("non-atomic assertion \"(?*\"", start);
            case 'C' -> throw in.unsupported("callout \"(?C\"", start);
            default -> options(start, options);
        };
    }

    private static Opening group(String java) {
        return new Opening.Group(java, false, -1);
    }

    private RegexException recursion(int start) {
        int end = in.text.indexOf(')', start);
        return in.unsupported("recursion \"" + in.text.substring(start, end < 0 ? in.length : end + 1) + "\"", start);
    }

    private Opening angle(int start) {
        int after = in.peek(1);
        if (after == '*') {
            throw in.unsupported("non-atomic assertion \"(?<*\"", start);
        }
        if (after == '=' || after == '!') {
            Opening opening = lookbehind("(?<" + (char) after);
            in.at += 2;
            return opening;
        }
        return named('>');
    }

    private Opening lookbehind(String java) {
        return new Opening.Group(java, true, Math.max(0, in.at - 2));
    }

    private Opening named(char terminator) {
        return new Opening.Capture(PcreName.read(in, terminator));
    }

    private Opening python(int start) {
        in.at++;
        return switch (in.peek()) {
            case -1 -> throw in.wrong("missing closing parenthesis");
            case '<' -> named('>');
            case '>' -> throw recursion(start);
            case '=' -> {
                int offset = in.at + 1;
                yield new Opening.Reference(PcreName.read(in, ')'), offset);
            }
            default -> throw in.wrong("unrecognized character after (?P");
        };
    }

    private Opening options(int start, PcreOptions before) {
        if (in.peek() == '-' && Ascii.isDigit(in.peek(1))) {
            throw recursion(start);
        }
        PcreOptions changed = before.read(in);
        boolean group = in.peek() == ':';
        in.at++;
        return new Opening.Options(changed, group);
    }

    /** {@code (*word...}: assertions by name in small letters, verbs in large ones. */
    private Opening verb(int start) {
        in.at++;
        int nameStart = in.at;
        while (in.more() && CharProperties.isWord(in.peek())) {
            in.at++;
        }
        String name = in.text.substring(nameStart, in.at);
        if (!name.isEmpty() && name.charAt(0) >= 'a' && name.charAt(0) <= 'z') {
            return assertion(name, start);
        }
        if (in.peek() != ':' && in.peek() != ')') {
            throw in.wrong("(*VERB) not recognized or malformed");
        }
        return switch (name) {
            case "F", "FAIL" -> {
                if (in.peek() == ':') {
                    throw in.unsupported("verb \"(*" + name + ":\"", start);
                }
                in.at++;
                yield new Opening.Fail();
            }
            case "", "MARK", "ACCEPT", "COMMIT", "PRUNE", "SKIP", "THEN" ->
                throw in.unsupported("verb \"(*" + name + ")\"", start);
            default -> throw in.wrong("(*VERB) not recognized or malformed");
        };
    }

    private Opening assertion(String name, int start) {
        if (in.peek() != ':') {
            throw in.wrong("(*alpha_assertion) not recognized");
        }
        Opening opening = switch (name) {
            case "pla", "positive_lookahead" -> new Opening.Group("(?=", true, -1);
            case "nla", "negative_lookahead" -> new Opening.Group("(?!", true, -1);
            case "plb", "positive_lookbehind" -> lookbehind("(?<=");
            case "nlb", "negative_lookbehind" -> lookbehind("(?<!");
            case "atomic" -> group("(?>");
            case "napla", "naplb", "non_atomic_positive_lookahead", "non_atomic_positive_lookbehind" ->
                throw in.unsupported("non-atomic assertion \"(*" + name + ":\"", start);
            case "sr", "asr", "script_run", "atomic_script_run" ->
                throw in.unsupported("script run \"(*" + name + ":\"", start);
            default -> throw in.wrong("(*alpha_assertion) not recognized");
        };
        in.at++;
        return opening;
    }
}
