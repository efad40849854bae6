package io.gatehouse.text;

/** Comparing and reading ASCII in bytes and octet strings; bytes from 0x80 on are equal to themselves only. */
public final class Ascii {
    private Ascii() {}

    public static int lower(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }

    public static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    public static boolean isLetter(int octet) {
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    /** The value of a hexadecimal digit; -1 for anything else. */
    public static int hexDigit(int octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    public static boolean equals(byte[] octets, int offset, int length, String text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((octets[offset + i] & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public static boolean equalsIgnoreCase(byte[] octets, int offset, int length, String text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int a = octets[offset + i] & 0xFF;
            int b = text.charAt(i);
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    public static boolean equalsIgnoreCase(byte[] octets, int offset, byte[] others, int otherOffset, int length) {
        for (int i = 0; i < length; i++) {
            int a = octets[offset + i];
            int b = others[otherOffset + i];
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    /** Unlike {@link String#equalsIgnoreCase}, which holds more than ASCII's letters for equal. */
    public static boolean equalsIgnoreCase(String one, String other) {
        return one.length() == other.length() && startsWithIgnoreCase(one, 0, other);
    }

    /** Whether the prefix stands at this place of the text. */
    public static boolean startsWithIgnoreCase(String text, int offset, String prefix) {
        if (offset < 0 || prefix.length() > text.length() - offset) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            int a = text.charAt(offset + i);
            int b = prefix.charAt(i);
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    /** The text with the letters A to Z small; the same object when there are none. */
    public static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return lowerFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerFrom(String text, int first) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            lower.setCharAt(i, (char) lower(text.charAt(i)));
        }
        return lower.toString();
    }

    /** A number of decimal digits and nothing else; -1 for anything else or more than a long holds. */
    public static long decimal(byte[] octets, int offset, int length) {
        if (length <= 0) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = append(value, octets[offset + i]);
            if (value < 0) {
                return -1;
            }
        }
        return value;
    }

    /** A number of decimal digits and nothing else; -1 for anything else or more than a long holds. */
    public static long decimal(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = append(value, text.charAt(i));
            if (value < 0) {
                return -1;
            }
        }
        return value;
    }

    private static long append(long value, int octet) {
        int digit = octet - '0';
        if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
            return -1;
        }
        return value * 10 + digit;
    }
}
