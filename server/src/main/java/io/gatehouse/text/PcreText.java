package io.gatehouse.text;

/** A pattern being read from left to right. */
final class PcreText {
    final String text;
    final int length;
    int at;

    /** Whether the pattern's octets, and the subject's, are read as UTF-8. */
    boolean utf;

    PcreText(String text) {
        this.text = text;
        this.length = text.length();
    }

    boolean more() {
        return at < length;
    }

    /** The octet at a distance from the one to be read next; -1 beyond the end. */
    int peek(int distance) {
        return at + distance < length ? text.charAt(at + distance) : -1;
    }

    int peek() {
        return peek(0);
    }

    boolean ahead(String expected) {
        return text.startsWith(expected, at);
    }

    /** Reads the next octet or, in UTF mode, code point. */
    int next() {
        int c = text.charAt(at++);
        if (!utf || c < 0x80) {
            return c;
        }
        int more = c >= 0xF0 && c < 0xF5 ? 3 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xC2 && c < 0xE0 ? 1 : 0;
        if (more == 0 || at + more > length) {
            throw wrong("UTF-8 error: illegal byte", at - 1);
        }
        int point = c & (0x3F >> more);
        for (int i = 0; i < more; i++) {
            int octet = text.charAt(at++);
            if ((octet & 0xC0) != 0x80) {
                throw wrong("UTF-8 error: byte without its top two bits 0x80", at - 1);
            }
            point = point << 6 | octet & 0x3F;
        }
        int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
        if (point < least || point > Character.MAX_CODE_POINT || (point >= 0xD800 && point <= 0xDFFF)) {
            throw wrong("UTF-8 error: code point that may not be encoded so", at - 1);
        }
        return point;
    }

    /** Reads decimal digits; -1 when there are none, and the error when the number is more than the greatest. */
    int number(int greatest, String tooBig) {
        if (!Ascii.isDigit(peek())) {
            return -1;
        }
        long value = 0;
        while (Ascii.isDigit(peek())) {
            value = value * 10 + (text.charAt(at++) - '0');
            if (value > greatest) {
                throw wrong(tooBig);
            }
        }
        return (int) value;
    }

    RegexException wrong(String reason) {
        return wrong(reason, at);
    }

    RegexException wrong(String reason, int offset) {
        return RegexException.wrong(reason, text, Math.max(0, offset));
    }

    RegexException unsupported(String construct, int offset) {
        return RegexException.unsupported(construct, text, offset);
    }
}
