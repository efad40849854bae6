package io.gatehouse.echo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a form as it streams by (RFC 7578, RFC 2046 section 5.1): their names, sizes and digests; their content is
 * not kept.
 */
final class Multipart {
    static final int MAX_PARTS = 1000;
    private static final int MAX_LINE = 8 * 1024;

    private record Part(String name, @Nullable String file, String type, long size, String sha256) {}

    private enum State {
        /** Before the first boundary, or in a part. */
        CONTENT,
        /** Behind a boundary, up to its line's end. */
        BOUNDARY,
        FIELDS,
        /** Behind the last boundary. */
        EPILOGUE
    }

    private final byte[] delimiter;
    private final StringBuilder line = new StringBuilder();
    private final List<Part> parts = new ArrayList<>();
    private final MessageDigest digest = BodySummary.newDigest();
    private State state = State.CONTENT;
    /** How much of the delimiter was seen; at the begin, the end of a line is taken for seen. */
    private int matched = 2;

    /** How much of what was seen belongs to the line before: it ends a head and may yet begin a delimiter. */
    private int shared = 2;

    private boolean inPart;
    private long size;
    private String name = "";
    private @Nullable String file;
    private String type = "text/plain";

    Multipart(String boundary) {
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    void write(byte[] bytes, int length) throws RequestRefused {
        int at = 0;
        while (at < length && state != State.EPILOGUE) {
            if (state == State.CONTENT) {
                at = content(bytes, at, length);
            } else {
                char c = (char) (bytes[at] & 0xff);
                at++;
                if (c == '\n') {
                    lineEnds();
                } else if (line.length() < MAX_LINE) {
                    line.append(c);
                } else {
                    throw RequestRefused.bad("a line of a part's head is longer than " + MAX_LINE + " bytes");
                }
            }
        }
    }

    /** Takes content up to the next delimiter. CR stands only at a delimiter's begin, so a match never overlaps another. */
    private int content(byte[] bytes, int from, int length) {
        int begin = from;
        int at = from;
        while (at < length) {
            if (bytes[at] == delimiter[matched]) {
                if (matched == 0) {
                    count(bytes, begin, at);
                }
                matched++;
                at++;
                begin = at;
                if (matched == delimiter.length) {
                    finishPart();
                    return at;
                }
            } else if (matched > 0) {
                count(delimiter, shared, matched);
                shared = 0;
                matched = 0;
            } else {
                at++;
            }
        }
        count(bytes, begin, at);
        return at;
    }

    private void count(byte[] bytes, int from, int to) {
        if (inPart) {
            digest.update(bytes, from, to - from);
            size += to - from;
        }
    }

    private void finishPart() {
        if (inPart) {
            parts.add(new Part(name, file, type, size, BodySummary.hex(digest)));
        }
        inPart = false;
        matched = 0;
        shared = 0;
        state = State.BOUNDARY;
        line.setLength(0);
    }

    private void lineEnds() throws RequestRefused {
        String text = line.toString().stripTrailing();
        line.setLength(0);
        if (state == State.BOUNDARY) {
            if (text.equals("--")) {
                state = State.EPILOGUE;
                return;
            }
            if (!text.isEmpty() || parts.size() >= MAX_PARTS) {
                throw RequestRefused.bad(
                        text.isEmpty() ? "more than " + MAX_PARTS + " parts" : "a boundary is followed by other text");
            }
            state = State.FIELDS;
            name = "";
            file = null;
            type = "text/plain";
        } else if (text.isEmpty()) {
            state = State.CONTENT;
            matched = 2;
            shared = 2;
            size = 0;
            inPart = true;
        } else {
            field(RequestHead.field(text));
        }
    }

    private void field(RequestHead.Field field) {
        switch (field.name().toLowerCase(Locale.ROOT)) {
            case "content-type" -> type = field.value();
            case "content-disposition" -> {
                String found = parameter(field.value(), "name");
                name = found == null ? "" : found;
                file = parameter(field.value(), "filename");
            }
            default -> {}
        }
    }

    /** The quoted or bare value of a parameter, as text: browsers send UTF-8 and write a quote as %22 (WHATWG). */
    private static @Nullable String parameter(String value, String parameter) {
        String lower = value.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(parameter + "=");
        while (at > 0 && lower.charAt(at - 1) != ' ' && lower.charAt(at - 1) != ';') {
            at = lower.indexOf(parameter + "=", at + 1);
        }
        if (at < 0) {
            return null;
        }
        int begin = at + parameter.length() + 1;
        boolean quoted = begin < value.length() && value.charAt(begin) == '"';
        int end = value.indexOf(quoted ? '"' : ';', begin + (quoted ? 1 : 0));
        String octets = value.substring(begin + (quoted ? 1 : 0), end < 0 ? value.length() : end);
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Writes the parts, at the end of the body. */
    void end(Json json) throws RequestRefused {
        boolean closed = state == State.EPILOGUE
                || (state == State.BOUNDARY && line.toString().stripTrailing().equals("--"));
        if (!closed) {
            throw RequestRefused.bad("the form ends before its last boundary");
        }
        for (Part part : parts) {
            json.open('{').name("name").value(part.name());
            if (part.file() != null) {
                json.name("file").value(part.file());
            }
            json.name("type").value(part.type());
            json.name("size")
                    .raw(part.size())
                    .name("sha256")
                    .value(part.sha256())
                    .close('}');
        }
    }
}
