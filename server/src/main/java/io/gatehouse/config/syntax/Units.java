package io.gatehouse.config.syntax;

/**
 * nginx's sizes and times: exactly the texts that nginx accepts. Everything returns {@link #INVALID} for anything else,
 * an overflow included.
 */
public final class Units {
    /** What is returned for a text that nginx refuses. */
    public static final long INVALID = -1;

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Units() {}

    /** A size in bytes: digits, then nothing, {@code k} or {@code m} in either case (nginx: ngx_parse_size). */
    public static long size(String text) {
        return scaled(text, false);
    }

    /** A size or place in a file: as {@link #size}, and {@code g} (nginx: ngx_parse_offset). */
    public static long offset(String text) {
        return scaled(text, true);
    }

    /** Decimal digits and nothing else (nginx: ngx_atoi). */
    public static long number(String text) {
        return digits(text, text.length());
    }

    /** A time in milliseconds: parts from {@code w} to {@code ms} in this order; a bare number is seconds. */
    public static long millis(String text) {
        return time(text, false);
    }

    /** A time in seconds: parts from {@code y} to {@code s} in this order; a bare number is seconds. */
    public static long seconds(String text) {
        return time(text, true);
    }

    private static long scaled(String text, boolean gigabytes) {
        int length = text.length();
        if (length == 0) {
            return INVALID;
        }
        int shift = switch (text.charAt(length - 1)) {
            case 'K', 'k' -> 10;
            case 'M', 'm' -> 20;
            case 'G', 'g' -> gigabytes ? 30 : 0;
            default -> 0;
        };
        long value = digits(text, shift == 0 ? length : length - 1);
        return value > Long.MAX_VALUE >> shift ? INVALID : value == INVALID ? INVALID : value << shift;
    }

    private static long digits(String text, int length) {
        if (length == 0) {
            return INVALID;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = appendDigit(value, text.charAt(i));
            if (value < 0) {
                return INVALID;
            }
        }
        return value;
    }

    private static long appendDigit(long value, char c) {
        int digit = c - '0';
        if (digit < 0 || digit > 9) {
            return INVALID;
        }
        return value > (Long.MAX_VALUE - digit) / 10 ? INVALID : value * 10 + digit;
    }

    /** The steps of ngx_parse_time: a later part must be a smaller unit; a space ends a number like "s" does. */
    private enum Step {
        START,
        YEAR,
        MONTH,
        WEEK,
        DAY,
        HOUR,
        MINUTE,
        SECOND,
        MILLISECOND,
        LAST
    }

    private static long time(String text, boolean inSeconds) {
        int length = text.length();
        boolean anyDigit = false;
        long total = 0;
        long value = 0;
        Step step = inSeconds ? Step.START : Step.MONTH;
        for (int i = 0; i < length; ) {
            char c = text.charAt(i++);
            if (c >= '0' && c <= '9') {
                value = appendDigit(value, c);
                if (value < 0) {
                    return INVALID;
                }
                anyDigit = true;
                continue;
            }
            boolean millis = c == 'm' && i < length && text.charAt(i) == 's';
            if (millis) {
                i++;
            }
            Step unit = millis ? Step.MILLISECOND : unit(c);
            if (!mayFollow(step, unit, inSeconds)) {
                return INVALID;
            }
            step = unit;
            long scale = scale(unit) * (inSeconds || millis ? 1 : 1000);
            total = add(total, value, scale);
            if (total < 0) {
                return INVALID;
            }
            value = 0;
            while (i < length && text.charAt(i) == ' ') {
                i++;
            }
        }
        return anyDigit ? add(total, value, inSeconds ? 1 : 1000) : INVALID;
    }

    private static long add(long total, long value, long scale) {
        if (value > Long.MAX_VALUE / scale) {
            return INVALID;
        }
        long scaled = value * scale;
        return total > Long.MAX_VALUE - scaled ? INVALID : total + scaled;
    }

    /** START stands for a character that is no unit. */
    private static Step unit(char c) {
        return switch (c) {
            case 'y' -> Step.YEAR;
            case 'M' -> Step.MONTH;
            case 'w' -> Step.WEEK;
            case 'd' -> Step.DAY;
            case 'h' -> Step.HOUR;
            case 'm' -> Step.MINUTE;
            case 's' -> Step.SECOND;
            case ' ' -> Step.LAST;
            default -> Step.START;
        };
    }

    private static boolean mayFollow(Step before, Step unit, boolean inSeconds) {
        return switch (unit) {
            case START -> false;
            case MILLISECOND -> !inSeconds && before.compareTo(unit) < 0;
            case LAST -> before.compareTo(Step.SECOND) < 0;
            default -> before.compareTo(unit) < 0;
        };
    }

    private static long scale(Step unit) {
        return switch (unit) {
            case YEAR -> 365 * DAY;
            case MONTH -> 30 * DAY;
            case WEEK -> 7 * DAY;
            case DAY -> DAY;
            case HOUR -> HOUR;
            case MINUTE -> MINUTE;
            default -> 1;
        };
    }
}
