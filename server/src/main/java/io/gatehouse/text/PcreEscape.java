package io.gatehouse.text;

/** Reads what follows a backslash in a pattern. */
final class PcreEscape {
    /** What was read is one character, {@link #value}. */
    static final char LITERAL = 0;

    /** What was read is a reference to the group with the number {@link #value}. */
    static final char REFERENCE = 1;

    private static final String TYPES = "ABCDEGHKNPQRSVWXZbdhkpsvwz";

    private static final String NO_GROUP = "reference to non-existent subpattern";
    private static final String NO_REFERENCE =
            "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number";

    private final PcreText in;
    int value;

    PcreEscape(PcreText in) {
        this.in = in;
    }

    /**
     * Reads one escape; the backslash is read already.
     *
     * @param groups how many capturing groups were opened so far
     * @return {@link #LITERAL}, {@link #REFERENCE}, or the letter of a construct that the caller knows
     */
    char read(boolean inClass, int groups) {
        if (!in.more()) {
            throw in.wrong("\\ at end of pattern");
        }
        int c = in.next();
        value = c;
        if (c == 'N' && in.peek() == '{') {
            refuseNamedCharacter();
            return 'N';
        }
        if (c < 0x80 && TYPES.indexOf(c) >= 0) {
            return (char) c;
        }
        switch (c) {
            case 'a' -> value = 7;
            case 'e' -> value = 27;
            case 'f' -> value = '\f';
            case 'n' -> value = '\n';
            case 'r' -> value = '\r';
            case 't' -> value = '\t';
            case 'F', 'l', 'L', 'u', 'U' ->
                throw in.wrong("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u");
            case 'g' -> {
                return inClass ? LITERAL : reference(groups);
            }
            case '0' -> octal(0);
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                return digit(c, inClass, groups);
            }
            case 'o' -> bracedOctal();
            case 'x' -> hexadecimal();
            case 'c' -> control();
            default -> {
                if (Ascii.isLetter(c) && c < 0x80) {
                    throw in.wrong("unrecognized character follows \\", in.at - 1);
                }
            }
        }
        return LITERAL;
    }

    private void refuseNamedCharacter() {
        if (in.ahead("{U+")) {
            if (!in.utf) {
                throw in.wrong("\\N{U+dddd} is supported only in Unicode (UTF) mode");
            }
            throw in.unsupported("code point \"\\N{U+...}\"", in.at);
        }
        if (!Quantifier.isAhead(in)) {
            throw in.wrong("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u");
        }
    }

    private char digit(int first, boolean inClass, int groups) {
        if (!inClass) {
            int start = in.at;
            int number = first - '0';
            int end = start;
            while (end < in.length && Ascii.isDigit(in.text.charAt(end)) && number < 214_748_363) {
                number = number * 10 + (in.text.charAt(end++) - '0');
            }
            boolean readable = number < 214_748_363;
            if (readable && (number < 10 || first >= '8' || number <= groups)) {
                in.at = end;
                if (number > 65535) {
                    throw in.wrong("subpattern number is too big");
                }
                value = number;
                return REFERENCE;
            }
        }
        if (first < '8') {
            octal(first - '0');
        }
        return LITERAL;
    }

    private void octal(int first) {
        value = first;
        for (int i = 0; i < 2 && in.peek() >= '0' && in.peek() <= '7'; i++) {
            value = value * 8 + (in.text.charAt(in.at++) - '0');
        }
        if (!in.utf && value > 0xFF) {
            throw in.wrong("octal value is greater than \\377 in 8-bit non-UTF-8 mode");
        }
    }

    private void bracedOctal() {
        if (in.peek() != '{') {
            throw in.wrong("missing opening brace after \\o");
        }
        braced(8, "non-octal character in \\o{} (closing brace missing?)");
    }

    private void hexadecimal() {
        if (in.peek() == '{') {
            braced(16, "non-hex character in \\x{} (closing brace missing?)");
            return;
        }
        value = 0;
        for (int i = 0; i < 2 && Character.digit(in.peek(), 16) >= 0 && in.peek() < 0x80; i++) {
            value = value * 16 + Ascii.hexDigit(in.text.charAt(in.at++));
        }
    }

    private void braced(int radix, String unclosed) {
        in.at++;
        if (!in.more() || in.peek() == '}') {
            throw in.wrong("digits missing in \\x{} or \\o{} or \\N{U+}");
        }
        int greatest = in.utf ? Character.MAX_CODE_POINT : 0xFF;
        value = 0;
        boolean tooBig = false;
        while (isDigit(in.peek(), radix)) {
            value = tooBig ? value : value * radix + Ascii.hexDigit(in.text.charAt(in.at));
            tooBig |= value > greatest;
            in.at++;
        }
        if (tooBig) {
            throw in.wrong("character code point value in \\x{} or \\o{} is too large");
        }
        if (in.peek() != '}') {
            throw in.wrong(unclosed);
        }
        if (in.utf && value >= 0xD800 && value <= 0xDFFF) {
            throw in.wrong("disallowed Unicode code point (>= 0xd800 && <= 0xdfff)");
        }
        in.at++;
    }

    private static boolean isDigit(int c, int radix) {
        int digit = c < 0 ? -1 : Ascii.hexDigit(c);
        return digit >= 0 && digit < radix;
    }

    private void control() {
        if (!in.more()) {
            throw in.wrong("\\c at end of pattern");
        }
        int c = in.peek();
        if (c < 32 || c > 126) {
            throw in.wrong("\\c must be followed by a printable ASCII character");
        }
        in.at++;
        value = (c >= 'a' && c <= 'z' ? c - 32 : c) ^ 0x40;
    }

    /** {@code \g}: a number, in braces or not, is a reference; other things are left to the caller. */
    private char reference(int groups) {
        int c = in.peek();
        if (c == '<' || c == '\'') {
            return 'g';
        }
        int start = in.at;
        if (c != '{') {
            if (!number(groups)) {
                throw in.wrong(NO_REFERENCE);
            }
        } else {
            in.at++;
            try {
                if (!number(groups)) {
                    in.at = start;
                    return 'k';
                }
            } catch (RegexException wrong) {
                throw in.wrong(wrong.reason(), start);
            }
            if (in.peek() != '}') {
                throw in.wrong(NO_REFERENCE, start);
            }
            in.at++;
        }
        if (value <= 0) {
            throw in.wrong(NO_GROUP);
        }
        return REFERENCE;
    }

    /** Reads a group's number, which may be counted from here; false when there is none. */
    private boolean number(int groups) {
        int sign = in.peek() == '+' ? 1 : in.peek() == '-' ? -1 : 0;
        int start = in.at;
        if (sign != 0) {
            in.at++;
        }
        int number = in.number(sign > 0 ? 65535 - groups : 65535, "subpattern number is too big");
        if (number < 0) {
            in.at = start;
            return false;
        }
        if (sign != 0 && number == 0) {
            throw in.wrong("a relative value of zero is not allowed");
        }
        if (sign < 0 && number > groups) {
            throw in.wrong(NO_GROUP);
        }
        value = sign == 0 ? number : sign > 0 ? groups + number : groups + 1 - number;
        return true;
    }
}
