package io.gatehouse.module.range;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a Range field asks for, cut to the length of the representation (RFC 9110, 14.1.2).
 *
 * @param bounds first byte and the one behind the last of each range, in turn
 * @param answer what to do; there are bounds only for {@link Answer#PARTS}
 */
record ByteRanges(Answer answer, long... bounds) {
    /** What a Range field leads to. */
    enum Answer {
        /** The whole representation: the field asks for it in a costly way, or for more ranges than are allowed. */
        WHOLE,
        PARTS,
        NOT_SATISFIABLE,
    }

    private static final ByteRanges WHOLE = new ByteRanges(Answer.WHOLE);
    private static final ByteRanges NOT_SATISFIABLE = new ByteRanges(Answer.NOT_SATISFIABLE);

    /** Room that nginx counts for what stands around each part, and what the whole answer may be larger than the file. */
    private static final int PART_HEAD = 256;

    private static final int ALLOWANCE = 4096;

    static boolean isBytes(String field) {
        return field.length() >= 7 && field.regionMatches(true, 0, "bytes=", 0, 6);
    }

    int count() {
        return bounds.length / 2;
    }

    long start(int index) {
        return bounds[2 * index];
    }

    /** The byte behind the last. */
    long end(int index) {
        return bounds[2 * index + 1];
    }

    /**
     * Reads a field that {@link #isBytes}.
     *
     * @param length of the representation, bytes
     * @param max how many ranges are allowed; {@link Integer#MAX_VALUE} for as many as cost no more than the whole
     */
    static ByteRanges read(String field, long length, int max) {
        return new Reader(field, length, max).read();
    }

    private static final class Reader {
        private final String text;
        private final long length;
        private final int max;
        private int at = 6;
        private long[] bounds = new long[2];
        private int used;
        private long sum;

        Reader(String text, long length, int max) {
            this.text = text;
            this.length = length;
            this.max = max;
        }

        ByteRanges read() {
            do {
                ByteRanges other = one();
                if (other != null) {
                    return other;
                }
            } while (next() == ',');
            if (used == 0) {
                return NOT_SATISFIABLE;
            }
            if (used > 2 && costsMoreThanWhole()) {
                return WHOLE;
            }
            return new ByteRanges(Answer.PARTS, Arrays.copyOf(bounds, used));
        }

        private boolean costsMoreThanWhole() {
            long heads = max == Integer.MAX_VALUE ? used / 2L * PART_HEAD : 0;
            return sum > length || heads > 0 && sum + heads > length + ALLOWANCE;
        }

        /** Reads one range; null to go on. */
        private @Nullable ByteRanges one() {
            long start;
            long end;
            skipSpaces();
            if (peek() == '-') {
                at++;
                long suffix = number();
                if (suffix < 0) {
                    return NOT_SATISFIABLE;
                }
                start = suffix < length ? length - suffix : 0;
                end = length;
            } else {
                start = number();
                skipSpaces();
                if (start < 0 || next() != '-') {
                    return NOT_SATISFIABLE;
                }
                skipSpaces();
                if (isEnd()) {
                    end = length;
                } else {
                    long last = number();
                    if (last < 0) {
                        return NOT_SATISFIABLE;
                    }
                    end = last >= length ? length : last + 1;
                }
            }
            skipSpaces();
            return isEnd() ? add(start, end) : NOT_SATISFIABLE;
        }

        private @Nullable ByteRanges add(long start, long end) {
            if (start < end) {
                if (sum > Long.MAX_VALUE - (end - start)) {
                    return NOT_SATISFIABLE;
                }
                sum += end - start;
                if (used / 2 == max) {
                    return WHOLE;
                }
                if (used == bounds.length) {
                    bounds = Arrays.copyOf(bounds, used * 2);
                }
                bounds[used++] = start;
                bounds[used++] = end;
                return null;
            }
            return start == 0 ? WHOLE : null;
        }

        /** -1 if there is none, or it is too large. */
        private long number() {
            int from = at;
            long number = 0;
            for (char c = peek(); c >= '0' && c <= '9'; c = peek()) {
                int digit = c - '0';
                if (number > (Long.MAX_VALUE - digit) / 10) {
                    return -1;
                }
                number = number * 10 + digit;
                at++;
            }
            return at == from ? -1 : number;
        }

        private void skipSpaces() {
            while (peek() == ' ') {
                at++;
            }
        }

        private boolean isEnd() {
            return at == text.length() || text.charAt(at) == ',';
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private char next() {
            char c = peek();
            at++;
            return c;
        }
    }
}
