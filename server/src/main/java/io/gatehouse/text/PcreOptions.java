package io.gatehouse.text;

/** The options at one place of a pattern; immutable. */
record PcreOptions(int bits) {
    static final int CASELESS = 1;
    static final int MULTILINE = 2;
    static final int DOTALL = 4;
    static final int EXTENDED = 8;
    static final int EXTENDED_MORE = 16;
    static final int NO_CAPTURE = 32;
    static final int UNGREEDY = 64;

    boolean has(int option) {
        return (bits & option) != 0;
    }

    /**
     * Reads the letters after {@code (?}, up to the colon or parenthesis that ends them.
     *
     * @return these options as they are changed
     */
    PcreOptions read(PcreText in) {
        int changed = bits;
        boolean mayUnset = true;
        boolean unsets = false;
        int set = 0;
        int unset = 0;
        if (in.peek() == '^') {
            changed &= UNGREEDY;
            mayUnset = false;
            in.at++;
        }
        while (in.more() && in.peek() != ')' && in.peek() != ':') {
            int c = in.text.charAt(in.at++);
            if (c == '-') {
                if (!mayUnset) {
                    throw in.wrong("invalid hyphen in option setting", in.at - 1);
                }
                mayUnset = false;
                unsets = true;
                continue;
            }
            int option = option(in, c);
            if (unsets) {
                unset |= option;
            } else {
                set |= option;
            }
        }
        if ((set & (EXTENDED | EXTENDED_MORE)) == EXTENDED || (unset & EXTENDED) != 0) {
            unset |= EXTENDED_MORE;
        }
        if (!in.more()) {
            throw in.wrong("missing closing parenthesis");
        }
        return new PcreOptions((changed | set) & ~unset);
    }

    private static int option(PcreText in, int c) {
        return switch (c) {
            case 'i' -> CASELESS;
            case 'm' -> MULTILINE;
            case 's' -> DOTALL;
            case 'n' -> NO_CAPTURE;
            case 'U' -> UNGREEDY;
            case 'x' -> {
                if (in.peek() == 'x') {
                    in.at++;
                    yield EXTENDED | EXTENDED_MORE;
                }
                yield EXTENDED;
            }
            case 'J' -> throw in.unsupported("duplicate names \"(?J)\"", in.at - 1);
            default -> throw in.wrong("unrecognized character after (? or (?-", in.at - 1);
        };
    }
}
