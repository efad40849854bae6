package io.gatehouse.module.accesslog;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.text.Octets;
import org.jspecify.annotations.Nullable;

/**
 * One {@code log_format}, ready to write lines. Used by any loop.
 *
 * @param parts text and variables in order
 */
record LogFormat(Template.Part[] parts, Escaping escaping) {
    /** How the values of variables are made harmless. */
    enum Escaping {
        /** {@code "}, {@code \} and what is below 32 or above 126 as {@code \xXX}; a dash where there is no value. */
        DEFAULT,
        /** As the text of a JSON string (RFC 8259, 7). */
        JSON,
        NONE,
    }

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    void write(Exchange x, Octets out) {
        for (Template.Part part : parts) {
            switch (part) {
                case Template.Text text -> out.put(text.text());
                case Template.Value value -> value(x, value.variable(), out);
                case Template.Capture capture -> escaped(x.variables.capture(capture.group()), out);
            }
        }
    }

    private void value(Exchange x, Variable variable, Octets out) {
        escaped(variable.get(x), out);
    }

    private void escaped(@Nullable String value, Octets out) {
        if (value == null) {
            if (escaping == Escaping.DEFAULT) {
                out.put((byte) '-');
            }
            return;
        }
        switch (escaping) {
            case NONE -> out.put(value);
            case DEFAULT -> hex(value, out);
            case JSON -> json(value, out);
        }
    }

    private static void hex(String value, Octets out) {
        int clean = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 32 && c < 127 && c != '"' && c != '\\') {
                continue;
            }
            out.put(value, clean, i);
            out.put((byte) '\\').put((byte) 'x').put(HEX[c >> 4 & 15]).put(HEX[c & 15]);
            clean = i + 1;
        }
        out.put(value, clean, value.length());
    }

    private static void json(String value, Octets out) {
        int clean = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 32 && c != '"' && c != '\\') {
                continue;
            }
            out.put(value, clean, i);
            clean = i + 1;
            out.put((byte) '\\');
            switch (c) {
                case '"', '\\' -> out.put((byte) c);
                case '\n' -> out.put((byte) 'n');
                case '\r' -> out.put((byte) 'r');
                case '\t' -> out.put((byte) 't');
                case '\b' -> out.put((byte) 'b');
                case '\f' -> out.put((byte) 'f');
                default -> out.put("u00").put(HEX[c >> 4]).put(HEX[c & 15]);
            }
        }
        out.put(value, clean, value.length());
    }
}
