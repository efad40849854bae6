package io.gatehouse.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a client sends on one connection, an octet string.
 *
 * @param id tells it from the others and says what is odd about it
 * @param parts sent one after another, each after the first once something was answered to those before
 * @param probed whether {@link #PROBE} follows at once, which shows if the connection goes on and where the next request
 *     is believed to begin
 */
record Case(String id, List<String> parts, boolean probed) {
    /** The last request of a connection. */
    static final String PROBE = "GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";

    /** How the answer to {@link #PROBE} begins. */
    static final String PROBED = "the probe of ";

    static Case of(String id, String bytes) {
        return new Case(id, List.of(bytes), true);
    }

    /** Nothing follows: the end is in the hands of the server and its time-outs. */
    static Case alone(String id, String bytes) {
        return new Case(id, List.of(bytes), false);
    }

    /** Everything that is sent, in one. */
    String bytes() {
        return String.join("", parts) + (probed ? PROBE : "");
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text as a person reads it: what cannot be seen is escaped, long runs are cut. */
    static String readable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int run = i;
            while (run < text.length() && text.charAt(run) == c) {
                run++;
            }
            if (run - i > 40) {
                out.append(c).append("{x").append(run - i).append('}');
                i = run - 1;
                continue;
            }
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append(String.format("\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
