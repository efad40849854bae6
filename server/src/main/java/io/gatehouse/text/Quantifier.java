package io.gatehouse.text;

import org.jspecify.annotations.Nullable;

/** Reads {@code {n,m}}, which is a quantifier only when it has exactly that form. */
final class Quantifier {
    private static final int GREATEST = 65535;

    private Quantifier() {}

    /** Whether a brace, the next octet, begins a quantifier. */
    static boolean isAhead(PcreText in) {
        int i = in.at + 1;
        int digits = i;
        boolean comma = false;
        while (i < in.length) {
            char c = in.text.charAt(i);
            if (c == '}') {
                return i > digits;
            }
            if (c == ',') {
                if (comma || i == digits) {
                    return false;
                }
                comma = true;
            } else if (!Ascii.isDigit(c)) {
                return false;
            }
            i++;
        }
        return false;
    }

    /** Reads a quantifier from its brace on; null, with nothing read, when the brace is an ordinary character. */
    static @Nullable String read(PcreText in) {
        if (!isAhead(in)) {
            return null;
        }
        String tooBig = "number too big in {} quantifier";
        in.at++;
        int least = in.number(GREATEST, tooBig);
        String text;
        if (in.peek() == '}') {
            text = "{" + least + "}";
        } else {
            in.at++;
            int most = in.number(GREATEST, tooBig);
            if (most >= 0 && most < least) {
                throw in.wrong("numbers out of order in {} quantifier");
            }
            text = "{" + least + "," + (most < 0 ? "" : String.valueOf(most)) + "}";
        }
        in.at++;
        return text;
    }
}
