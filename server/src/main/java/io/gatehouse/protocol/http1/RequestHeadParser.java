package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.HostName;
import io.gatehouse.protocol.RequestFields;
import io.gatehouse.protocol.RequestTarget;
import io.gatehouse.route.ServerNames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one request head into an {@link Exchange}, in place in an array of its own, as its bytes come: a field is a slice of
 * that array. What is read the same by everybody is taken; everything else is refused, told in the error log in nginx's
 * words, and answered with {@link #status}.
 *
 * <p>The limits are those of nginx: the head begins in a buffer of {@code client_header_buffer_size}; a line that does not
 * fit goes on in one of {@code large_client_header_buffers}, which it must fit into as a whole. Here the buffers are only
 * counted.
 *
 * <p>Belongs to one loop; used for one connection after another.
 */
final class RequestHeadParser {
    /** More bytes are needed. */
    static final int MORE = 0;
    /** The head is complete and the exchange's fields are set. */
    static final int DONE = 1;
    /** The request is refused with {@link #status}. */
    static final int REFUSED = 2;

    /** nginx's number for a head that is too large; clients see 400. */
    private static final int HEADER_TOO_LARGE = 494;

    private static final int ARRAY_SIZE = 2048;
    /** An array that grew larger is not kept. */
    private static final int ARRAY_KEPT = 16 * 1024;

    private static final int MAX_LOGGED = 2048 - 300;

    private final RequestLine line = new RequestLine();
    private final FieldLine fields = new FieldLine();
    private final RequestFields meaning = new RequestFields();
    private final HostName hostName = new HostName();
    private final RequestTarget target = new RequestTarget();

    private byte[] head = new byte[ARRAY_SIZE];
    private int used;
    /** Where nginx's buffer of the moment would end. */
    private int boundary;

    private int largeBuffers;
    private boolean inFields;
    private Exchange exchange;
    private ServerNames names;
    private int status;
    private boolean lingers;

    @SuppressWarnings("NullAway.Init") // begin() comes before everything else
    RequestHeadParser() {}

    /** Begins with a head; the exchange stands at the default server of its address. */
    void begin(Exchange x, ServerNames serverNames) {
        exchange = x;
        names = serverNames;
        used = 0;
        inFields = false;
        status = 0;
        lingers = false;
        boundary = x.server.settings().clientHeaderBufferSize();
        largeBuffers = 0;
        line.begin(0);
        meaning.begin();
        x.request.rewrap(head, 0);
        x.version = Exchange.HTTP_10;
        x.action = "reading client request line";
    }

    /** Forgets the last head, so that its bytes may be overwritten. */
    void end() {
        if (head.length > ARRAY_KEPT) {
            head = new byte[ARRAY_SIZE];
        }
    }

    /** The status to answer a refused request with. */
    int status() {
        return status;
    }

    /** Whether the connection should be closed lingering, because the client is still sending. */
    boolean lingers() {
        return lingers;
    }

    /** What was said about the body and the connection. */
    RequestFields meaning() {
        return meaning;
    }

    /** Consumes bytes up to the end of the head, or all. */
    int read(ByteBuf in) {
        while (true) {
            int count = Math.min(in.readableBytes(), boundary - used);
            if (head.length - used < count) {
                head = Arrays.copyOf(head, Math.max(head.length * 2, used + count));
                exchange.request.rewrap(head, 0);
            }
            in.readBytes(head, used, count);
            used += count;
            int result = parse();
            if (result == DONE) {
                in.readerIndex(in.readerIndex() - (used - fields.position));
                finish(fields.position);
                return DONE;
            }
            if (result == REFUSED || !in.isReadable()) {
                return result;
            }
        }
    }

    private int parse() {
        if (!inFields) {
            int result = line.parse(head, used);
            if (result == RequestLine.MORE) {
                return used == boundary ? lineBeyondBuffer() : MORE;
            }
            if (result != RequestLine.DONE) {
                return malformedLine(result);
            }
            int refused = requestLine();
            if (refused != 0 || exchange.version == Exchange.HTTP_09) {
                fields.position = line.position;
                return refused != 0 ? refuse(refused) : choose();
            }
            inFields = true;
            fields.begin(line.position);
            exchange.action = "reading client request headers";
        }
        while (true) {
            switch (fields.parse(head, used)) {
                case FieldLine.FIELD -> {
                    int refused = field();
                    if (refused != 0) {
                        return refuse(refused);
                    }
                }
                case FieldLine.MORE -> {
                    return used == boundary ? fieldBeyondBuffer() : MORE;
                }
                case FieldLine.END -> {
                    return choose();
                }
                default -> {
                    return malformedField();
                }
            }
        }
    }

    // ---------------------------------------------------------------- the request line

    private int requestLine() {
        Exchange x = exchange;
        x.method = line.method;
        x.version = line.version;
        x.requestLine = text(line.start, line.end());
        if (!target()) {
            return info("client sent invalid request", 400);
        }
        if (line.hostEnd >= 0) {
            if (!hostName.parse(head, line.hostStart, line.hostEnd)) {
                return info("client sent invalid host in request line", 400);
            }
            host();
        }
        return 0;
    }

    private boolean target() {
        boolean decode = line.complex || line.quoted;
        return target.set(exchange, head, line.uriStart, line.uriEnd, line.argsStart, decode, line.emptyPath);
    }

    private void host() {
        exchange.host = hostName.name;
        exchange.hostPort = hostName.port;
        exchange.select(names.find(hostName.name, exchange));
    }

    private int malformedLine(int result) {
        exchange.version = line.version;
        if (result != RequestLine.INVALID_09_METHOD) {
            exchange.method = line.method; // the answer to a HEAD has no body, whatever is wrong behind it
        }
        exchange.requestLine = partOfLine();
        return refuse(
                switch (result) {
                    case RequestLine.INVALID_METHOD -> info("client sent invalid method", 400);
                    case RequestLine.INVALID_VERSION -> info("client sent invalid version", 505);
                    case RequestLine.INVALID_09_METHOD -> info("client sent invalid method in HTTP/0.9 request", 400);
                    default -> info("client sent invalid request", 400);
                });
    }

    /** What there is of the request line, for the logs. */
    private String partOfLine() {
        int end = line.start;
        while (end < used && head[end] != '\r' && head[end] != '\n') {
            end++;
        }
        return text(line.start, end);
    }

    private int lineBeyondBuffer() {
        if (line.isAtStart()) {
            boundary = used + exchange.server.settings().clientHeaderBufferSize();
            return MORE;
        }
        if (anotherBuffer(line.start)) {
            return MORE;
        }
        exchange.requestLine = text(line.start, used);
        return refuse(info("client sent too long URI", 414));
    }

    // ---------------------------------------------------------------- the fields

    private int field() {
        Exchange x = exchange;
        ServerSettings settings = x.server.settings();
        boolean invalid = fields.oddName || fields.underscore && !settings.underscoresInHeaders();
        if (invalid && settings.ignoreInvalidHeaders()) {
            if (x.isLogged(Level.INFO)) {
                x.log(Level.INFO, "client sent invalid header line: \"" + text(fields.start, fields.valueEnd) + "\"");
            }
            return 0;
        }
        Headers request = x.request;
        int limit = settings.maxHeaders();
        if (limit > 0 && request.size() >= limit) {
            lingers = true;
            return info("client sent too many header lines", HEADER_TOO_LARGE);
        }
        request.addSlice(fields.start, fields.nameEnd, fields.valueStart, fields.valueEnd);
        int index = request.size() - 1;
        int id = request.id(index);
        if (id == 0) {
            return 0;
        }
        String wrong = meaning.see(x, id, index, hostName);
        if (wrong != null) {
            return info(wrong, 400);
        }
        if (id == FieldName.HOST && line.hostEnd < 0) {
            host();
        }
        return 0;
    }

    /** The head is complete: the server by default where no host chose one, and what the fields mean together. */
    private int choose() {
        Exchange x = exchange;
        if (x.host.isEmpty()) {
            x.select(names.find("", x));
        }
        if (x.version == Exchange.HTTP_09) {
            return DONE;
        }
        int refused = MessageRules.check(x, meaning);
        return refused == 0 ? DONE : refuse(refused);
    }

    private int malformedField() {
        Exchange x = exchange;
        if (x.isLogged(Level.INFO)) {
            int wrong = head[Math.min(fields.valueEnd, used - 1)] & 255;
            String hex = (wrong < 16 ? "0" : "") + Integer.toHexString(wrong);
            x.log(
                    Level.INFO,
                    "client sent invalid header line: \"" + text(fields.start, fields.valueEnd) + "\\x" + hex
                            + "...\"");
        }
        return refuse(400);
    }

    private int fieldBeyondBuffer() {
        if (anotherBuffer(fields.isAtStart() ? used : fields.start)) {
            return MORE;
        }
        lingers = true;
        int from = fields.isAtStart() ? used : fields.start;
        int to = Math.min(used, from + MAX_LOGGED);
        return refuse(info("client sent too long header line: \"" + text(from, to) + "...\"", HEADER_TOO_LARGE));
    }

    /** Goes on in a large buffer that begins at {@code from}; false if there is none left or it would be too small. */
    private boolean anotherBuffer(int from) {
        ServerSettings settings = exchange.server.settings();
        int size = settings.largeClientHeaderBufferSize();
        if (used - from >= size || largeBuffers >= settings.largeClientHeaderBuffers()) {
            return false;
        }
        largeBuffers++;
        boundary = from + size;
        return true;
    }

    // ---------------------------------------------------------------- the end

    private void finish(int end) {
        Exchange x = exchange;
        x.headLength = (long) end - line.start;
        x.request.rewrap(head, end);
        x.action = null;
    }

    private int refuse(int with) {
        status = with;
        finish(used);
        return REFUSED;
    }

    private int info(String message, int with) {
        exchange.log(Level.INFO, message);
        return with;
    }

    private String text(int start, int end) {
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
