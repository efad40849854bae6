package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.text.Octets;
import io.gatehouse.text.UriText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of a request to an application anew: what the configuration says was encoded when it was built, fields of
 * the client are copied as bytes. Immutable; for every loop.
 */
final class RequestHead {
    /** What {@code proxy_set_header} says of a field: its name with a colon behind, and its value. */
    private static final class Line {
        final byte[] name;
        /** The value with the end of the line behind it; null where it has variables. */
        final byte @Nullable [] constant;

        final Template value;
        final boolean connection;

        Line(SetHeader header) {
            String text = header.value().constant();
            name = bytes(header.name() + ": ");
            constant = text == null ? null : bytes(text + "\r\n");
            value = header.value();
            connection = header.name().equalsIgnoreCase("Connection");
        }
    }

    /** Names that are never passed on from the client, and are written only where somebody says so. */
    private static final String[] OWN = {
        "Host",
        "Connection",
        "Proxy-Connection",
        "Content-Length",
        "Transfer-Encoding",
        "TE",
        "Keep-Alive",
        "Expect",
        "Upgrade",
    };

    private static final byte[] HTTP_11 = bytes(" HTTP/1.1\r\n");
    private static final byte[] HTTP_10 = bytes(" HTTP/1.0\r\n");
    private static final byte[] HOST = bytes("Host: ");
    private static final byte[] CONTENT_LENGTH = bytes("Content-Length: ");
    private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked\r\n");

    private final boolean http11;
    private final @Nullable Template method;
    private final @Nullable Template host;
    private final Line[] lines;
    private final boolean passFields;
    private final boolean[] replacedKnown = new boolean[FieldName.count()];
    private final String[] replacedOther;
    /** What the operator says of Content-Length; null for nothing. */
    private final @Nullable Template lengthSaid;

    /** One {@code proxy_set_header}. */
    record SetHeader(String name, Template value) {}

    RequestHead(boolean http11, @Nullable Template method, List<SetHeader> set, boolean passFields) {
        this.http11 = http11;
        this.method = method;
        this.passFields = passFields;
        List<Line> made = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Template hostValue = null;
        Template lengthValue = null;
        for (SetHeader header : set) {
            if (header.name().equalsIgnoreCase("Host")) {
                hostValue = header.value();
            } else if (header.name().equalsIgnoreCase("Content-Length")) {
                lengthValue = header.value();
            } else if (!header.name().equalsIgnoreCase("Transfer-Encoding")) {
                replace(header.name(), others);
                if (!"".equals(header.value().constant())) {
                    made.add(new Line(header));
                }
            }
        }
        for (String name : OWN) {
            replace(name, others);
        }
        this.host = hostValue;
        this.lengthSaid = lengthValue;
        this.lines = made.toArray(new Line[0]);
        this.replacedOther = others.toArray(new String[0]);
    }

    private void replace(String name, List<String> others) {
        int id = FieldName.idOf(name);
        if (id == FieldName.OTHER) {
            others.add(name);
        } else {
            replacedKnown[id] = true;
        }
    }

    boolean isHttp11() {
        return http11;
    }

    /** The method for the application. */
    String method(Exchange x) {
        return method == null ? x.method : method.eval(x);
    }

    /**
     * Writes the whole head.
     *
     * @param length for Content-Length, -1 for none
     * @param chunked whether the body goes out chunked
     * @return false if what the operator says of Connection forbids to use the connection again
     */
    boolean write(Exchange x, Place place, String location, String asMethod, long length, boolean chunked, Octets out) {
        out.put(asMethod).put((byte) ' ');
        uri(x, place, location, out);
        out.put(http11 ? HTTP_11 : HTTP_10);
        host(x, place, out);
        boolean reusable = http11;
        for (Line line : lines) {
            reusable &= field(x, line, out);
        }
        framing(x, length, chunked, out);
        if (passFields) {
            clientFields(x.request, out);
        }
        out.putCrLf();
        return reusable;
    }

