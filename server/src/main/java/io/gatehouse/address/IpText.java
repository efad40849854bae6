package io.gatehouse.address;

import io.gatehouse.text.Ascii;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses without ever asking a name server. */
public final class IpText {
    private IpText() {}

    /**
     * Four octets for an IPv4 address in four decimal numbers, sixteen for an IPv6 address (RFC 4291, 2.2) without
     * brackets and zone; null for anything else.
     */
    public static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? v6(text) : v4(text, 0, text.length());
    }

    /** As {@link #parse}, with a port that may stand behind it: {@code 127.0.0.1:80}, {@code [::1]:80}; the port is dropped. */
    public static byte @Nullable [] parseWithPort(String text) {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            return close > 0 && isPort(text.substring(close + 1)) ? v6(text.substring(1, close)) : null;
        }
        int colon = text.indexOf(':');
        if (colon < 0 || text.indexOf(':', colon + 1) >= 0) {
            return parse(text);
        }
        return isPort(text.substring(colon)) ? v4(text, 0, colon) : null;
    }

    /** The port behind an address that {@link #parseWithPort} can read; 0 for none. */
    public static int port(String text) {
        int colon = text.lastIndexOf(':');
        boolean has = text.startsWith("[") ? colon > text.indexOf(']') : colon >= 0 && text.indexOf(':') == colon;
        return has ? (int) Ascii.decimal(text.substring(colon + 1)) : 0;
    }

    /** Whether the text is nothing, or a colon and a port. */
    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        int port = 0;
        for (int i = 1; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return false;
            }
            port = Math.min(port * 10 + text.charAt(i) - '0', 100_000);
        }
        return text.charAt(0) == ':' && port >= 1 && port <= 65_535;
    }

    private static byte @Nullable [] v4(String text, int from, int to) {
        byte[] octets = new byte[4];
        int at = from;
        for (int i = 0; i < 4; i++) {
            int begin = at;
            int number = 0;
            while (at < to && Ascii.isDigit(text.charAt(at))) {
                number = number * 10 + text.charAt(at++) - '0';
                if (number > 255) {
                    return null;
                }
            }
            if (at == begin || i < 3 && (at == to || text.charAt(at++) != '.')) {
                return null;
            }
            octets[i] = (byte) number;
        }
        return at == to ? octets : null;
    }

    private static byte @Nullable [] v6(String text) {
        byte[] octets = new byte[16];
        int used = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (text.startsWith(":")) {
            return null;
        }
        while (at < text.length()) {
            int end = text.indexOf(':', at);
            end = end < 0 ? text.length() : end;
            if (end == text.length() && text.indexOf('.', at) >= 0) {
                byte[] dotted = v4(text, at, end);
                if (dotted == null || used > 12) {
                    return null;
                }
                System.arraycopy(dotted, 0, octets, used, 4);
                used += 4;
                break;
            }
            int group = group(text, at, end);
            if (group < 0 || used > 14) {
                return null;
            }
            octets[used++] = (byte) (group >> 8);
            octets[used++] = (byte) group;
            if (end == text.length()) {
                break;
            }
            at = end + 1;
            if (at == text.length()) {
                return null;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = used;
                at++;
            }
        }
        return spread(octets, used, gap);
    }

    private static int group(String text, int from, int to) {
        if (from == to || to - from > 4) {
            return -1;
        }
        int group = 0;
        for (int i = from; i < to; i++) {
            int digit = Ascii.hexDigit(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            group = group << 4 | digit;
        }
        return group;
    }

    /** Moves what stands behind the two colons to the end. */
    private static byte @Nullable [] spread(byte[] octets, int used, int gap) {
        if (gap < 0) {
            return used == 16 ? octets : null;
        }
        if (used == 16) {
            return null;
        }
        byte[] whole = new byte[16];
        System.arraycopy(octets, 0, whole, 0, gap);
        System.arraycopy(octets, gap, whole, 16 - (used - gap), used - gap);
        return whole;
    }

    /** The IPv4 address that an IPv6 address stands for (::ffff:a.b.c.d); the address itself if it stands for none. */
    public static byte[] unmapped(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return new byte[] {address[12], address[13], address[14], address[15]};
    }
}
