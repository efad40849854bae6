package io.gatehouse.exchange;

import java.nio.charset.StandardCharsets;

/**
 * The dates of HTTP (RFC 9110, 5.6.7): written as IMF-fixdate, read in its three forms. As nginx does it, the day of the
 * week and the zone are not looked at when a date is read.
 */
public final class HttpDates {
    private static final long DAY = 86_400;
    /** Days from 0000-03-01, where the leap day ends the year, to 1970-01-01. */
    private static final long EPOCH_DAY = 719_468;

    private static final int DAYS_PER_ERA = 146_097;
    private static final String WEEKDAYS = "ThuFriSatSunMonTueWed";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private HttpDates() {}

    /** Seconds since 1970 as IMF-fixdate. */
    public static String format(long seconds) {
        long day = Math.floorDiv(seconds, DAY);
        int time = (int) Math.floorMod(seconds, DAY);
        long shifted = day + EPOCH_DAY;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = (int) Math.floorMod(shifted, (long) DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
        long year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);

        byte[] out = new byte[29];
        word(out, 0, WEEKDAYS, (int) Math.floorMod(day, 7L));
        out[3] = ',';
        out[4] = ' ';
        two(out, 5, dayOfMonth);
        out[7] = ' ';
        word(out, 8, MONTHS, month);
        out[11] = ' ';
        two(out, 12, (int) (year / 100 % 100));
        two(out, 14, (int) (year % 100));
        out[16] = ' ';
        two(out, 17, time / 3600);
        out[19] = ':';
        two(out, 20, time / 60 % 60);
        out[22] = ':';
        two(out, 23, time % 60);
        out[25] = ' ';
        out[26] = 'G';
        out[27] = 'M';
        out[28] = 'T';
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    private static void word(byte[] out, int at, String words, int index) {
        for (int i = 0; i < 3; i++) {
            out[at + i] = (byte) words.charAt(3 * index + i);
        }
    }

    private static void two(byte[] out, int at, int number) {
        out[at] = (byte) ('0' + number / 10);
        out[at + 1] = (byte) ('0' + number % 10);
    }

    /** Seconds since 1970; -1 if the text is no date of HTTP. */
    public static long parse(String text) {
        return new Reader(text).read();
    }

    /** One date being read. */
    private static final class Reader {
        private final String text;
        private int at;
        private boolean bad;

        Reader(String text) {
            this.text = text;
        }

        long read() {
            int day;
            int month;
            int year;
            int hour;
            int minute;
            int second;
            if (skipWeekday()) {
                // Sun Nov  6 08:49:37 1994
                month = month();
                expect(' ');
                if (peek() == ' ') {
                    at++;
                }
                day = digit();
                if (peek() != ' ') {
                    day = day * 10 + digit();
                }
                expect(' ');
                hour = number(2);
                expect(':');
                minute = number(2);
                expect(':');
                second = number(2);
                expect(' ');
                year = number(4);
            } else {
                // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
                day = number(2);
                char between = peek();
                bad |= between != ' ' && between != '-';
                at++;
                month = month();
                expect(between);
                if (between == ' ') {
                    year = number(4);
                } else {
                    year = number(2);
                    year += year < 70 ? 2000 : 1900;
                }
                expect(' ');
                hour = number(2);
                expect(':');
                minute = number(2);
                expect(':');
                second = number(2);
            }
            if (bad || hour > 23 || minute > 59 || second > 59 || day < 1 || day > daysIn(month, year)) {
                return -1;
            }
            return daysSince1970(year, month, day) * DAY + hour * 3600L + minute * 60L + second;
        }

        /** Returns whether no comma stands behind it, as in the form of asctime. */
        private boolean skipWeekday() {
            boolean asctime = false;
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == ' ' || c == ',') {
                    asctime = c == ' ';
                    break;
                }
            }
            at++;
            while (peek() == ' ') {
                at++;
            }
            return asctime;
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void expect(char c) {
            bad |= peek() != c;
            at++;
        }

        private int digit() {
            int digit = peek() - '0';
            bad |= digit < 0 || digit > 9;
            at++;
            return digit;
        }

        private int number(int digits) {
            int number = 0;
            for (int i = 0; i < digits; i++) {
                number = number * 10 + digit();
            }
            return number;
        }

        private int month() {
            for (int month = 0; month < 12; month++) {
                if (text.regionMatches(at, MONTHS, 3 * month, 3)) {
                    at += 3;
                    return month;
                }
            }
            bad = true;
            return 0;
        }

        private static int daysIn(int month, int year) {
            return switch (month) {
                case 1 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
                case 3, 5, 8, 10 -> 30;
                default -> 31;
            };
        }

        private static long daysSince1970(int year, int month, int day) {
            long y = month < 2 ? year - 1 : year;
            long era = Math.floorDiv(y, 400L);
            long yearOfEra = y - era * 400;
            int shiftedMonth = month < 2 ? month + 10 : month - 2;
            long dayOfYear = (153L * shiftedMonth + 2) / 5 + day - 1;
            return era * DAYS_PER_ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - EPOCH_DAY;
        }
    }
}
