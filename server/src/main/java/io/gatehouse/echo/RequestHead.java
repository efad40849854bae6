package io.gatehouse.echo;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request's head: as it arrived, and what it says. All text is octets, one char a byte.
 *
 * <p>Read strictly (RFC 9112, sections 2.2, 3 and 5): what could be understood in two ways is refused, for an
 * application behind a proxy must not be the one that is smuggled to.
 *
 * @param lines the request line and the header lines as they arrived, without their ends
 * @param minor 0 of HTTP/1.0, 1 of HTTP/1.1
 */
record RequestHead(List<String> lines, String method, String target, int minor, List<Field> fields) {

    /** A header or trailer field, its value without the spaces around it. */
    record Field(String name, String value) {}

    /**
     * Waits for the next request and reads its head.
     *
     * @return null if the client sent none, or ended within it
     * @throws RequestRefused if it is too long (431), too slow (408), or not HTTP/1 (400, 505)
     */
    static @Nullable RequestHead read(Input in, EchoSettings settings, boolean first) throws IOException {
        if (!begins(in, settings.in(first ? settings.firstMillis() : settings.keepAliveMillis()))) {
            return null;
        }
        long deadline = settings.in(settings.firstMillis());
        int scanned = 0;
        try {
            while (true) {
                for (; scanned < available(in, settings); scanned++) {
                    if (in.peek(scanned) == '\n' && endsLine(in, scanned - 1)) {
                        return parse(in.take(scanned + 1));
                    }
                }
                if (scanned >= settings.maxHead()) {
                    throw new RequestRefused(431, "the request's head is longer than " + settings.maxHead() + " bytes");
                }
                if (!in.fill(deadline)) {
                    return null;
                }
            }
        } catch (SocketTimeoutException late) {
            throw new RequestRefused(408, "the request's head did not end in time");
        }
    }

    private static int available(Input in, EchoSettings settings) {
        return Math.min(in.available(), settings.maxHead());
    }

    /** Whether the line that ends behind {@code last} is empty. */
    private static boolean endsLine(Input in, int last) {
        if (last >= 0 && in.peek(last) == '\r') {
            last--;
        }
        return last >= 0 && in.peek(last) == '\n';
    }

    /** Skips empty lines before a request (RFC 9112, section 2.2); false if no request comes. */
    private static boolean begins(Input in, long deadline) throws IOException {
        try {
            while (true) {
                if (in.available() == 0 && !in.fill(deadline)) {
                    return false;
                }
                if (in.peek(0) != '\r' && in.peek(0) != '\n') {
                    return true;
                }
                in.skip(1);
            }
        } catch (SocketTimeoutException idle) {
            return false;
        }
    }

    private static RequestHead parse(String raw) throws RequestRefused {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < raw.length(); ) {
            int end = raw.indexOf('\n', at);
            int last = end > at && raw.charAt(end - 1) == '\r' ? end - 1 : end;
            if (last > at) {
                lines.add(raw.substring(at, last));
            }
            at = end + 1;
        }
        List<Field> fields = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            fields.add(field(line));
        }
        return requestLine(List.copyOf(lines), List.copyOf(fields));
    }

    private static RequestHead requestLine(List<String> lines, List<Field> fields) throws RequestRefused {
        String line = lines.getFirst();
        int one = line.indexOf(' ');
        int two = line.indexOf(' ', one + 1);
        if (one <= 0 || two <= one + 1 || line.indexOf(' ', two + 1) >= 0 || !isToken(line.substring(0, one))) {
            throw RequestRefused.bad("the request line is not \"method target version\"");
        }
        requireVisible(line);
        String version = line.substring(two + 1);
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            boolean http = version.matches("HTTP/[0-9]\\.[0-9]");
            throw new RequestRefused(http ? 505 : 400, "expected HTTP/1.1 or HTTP/1.0, found \"" + version + "\"");
        }
        int minor = version.charAt(7) - '0';
        RequestHead head = new RequestHead(lines, line.substring(0, one), line.substring(one + 1, two), minor, fields);
        int hosts = head.values("host").size();
        if (hosts > 1 || (hosts == 0 && minor == 1)) {
            throw RequestRefused.bad("expected one Host field, found " + hosts);
        }
        return head;
    }

    /** Reads a header or trailer line; refuses a folded one, a space before the colon, and control characters. */
    static Field field(String line) throws RequestRefused {
        int colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.substring(0, colon))) {
            throw RequestRefused.bad("a header line is not \"name: value\"");
        }
        requireVisible(line);
        int begin = colon + 1;
        int end = line.length();
        while (begin < end && isBlank(line.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return new Field(line.substring(0, colon), line.substring(begin, end));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static void requireVisible(String line) throws RequestRefused {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw RequestRefused.bad("a control character (" + (int) c + ") is in the request's head");
            }
        }
    }

    /** Whether it is a token (RFC 9110, section 5.6.2), as names of fields and methods are. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!plain && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The values of every field of that name, in their order. */
    List<String> values(String name) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** The first value of that name, or an empty text. */
    String value(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** Whether a comma-separated list, as {@code Connection} is one, names {@code token}. */
    boolean lists(String name, String token) {
        for (String value : values(name)) {
            for (String element : value.split(",")) {
                if (element.strip().toLowerCase(Locale.ROOT).equals(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether the client wants the connection to stay (RFC 9112, section 9.3). */
    boolean keepsAlive() {
        return !lists("connection", "close") && (minor == 1 || lists("connection", "keep-alive"));
    }

    /** Whether it accepts JSON and says so by name. */
    boolean acceptsJson() {
        return value("accept").toLowerCase(Locale.ROOT).contains("application/json");
    }

    static EOFException cutOff() {
        return new EOFException("the client ended within its request");
    }
}