    /**
     * How long the body is, of which the operator can only say that a body that is not there has no length, or 0: any other word
     * would have the application take a part of the body for the next request, or the next request for a part of it.
     */
    private void framing(Exchange x, long length, boolean chunked, Octets out) {
        if (chunked) {
            out.put(CHUNKED);
        } else if (length > 0 || length == 0 && lengthSaid == null) {
            out.put(CONTENT_LENGTH).putDecimal(length).putCrLf();
        } else if (lengthSaid != null && lengthSaid.eval(x).equals("0")) {
            out.put(CONTENT_LENGTH).putDecimal(0).putCrLf();
        }
    }

    /** The URI as it goes to the application; also for log lines. */
    static void uri(Exchange x, Place place, String location, Octets out) {
        String part = place.uri();
        if (place.replacesUri()) {
            out.put(part);
            return;
        }
        if (part.isEmpty() && x.uriIsUnparsed) {
            out.put(x.unparsedUri);
            return;
        }
        int from = 0;
        if (!part.isEmpty() && !x.uriLeftLocation) {
            from = Math.min(location.length(), x.uri.length());
            out.put(part);
        }
        if (x.internal || !x.uriIsUnparsed || x.unparsedUri.indexOf('%') >= 0) {
            String rest = from == 0 ? x.uri : x.uri.substring(from);
            out.put(UriText.escape(rest, UriText.Part.URI));
        } else {
            out.put(x.uri, from, x.uri.length());
        }
        if (!x.args.isEmpty()) {
            out.put((byte) '?').put(x.args);
        }
    }

    private void host(Exchange x, Place place, Octets out) {
        int start = out.length();
        out.put(HOST);
        int valueAt = out.length();
        if (host != null) {
            host.appendTo(x, out);
        }
        if (host == null || http11 && out.length() == valueAt) {
            out.put(place.hostHeader());
        }
        if (out.length() == valueAt) {
            out.truncate(start);
        } else {
            out.putCrLf();
        }
    }

    /** Writes one field, nothing if its value is empty. False for a Connection that says close. */
    private static boolean field(Exchange x, Line line, Octets out) {
        int start = out.length();
        out.put(line.name);
        int valueAt = out.length();
        byte @Nullable [] constant = line.constant;
        if (constant != null) {
            out.put(constant);
        } else {
            line.value.appendTo(x, out);
            if (out.length() == valueAt) {
                out.truncate(start);
                return true;
            }
            out.putCrLf();
        }
        return !line.connection || !saysClose(out.array(), valueAt, out.length());
    }

    private static boolean saysClose(byte[] bytes, int start, int end) {
        for (int i = start; i + 5 <= end; i++) {
            if ((bytes[i] | 0x20) == 'c'
                    && (bytes[i + 1] | 0x20) == 'l'
                    && (bytes[i + 2] | 0x20) == 'o'
                    && (bytes[i + 3] | 0x20) == 's'
                    && (bytes[i + 4] | 0x20) == 'e') {
                return true;
            }
        }
        return false;
    }

    private void clientFields(Headers fields, Octets out) {
        byte[] bytes = fields.bytes();
        for (int i = 0, size = fields.size(); i < size; i++) {
            int id = fields.id(i);
            if (id == FieldName.OTHER ? isReplaced(fields, i) : replacedKnown[id]) {
                continue;
            }
            int name = fields.nameStart(i);
            int value = fields.valueStart(i);
            out.put(bytes, name, fields.nameEnd(i) - name)
                    .put((byte) ':')
                    .put((byte) ' ')
                    .put(bytes, value, fields.valueEnd(i) - value)
                    .putCrLf();
        }
    }

    private boolean isReplaced(Headers fields, int index) {
        for (String name : replacedOther) {
            if (fields.nameEquals(index, name)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(String octets) {
        return octets.getBytes(StandardCharsets.ISO_8859_1);
    }
}
