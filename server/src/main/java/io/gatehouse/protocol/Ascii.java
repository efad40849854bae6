package io.gatehouse.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What an octet may be in the syntax of HTTP: table look-ups. */
public final class Ascii {
    /** In a method: A to Z, '_' and '-', as nginx has it. */
    private static final int METHOD = 1;
    /** In a URI without a meaning of its own; 0x80 and above included. */
    private static final int PLAIN_URI = 2;
    /** In a field's name without doubt: letters, digits, '-'. */
    private static final int NAME = 4;
    /** In a field's value: everything but control bytes; the tab is none. */
    private static final int FIELD_TEXT = 8;
    /** RFC 9110, 5.6.2. */
    private static final int TOKEN = 16;
    /** In a host's name outside of brackets: unreserved, sub-delims, '%' (RFC 3986, 3.2.2); dots and colons apart. */
    private static final int HOST = 32;

    private static final byte[] CLASSES = new byte[256];
    private static final byte[] HEX = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean upper = c >= 'A' && c <= 'Z';
            boolean alphanumeric = upper || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            int kinds = 0;
            if (upper || c == '_' || c == '-') {
                kinds |= METHOD;
            }
            if (c > ' ' && c != 0x7f && "#%+./?".indexOf(c) < 0) {
                kinds |= PLAIN_URI;
            }
            if (alphanumeric || c == '-') {
                kinds |= NAME;
            }
            if (c >= ' ' && c != 0x7f || c == '\t') {
                kinds |= FIELD_TEXT;
            }
            if (alphanumeric || c != 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                kinds |= TOKEN;
            }
            if (alphanumeric || c != 0 && "-_~!$&'()*+,;=%".indexOf(c) >= 0) {
                kinds |= HOST;
            }
            CLASSES[c] = (byte) kinds;
            HEX[c] = (byte) Character.digit(c < 128 ? c : ' ', 16);
        }
    }

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private Ascii() {}

    /** The index of the first byte in {@code b[from, end)} that is no text of a field, or {@code end}; eight at a time. */
    public static int endOfText(byte[] b, int from, int end) {
        int p = from;
        while (p < end) {
            while (end - p >= 8) {
                long word = (long) LONG.get(b, p);
                long delete = word ^ 0x7f * EACH;
                long below = (word - 0x20 * EACH) & ~word;
                long deleted = (delete - EACH) & ~delete;
                if (((below | deleted) & HIGH) != 0) {
                    break;
                }
                p += 8;
            }
            int stop = Math.min(end, p + 8);
            while (p < stop) {
                if (!isFieldText(b[p])) {
                    return p;
                }
                p++;
            }
        }
        return end;
    }

    public static boolean isMethod(byte b) {
        return (CLASSES[b & 255] & METHOD) != 0;
    }

    public static boolean isPlainUri(byte b) {
        return (CLASSES[b & 255] & PLAIN_URI) != 0;
    }

    public static boolean isName(byte b) {
        return (CLASSES[b & 255] & NAME) != 0;
    }

    public static boolean isFieldText(byte b) {
        return (CLASSES[b & 255] & FIELD_TEXT) != 0;
    }

    public static boolean isToken(byte b) {
        return (CLASSES[b & 255] & TOKEN) != 0;
    }

    public static boolean isHost(byte b) {
        return (CLASSES[b & 255] & HOST) != 0;
    }

    public static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    public static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    /** A control byte: below the space, or DEL. Bytes above 0x7f are none. */
    public static boolean isControl(byte b) {
        return b >= 0 && b < ' ' || b == 0x7f;
    }

    /** 0 to 15, or -1. */
    public static int hex(byte b) {
        return HEX[b & 255];
    }

    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** Whether {@code bytes[start, end)} is {@code lower} without regard to case. */
    public static boolean equalsIgnoreCase(byte[] bytes, int start, int end, String lower) {
        if (end - start != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower(bytes[start + i]) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
