package io.gatehouse.echo;

import java.util.List;

/** Writes JSON. Octet strings are written as their octets, one character U+0000 to U+00FF each, so nothing is lost. */
final class Json {
    private final StringBuilder text = new StringBuilder(512);
    private boolean comma;

    Json open(char bracket) {
        separate();
        text.append(bracket);
        comma = false;
        return this;
    }

    Json close(char bracket) {
        text.append(bracket);
        comma = true;
        return this;
    }

    Json name(String name) {
        value(name);
        text.append(':');
        comma = false;
        return this;
    }

    Json value(String value) {
        separate();
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        comma = true;
        return this;
    }

    /** A number, true, false or null. */
    Json raw(String value) {
        separate();
        text.append(value);
        comma = true;
        return this;
    }

    Json raw(long value) {
        return raw(Long.toString(value));
    }

    /** Fields as an array of pairs, which keeps their order and their repetitions. */
    Json fields(List<RequestHead.Field> fields) {
        open('[');
        for (RequestHead.Field field : fields) {
            open('[').value(field.name()).value(field.value()).close(']');
        }
        return close(']');
    }

    private void separate() {
        if (comma) {
            text.append(',');
        }
    }

    /** The text, of ASCII only, with the end of its line. */
    @Override
    public String toString() {
        return text + "\n";
    }
}
