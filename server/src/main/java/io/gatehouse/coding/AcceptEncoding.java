package io.gatehouse.coding;

import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;

/** Reads what codings a client takes (RFC 9110, 12.5.3). Weights are thousandths. */
public final class AcceptEncoding {
    /** The client says nothing of the coding. */
    public static final int UNSAID = -1;

    private static final int INVALID = 0;
    private static final String ANY = "*";

    private AcceptEncoding() {}

    /**
     * The weight of a coding, 0 to 1000, 0 for one that is refused: its own, else that of {@code *}; {@link #UNSAID} if neither
     * is there. A weight that cannot be read refuses. Of several the largest counts.
     */
    public static int weight(Headers request, String coding) {
        int own = UNSAID;
        int any = UNSAID;
        for (int i = request.find(FieldName.ACCEPT_ENCODING);
                i >= 0;
                i = request.find(FieldName.ACCEPT_ENCODING, i + 1)) {
            String field = request.value(i);
            own = Math.max(own, weight(field, coding));
            if (coding.equals("gzip")) {
                // RFC 9110, 8.4.1.3: to be taken as equal
                own = Math.max(own, weight(field, "x-gzip"));
            }
            any = Math.max(any, weight(field, ANY));
        }
        return own == UNSAID ? any : own;
    }

    /** The weight of the bare body where the client names it, else {@link #UNSAID}; {@code *} does not name it. */
    public static int identity(Headers request) {
        int own = UNSAID;
        for (int i = request.find(FieldName.ACCEPT_ENCODING);
                i >= 0;
                i = request.find(FieldName.ACCEPT_ENCODING, i + 1)) {
            own = Math.max(own, weight(request.value(i), "identity"));
        }
        return own;
    }

    /** The largest weight that one field gives the name itself; {@link #UNSAID} for none. */
    static int weight(String field, String name) {
        int weight = UNSAID;
        int at = 0;
        while (at < field.length()) {
            int comma = field.indexOf(',', at);
            int end = comma < 0 ? field.length() : comma;
            int from = skipBlanks(field, at, end);
            if (field.regionMatches(true, from, name, 0, name.length()) && from + name.length() <= end) {
                int behind = skipBlanks(field, from + name.length(), end);
                if (behind == end) {
                    return 1000;
                }
                if (field.charAt(behind) == ';') {
                    weight = Math.max(weight, quality(field, behind + 1, end));
                }
            }
            at = end + 1;
        }
        return weight;
    }

    /** {@code q=0.5} in that part of the field. */
    private static int quality(String field, int from, int to) {
        int at = skipBlanks(field, from, to);
        int end = to;
        while (end > at && isBlank(field.charAt(end - 1))) {
            end--;
        }
        if (end - at < 3 || (field.charAt(at) | 0x20) != 'q' || field.charAt(at + 1) != '=') {
            return INVALID;
        }
        char whole = field.charAt(at + 2);
        if (whole != '0' && whole != '1' || end - at > 7 || end - at > 3 && field.charAt(at + 3) != '.') {
            return INVALID;
        }
        int thousandths = (whole - '0') * 1000;
        int unit = 100;
        for (int i = at + 4; i < end; i++, unit /= 10) {
            int digit = field.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            thousandths += digit * unit;
        }
        return thousandths > 1000 ? INVALID : thousandths;
    }

    private static int skipBlanks(String field, int from, int to) {
        int at = from;
        while (at < to && isBlank(field.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
