package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;

/**
 * A host with an optional port, as the Host field and the absolute form have it (RFC 9110, 7.2), by nginx's rules: no
 * empty label, no empty host, a final dot is left out, the name goes to lower case.
 */
public final class HostName {
    private static final int MAX_PORT = 65535;

    /** In lower case, without port and final dot; an IPv6 address with its brackets. */
    public String name = "";
    /** 0 for none. */
    public int port;

    /** Reads {@code b[start, end)}. Returns whether it is valid; the fields stand for the last one that was. */
    public boolean parse(byte[] b, int start, int end) {
        int p = start;
        int dot = -1;
        boolean literal = p < end && b[p] == '[';
        if (literal) {
            p++;
        }
        boolean upper = false;
        int previousDot = -2;
        for (; p < end; p++) {
            byte c = b[p];
            if (Ascii.isHost(c)) {
                if (c == '%' && literal) {
                    return false;
                }
                upper |= c >= 'A' && c <= 'Z';
            } else if (c == '.') {
                if (previousDot == p - 1) {
                    return false;
                }
                previousDot = p;
                dot = p;
            } else if (c == ':') {
                if (!literal) {
                    break;
                }
            } else if (c == ']' && literal) {
                break;
            } else {
                return false;
            }
        }
        int nameEnd = p;
        if (literal) {
            if (p == end) {
                return false;
            }
            nameEnd = ++p;
            if (p < end && b[p] != ':') {
                return false;
            }
        }
        int number = port(b, p + 1, end);
        if (number < 0) {
            return false;
        }
        if (dot == nameEnd - 1 && dot >= start) {
            nameEnd--;
        }
        if (nameEnd == start) {
            return false;
        }
        port = number;
        name = text(b, start, nameEnd, upper);
        return true;
    }

    /** 0 if there is none; -1 if it is no port. */
    private static int port(byte[] b, int start, int end) {
        int number = 0;
        for (int p = start; p < end; p++) {
            if (!Ascii.isDigit(b[p])) {
                return -1;
            }
            number = number * 10 + b[p] - '0';
            if (number > MAX_PORT) {
                return -1;
            }
        }
        return number;
    }

    /** The text; the last one again if it is the same, as it mostly is on one connection. */
    private String text(byte[] b, int start, int end, boolean upper) {
        if (!upper && Methods.equals(b, start, end, name)) {
            return name;
        }
        if (!upper) {
            return new String(b, start, end - start, StandardCharsets.ISO_8859_1);
        }
        byte[] lower = new byte[end - start];
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Ascii.lower(b[start + i]);
        }
        return new String(lower, StandardCharsets.ISO_8859_1);
    }
}
