package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.HostName;
import io.gatehouse.protocol.RequestFields;
import io.gatehouse.protocol.RequestTarget;
import io.gatehouse.route.ServerNames;
import io.gatehouse.text.Octets;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link Exchange}'s request of the fields of one header block, as they are decoded (RFC 9113, 8.2 and 8.3). They are
 * copied into one array, of which each field is a slice. What is malformed is told in nginx's words and answered with {@link
 * #status}. One for each loop: a block is decoded as a whole.
 */
final class HeadReader implements FieldSink {
    /** nginx's number for a head that is too large; clients see 400. */
    private static final int HEADER_TOO_LARGE = 494;

    private static final byte[] HOST = "host".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);

    private final RequestFields meaning = new RequestFields();
    private final HostName host = new HostName();
    private final RequestTarget target = new RequestTarget();
    private final Octets cookies = new Octets();
    private final PseudoHeaders pseudo = new PseudoHeaders();

    private byte[] head = {};
    private int used;
    private boolean lineRead;
    private boolean hasCookies;
    private int status;
    private Exchange exchange;
    private ServerNames names;
    private @Nullable WebSocketKey webSocket;

    @SuppressWarnings("NullAway.Init") // begin() comes before everything else
    HeadReader() {}

    /**
     * Begins with a block; the exchange stands at the default server of its address.
     *
     * @param array where the fields go; the exchange's, or a larger one ({@link #array}), until it is over
     */
    void begin(Exchange x, ServerNames serverNames, byte[] array) {
        exchange = x;
        names = serverNames;
        head = array;
        used = 0;
        lineRead = false;
        hasCookies = false;
        status = 0;
        webSocket = null;
        meaning.begin();
        pseudo.begin();
        x.version = Exchange.HTTP_20;
        x.request.rewrap(head, 0);
    }

    /** The array the fields lie in now. */
    byte[] array() {
        return head;
    }

    /** The status to answer a refused request with; 0 if it is in order. */
    int status() {
        return status;
    }

    /** Refuses it for a reason that was told. */
    void refuse(int with) {
        status = with;
    }

    /** What was said about the body. */
    RequestFields meaning() {
        return meaning;
    }

    /** What the application has to answer to a WebSocket's handshake; null if the request is none. */
    @Nullable
    WebSocketKey webSocket() {
        return webSocket;
    }

    private int info(String message, int with) {
        status = with;
        exchange.log(Level.INFO, message);
        return with;
    }

    private String text(int start, int end) {
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }

    // ---------------------------------------------------------------- one field

    @Override
    public void field(AsciiString name, AsciiString value) {
        if (status != 0) {
            return;
        }
        int start = append(name);
        int nameEnd = used;
        int valueStart = append(value);
        boolean isPseudo = head[start] == ':';
        int kind = FieldRules.name(head, isPseudo ? start + 1 : start, nameEnd, underscores());
        if (kind == FieldRules.MALFORMED) {
            info("client sent invalid header name: \"" + text(start, nameEnd) + "\"", 400);
        } else if (!FieldRules.isValue(head, valueStart, used)) {
            info(
                    "client sent header \"" + text(start, nameEnd) + "\" with invalid value: \""
                            + text(valueStart, used) + "\"",
                    400);
        } else if (isPseudo) {
            pseudo(start + 1, nameEnd, valueStart);
        } else if (readLine()) {
            usual(start, nameEnd, valueStart, kind == FieldRules.ODD);
        }
    }

    private boolean underscores() {
        return exchange.server.settings().underscoresInHeaders();
    }

    private int append(AsciiString text) {
        int start = used;
        int length = text.length();
        reserve(length);
        System.arraycopy(text.array(), text.arrayOffset(), head, start, length);
        used = start + length;
        return start;
    }

    private int append(byte[] bytes, int length) {
        int start = used;
        reserve(length);
        System.arraycopy(bytes, 0, head, start, length);
        used = start + length;
        return start;
    }

    private void reserve(int length) {
        if (head.length - used < length) {
            head = Arrays.copyOf(head, Math.max(head.length * 2, used + length));
            exchange.request.rewrap(head, 0);
        }
    }

    private void pseudo(int start, int nameEnd, int valueStart) {
        if (lineRead) {
            info("client sent out of order pseudo-headers", 400);
            return;
        }
        boolean isAuthority = !pseudo.authority.isSet();
        String wrong = pseudo.take(head, start, nameEnd, valueStart, used);
        if (wrong != null) {
            info(wrong, 400);
            return;
        }
        exchange.method = pseudo.methodName;
        if (isAuthority && pseudo.authority.isSet()) {
            host(pseudo.host);
        }
    }

    private void host(HostName name) {
        exchange.host = name.name;
        exchange.hostPort = name.port;
        exchange.select(names.find(name.name, exchange));
    }

    /** All pseudo-headers are there: what stands for a request line is complete. Returns whether it is in order. */
    private boolean readLine() {
        if (lineRead) {
            return true;
        }
        Exchange x = exchange;
        String missing = pseudo.missing();
        if (missing != null) {
            info("client sent no :" + missing + " header", 400);
            return false;
        }
        lineRead = true;
        PseudoHeaders.Span path = pseudo.path;
        if (!target.read(x, head, path.start, path.end)) {
            info("client sent invalid :path header: \"" + text(path.start, path.end) + "\"", 400);
            return false;
        }
        x.requestLine = x.method + " " + x.unparsedUri + " HTTP/2.0";
        return true;
    }

    private void usual(int start, int nameEnd, int valueStart, boolean odd) {
        Exchange x = exchange;
        ServerSettings settings = x.server.settings();
        if (odd && settings.ignoreInvalidHeaders()) {
            if (x.isLogged(Level.INFO)) {
                x.log(Level.INFO, "client sent invalid header: \"" + text(start, nameEnd) + "\"");
            }
            return;
        }
        int id = FieldName.idOf(head, start, nameEnd);
        if (id == FieldName.COOKIE) {
            cookie(valueStart);
            return;
        }
        Headers request = x.request;
        int limit = settings.maxHeaders();
        if (limit > 0 && request.size() >= limit) {
            info("client sent too many header lines", HEADER_TOO_LARGE);
            return;
        }
        request.addSlice(start, nameEnd, valueStart, used);
        if (id == FieldName.OTHER) {
            return;
        }
        String wrong = meaning.see(x, id, request.size() - 1, host);
        if (wrong != null) {
            info(wrong, 400);
        } else if (id == FieldName.HOST && !pseudo.authority.isSet()) {
            host(host);
        }
    }

    /** Cookies may come in crumbs (RFC 9113, 8.2.3); they are one field for everybody else. */
    private void cookie(int valueStart) {
        if (hasCookies) {
            cookies.put((byte) ';').put((byte) ' ');
        } else {
            cookies.clear();
            hasCookies = true;
        }
        cookies.put(head, valueStart, used - valueStart);
    }

    // ---------------------------------------------------------------- the whole head

    /**
     * The block is complete: what its fields mean together. Sets {@link #status} if that is not in order.
     *
     * @param endStream whether no body follows
     */
    void finish(int length, boolean endStream) {
        Exchange x = exchange;
        x.headLength = length;
        if (status == 0) {
            check(x, endStream);
        }
        x.request.rewrap(head, used);
        x.action = null;
    }

    private void check(Exchange x, boolean endStream) {
        if (x.host.isEmpty()) {
            x.select(names.find("", x));
        }
        if (!readLine()) {
            return;
        }
        if (hasCookies) {
            int name = append(COOKIE, COOKIE.length);
            int value = append(cookies.array(), cookies.length());
            x.request.addSlice(name, name + COOKIE.length, value, used);
        }
        String forbidden = FieldRules.forbidden(x.request, meaning);
        if (forbidden != null) {
            info(forbidden, 400);
        } else if (hostFits(x)) {
            body(x, endStream);
        }
    }

    private boolean hostFits(Exchange x) {
        int field = x.request.find(FieldName.HOST);
        PseudoHeaders.Span authority = pseudo.authority;
        if (!authority.isSet()) {
            if (field >= 0) {
                return true;
            }
            info("client sent neither \":authority\" nor \"Host\" header", 400);
            return false;
        }
        if (field < 0) {
            int name = append(HOST, HOST.length);
            x.request.addSlice(name, used, authority.start, authority.end);
            return true;
        }
        int start = x.request.valueStart(field);
        int end = x.request.valueEnd(field);
        if (Arrays.equals(head, start, end, head, authority.start, authority.end)) {
            return true;
        }
        info("client sent \":authority\" and \"Host\" headers with different values", 400);
        return false;
    }

    private void body(Exchange x, boolean endStream) {
        status = meaning.readLength(x);
        if (status == 0 && meaning.contentLength > 0 && endStream) {
            info("client prematurely closed stream", 400);
        }
        if (status == 0) {
            if (pseudo.protocol.isSet()) {
                extendedConnect(x);
            } else {
                status = RequestFields.checkMethod(x);
            }
        }
    }

    /** A WebSocket (RFC 8441): for everybody else it is the handshake of HTTP/1.1. */
    private void extendedConnect(Exchange x) {
        String name = text(pseudo.protocol.start, pseudo.protocol.end);
        if (!x.method.equals("CONNECT")) {
            info("client sent :protocol header with method " + x.method, 400);
        } else if (!name.equals("websocket")) {
            info("client sent unknown :protocol header: \"" + name + "\"", 501);
        } else {
            WebSocketKey key = WebSocketKey.make();
            webSocket = key;
            x.method = "GET";
            append("upgrade", name);
            append("connection", "Upgrade");
            append("sec-websocket-key", key.text());
        }
    }

    private void append(String name, String value) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        int start = append(bytes, bytes.length);
        int nameEnd = used;
        bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        int valueStart = append(bytes, bytes.length);
        exchange.request.addSlice(start, nameEnd, valueStart, used);
    }
}
