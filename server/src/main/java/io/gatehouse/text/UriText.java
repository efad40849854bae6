package io.gatehouse.text;

import java.nio.charset.StandardCharsets;

/** The escapes of URIs and HTML as nginx writes and reads them, on octet strings. */
public final class UriText {
    private static final String CONTROLS_AND_SPACE = range(0, 0x20);
    private static final String HIGH = range(0x7F, 0xFF);
    private static final String NEVER = CONTROLS_AND_SPACE + "\"<>\\^`{|" + HIGH;

    /** What a text becomes a part of, which decides the characters that are escaped (nginx: ngx_escape_uri). */
    public enum Part {
        /** A path in a request line or a {@code Location}. */
        URI(NEVER + "}#%?"),
        /** A query. */
        ARGS(NEVER + "}#%?&+;"),
        /** One name or value in a URI: all but letters, digits and {@code -._~}. */
        URI_COMPONENT(allBut("-._~")),
        /** A link in a page. */
        HTML(NEVER + "}#%'"),
        /** The URL in a {@code Refresh}. */
        REFRESH(NEVER + "~'"),
        /** A key of memcached, or a name in the mail protocols. */
        MEMCACHED(CONTROLS_AND_SPACE + "%");

        @SuppressWarnings("ImmutableEnumChecker") // Nobody writes it after the constructor, and it stays in this class.
        private final boolean[] escaped = new boolean[256];

        Part(String octets) {
            for (int i = 0; i < octets.length(); i++) {
                escaped[octets.charAt(i)] = true;
            }
        }
    }

    /** How far {@link #unescape} goes. */
    public enum Reading {
        /** Every escape, to the end. */
        ALL,
        /** Every escape, up to the first question mark, escaped or not, which is kept. */
        UP_TO_QUERY,
        /** As before, but an octet that may not stand in a header as it is stays escaped. */
        REDIRECT
    }

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);

    private UriText() {}

    /** The text with the characters that may not stand in the part as {@code %XX}; the same object when there are none. */
    public static String escape(String text, Part part) {
        boolean[] escaped = part.escaped;
        for (int i = 0; i < text.length(); i++) {
            if (escaped[text.charAt(i) & 0xFF]) {
                StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
                for (int j = i; j < text.length(); j++) {
                    int octet = text.charAt(j) & 0xFF;
                    if (escaped[octet]) {
                        out.append('%').append((char) HEX[octet >> 4]).append((char) HEX[octet & 15]);
                    } else {
                        out.append((char) octet);
                    }
                }
                return out.toString();
            }
        }
        return text;
    }

    /** Writes the escaped bytes without a string between. */
    public static void escape(byte[] octets, int offset, int length, Part part, Octets out) {
        boolean[] escaped = part.escaped;
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int octet = octets[i] & 0xFF;
            if (escaped[octet]) {
                out.put(octets, from, i - from)
                        .put((byte) '%')
                        .put(HEX[octet >> 4])
                        .put(HEX[octet & 15]);
                from = i + 1;
            }
        }
        out.put(octets, from, end - from);
    }

    /** How many characters {@link #escape} would escape. */
    public static int escapes(String text, Part part) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (part.escaped[text.charAt(i) & 0xFF]) {
                count++;
            }
        }
        return count;
    }

    /** The text with every {@code %XX} decoded; what is no escape is read as nginx does: the percent sign is dropped. */
    public static String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        unescape(text, 0, text.length(), Reading.ALL, out);
        return out.toString();
    }

    /**
     * Decodes a part of the text (nginx: ngx_unescape_uri).
     *
     * @return where it stopped: the end, or after the question mark that the reading stops at
     */
    public static int unescape(String text, int start, int end, Reading reading, StringBuilder out) {
        int i = start;
        while (i < end) {
            char c = text.charAt(i++);
            if (c == '?' && reading != Reading.ALL) {
                out.append(c);
                return i;
            }
            if (c != '%') {
                out.append(c);
                continue;
            }
            if (i == end) {
                return i;
            }
            int high = Ascii.hexDigit(text.charAt(i++));
            if (high < 0) {
                out.append(text.charAt(i - 1));
                continue;
            }
            if (i == end) {
                return i;
            }
            char last = text.charAt(i++);
            int low = Ascii.hexDigit(last);
            if (low < 0) {
                continue;
            }
            char octet = (char) (high << 4 | low);
            // nginx ends at an escaped question mark, 3F, only because its second digit is a letter.
            if (octet == '?' && reading != Reading.ALL) {
                out.append(octet);
                return i;
            }
            if (reading == Reading.REDIRECT && (octet <= '%' || octet >= 0x7F)) {
                out.append(text, i - 3, i);
            } else {
                out.append(octet);
            }
        }
        return i;
    }

    /** The text as it may stand in HTML (nginx: ngx_escape_html); the same object when nothing changes. */
    public static String escapeHtml(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String entity = switch (c) {
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '&' -> "&amp;";
                case '"' -> "&quot;";
                default -> null;
            };
            if (entity != null && out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (out != null) {
                if (entity != null) {
                    out.append(entity);
                } else {
                    out.append(c);
                }
            }
        }
        return out == null ? text : out.toString();
    }

    /** Two small hexadecimal digits for each octet (nginx: ngx_hex_dump). */
    public static String hex(byte[] octets) {
        StringBuilder out = new StringBuilder(octets.length * 2);
        for (byte octet : octets) {
            out.append(Character.forDigit(octet >> 4 & 15, 16)).append(Character.forDigit(octet & 15, 16));
        }
        return out.toString();
    }

    private static String range(int first, int last) {
        StringBuilder octets = new StringBuilder();
        for (int c = first; c <= last; c++) {
            octets.append((char) c);
        }
        return octets.toString();
    }

    private static String allBut(String allowed) {
        StringBuilder octets = new StringBuilder();
        for (int c = 0; c < 256; c++) {
            if (!Ascii.isLetter(c) && !Ascii.isDigit(c) && allowed.indexOf(c) < 0) {
                octets.append((char) c);
            }
        }
        return octets.toString();
    }
}
