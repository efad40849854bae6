package io.gatehouse.echo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, taken apart: the segments of the path, and the arguments.
 *
 * @param first the path's first segment, empty for {@code /}
 * @param rest what follows it, without the slash between; empty if nothing does
 * @param arguments in their order, decoded
 */
record Target(String first, String rest, List<RequestHead.Field> arguments) {

    /** Reads the origin-form or the absolute-form (RFC 9112, section 3.2). */
    static Target of(String target) throws RequestRefused {
        String text = target;
        int scheme = text.indexOf("://");
        if (scheme > 0 && text.charAt(0) != '/') {
            int slash = text.indexOf('/', scheme + 3);
            int mark = text.indexOf('?', scheme + 3);
            text = slash < 0 || (mark >= 0 && mark < slash)
                    ? "/" + (mark < 0 ? "" : text.substring(mark))
                    : text.substring(slash);
        }
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        int slash = path.indexOf('/', 1);
        String first =
                path.isEmpty() ? "" : path.substring(path.charAt(0) == '/' ? 1 : 0, slash < 0 ? path.length() : slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1);
        return new Target(first, rest, mark < 0 ? List.of() : arguments(text.substring(mark + 1)));
    }

    private static List<RequestHead.Field> arguments(String query) throws RequestRefused {
        List<RequestHead.Field> arguments = new ArrayList<>();
        for (String piece : query.split("&")) {
            int equals = piece.indexOf('=');
            if (!piece.isEmpty()) {
                arguments.add(new RequestHead.Field(
                        decode(equals < 0 ? piece : piece.substring(0, equals)),
                        decode(equals < 0 ? "" : piece.substring(equals + 1))));
            }
        }
        return arguments;
    }

    private static String decode(String text) throws RequestRefused {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 1 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw RequestRefused.bad("a % in an argument is not followed by two hexadecimal digits");
                }
                decoded.append((char) (high * 16 + low));
                i += 2;
            } else {
                decoded.append(c == '+' ? ' ' : c);
            }
        }
        return decoded.toString();
    }

    /** The argument's value; empty if it has none, null if it is not there. */
    @Nullable
    String argument(String name) {
        for (RequestHead.Field argument : arguments) {
            if (argument.name().equals(name)) {
                return argument.value();
            }
        }
        return null;
    }

    boolean has(String name) {
        return argument(name) != null;
    }

    /** A whole number, with k, m or g behind it for powers of 1024; {@code absent} for an empty text. */
    static long number(String what, @Nullable String text, long absent, long min, long max) throws RequestRefused {
        if (text == null || text.isEmpty()) {
            return absent;
        }
        int shift = " kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1))) * 10;
        String digits = shift > 0 ? text.substring(0, text.length() - 1) : text;
        if (digits.matches("[0-9]{1,12}")) {
            long number = Long.parseLong(digits) << Math.max(shift, 0);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw RequestRefused.bad(what + " is a number from " + min + " to " + max + ", not \"" + text + "\"");
    }
}
