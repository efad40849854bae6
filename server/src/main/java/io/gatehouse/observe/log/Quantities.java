package io.gatehouse.observe.log;

/** Sizes and times as nginx writes them; -1 for what is none. */
final class Quantities {
    private static final String UNITS = "Mwdhm";
    private static final long[] SECONDS = {30L * 86400, 7L * 86400, 86400, 3600, 60};

    private Quantities() {}

    /** Bytes: digits and perhaps {@code k} or {@code m}. */
    static long size(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        long scale = switch (text.charAt(text.length() - 1)) {
            case 'k', 'K' -> 1024;
            case 'm', 'M' -> 1024 * 1024;
            default -> 1;
        };
        long number = number(scale == 1 ? text : text.substring(0, text.length() - 1));
        return number > Long.MAX_VALUE / scale ? -1 : number < 0 ? -1 : number * scale;
    }

    /** Decimal digits alone. */
    static long number(String digits) {
        if (digits.isEmpty()) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Milliseconds: numbers with units from the longest to the shortest, such as {@code 1h 30m}; none is seconds. */
    static long millis(String text) {
        long total = 0;
        int lastUnit = -1;
        int i = 0;
        boolean any = false;
        while (i < text.length()) {
            int start = i;
            while (i < text.length() && Character.digit(text.charAt(i), 10) >= 0) {
                i++;
            }
            any |= i > start;
            long value = i > start ? number(text.substring(start, i)) : 0;
            int unit = unit(text, i);
            if (value < 0 || unit < 0 || unit <= lastUnit) {
                return -1;
            }
            lastUnit = unit;
            long scale = unit == 7 ? 1 : unit >= 5 ? 1000 : SECONDS[unit] * 1000;
            if (value > (Long.MAX_VALUE - total) / scale) {
                return -1;
            }
            total += value * scale;
            i += unit == 7 ? 2 : 1;
            while (i < text.length() && text.charAt(i) == ' ') {
                i++;
            }
        }
        return any ? total : -1;
    }

    /** The place of the unit in the order in which they may follow each other; 5 seconds, 6 nothing, 7 milliseconds. */
    private static int unit(String text, int at) {
        if (at == text.length() || text.charAt(at) == ' ') {
            return 6;
        }
        char c = text.charAt(at);
        if (c == 's') {
            return 5;
        }
        return text.startsWith("ms", at) ? 7 : UNITS.indexOf(c);
    }
}
