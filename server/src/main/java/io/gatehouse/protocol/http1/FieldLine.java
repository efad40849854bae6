package io.gatehouse.protocol.http1;

import io.gatehouse.protocol.Ascii;

/**
 * Reads the lines of fields in an array that more bytes may come into (RFC 9112, 5), and keeps where the parts of the
 * last one lie. A call goes on where the last one ended. A line without a colon, a space before it, a folded line, control
 * bytes and a carriage return without a line feed are malformed; a bare line feed ends a line, as with nginx.
 */
final class FieldLine {
    static final int MORE = 0;
    /** A field was read. */
    static final int FIELD = 1;
    /** The empty line behind the fields was read. */
    static final int END = 2;

    static final int MALFORMED = 3;

    private static final int START = 0;
    private static final int NAME = 1;
    private static final int BEFORE_VALUE = 2;
    private static final int VALUE = 3;
    private static final int LINE_FEED = 4;
    private static final int LAST_LINE_FEED = 5;

    private int state;

    /** Where the next call goes on. */
    int position;

    int start;
    int nameEnd;
    int valueStart;
    /** Without blanks at the end; while malformed, the byte that is wrong. */
    int valueEnd;
    /** The name has bytes that nginx calls invalid: an underscore, or anything but letters, digits and '-'. */
    boolean oddName;
    /** The name has an underscore and nothing else that is odd. */
    boolean underscore;

    void begin(int at) {
        state = START;
        position = at;
        start = at;
    }

    /** Whether a whole line was read and nothing of the next. */
    boolean isAtStart() {
        return state == START;
    }

    int parse(byte[] b, int limit) {
        int p = position;
        while (p < limit) {
            byte c = b[p];
            switch (state) {
                case START -> {
                    start = p;
                    valueEnd = p;
                    oddName = false;
                    underscore = false;
                    if (c == '\r') {
                        state = LAST_LINE_FEED;
                        p++;
                    } else if (c == '\n') {
                        position = p + 1;
                        return END;
                    } else if (c == ':') {
                        return malformed(p);
                    } else {
                        state = NAME;
                    }
                }
                case NAME -> {
                    p = name(b, p, limit);
                    if (p < 0) {
                        return MALFORMED;
                    }
                }
                case BEFORE_VALUE -> {
                    if (Ascii.isBlank(c)) {
                        p++;
                    } else {
                        valueStart = p;
                        state = VALUE;
                    }
                }
                case VALUE -> {
                    p = Ascii.endOfText(b, p, limit);
                    if (p == limit) {
                        break;
                    }
                    if (b[p] == '\n') {
                        return field(b, p, p + 1);
                    }
                    if (b[p] != '\r') {
                        return malformed(p);
                    }
                    state = LINE_FEED;
                    p++;
                }
                case LINE_FEED -> {
                    return c == '\n' ? field(b, p - 1, p + 1) : malformed(p - 1);
                }
                default -> {
                    if (c != '\n') {
                        return malformed(p - 1);
                    }
                    state = START;
                    position = p + 1;
                    return END;
                }
            }
        }
        position = p;
        return MORE;
    }

    /** Reads on in a name; the index behind it, or -1 if it is malformed. */
    private int name(byte[] b, int from, int limit) {
        int p = from;
        while (p < limit) {
            byte c = b[p];
            if (Ascii.isName(c)) {
                p++;
                continue;
            }
            if (c == ':') {
                nameEnd = p;
                state = BEFORE_VALUE;
                return p + 1;
            }
            if (c == '_') {
                underscore = true;
            } else if (c >= 0 && c <= ' ' || c == 0x7f) {
                malformed(p);
                return -1;
            } else {
                oddName = true;
            }
            p++;
        }
        return p;
    }

    private int field(byte[] b, int end, int behind) {
        int last = end;
        while (last > valueStart && Ascii.isBlank(b[last - 1])) {
            last--;
        }
        valueEnd = last;
        state = START;
        position = behind;
        return FIELD;
    }

    private int malformed(int at) {
        valueEnd = at;
        position = at;
        return MALFORMED;
    }
}
