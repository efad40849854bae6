package io.gatehouse.echo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The answer to one request: framed as the request's version and method ask (RFC 9112, section 6), and true about whether
 * the connection stays.
 */
final class Answer {
    /** The length of a body that ends when it ends. */
    static final long UNKNOWN = -1;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private final OutputStream out;
    private final EchoSettings settings;
    private final boolean head;
    private final int minor;
    private final List<RequestHead.Field> fields = new ArrayList<>();
    private boolean keepAlive;
    private boolean begun;
    private Framing framing = Framing.NONE;

    Answer(OutputStream out, EchoSettings settings, boolean head, int minor, boolean keepAlive) {
        this.out = out;
        this.settings = settings;
        this.head = head;
        this.minor = minor;
        this.keepAlive = keepAlive;
    }

    /** Adds a field; both are octet strings without CR and LF. */
    Answer field(String name, String value) {
        fields.add(new RequestHead.Field(name, value));
        return this;
    }

    /** Forgets the fields added, for another answer than was meant. */
    Answer forget() {
        fields.clear();
        return this;
    }

    /** Says that the connection ends behind this answer. */
    Answer close() {
        keepAlive = false;
        return this;
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether no body follows, whatever is written: HEAD, 204, 304. */
    boolean isBodiless() {
        return framing == Framing.NONE;
    }

    /** Sends a 1xx answer, to clients that know of such. */
    void interim(int status, List<RequestHead.Field> fields) throws IOException {
        if (minor == 1) {
            StringBuilder text = statusLine(status);
            append(text, fields).append("\r\n");
            write(text);
            out.flush();
        }
    }

    /** Sends a whole answer with a text of octets. */
    void send(int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        begin(status, type, bytes.length);
        write(bytes, bytes.length);
        end(List.of());
    }

    /** Sends an answer whose body is empty. */
    void send(int status) throws IOException {
        begin(status, "", 0);
        end(List.of());
    }

    /** Begins an answer whose body follows by {@link #write} and {@link #end}. */
    void begin(int status, String type, long length) throws IOException {
        begun = true;
        StringBuilder text = statusLine(status);
        text.append("Date: ").append(DATE.format(settings.wall().instant())).append("\r\n");
        text.append("Server: gatehouse-echo\r\n");
        append(text, fields);
        if (!type.isEmpty()) {
            text.append("Content-Type: ").append(type).append("\r\nX-Content-Type-Options: nosniff\r\n");
        }
        boolean bodiless = status == 204 || status == 304;
        if (!bodiless) {
            frame(text, length);
        }
        if (head || bodiless) {
            framing = Framing.NONE;
        }
        if (!keepAlive) {
            text.append("Connection: close\r\n");
        } else if (minor == 0) {
            text.append("Connection: keep-alive\r\n");
        }
        write(text.append("\r\n"));
    }

    private void frame(StringBuilder text, long length) {
        if (length != UNKNOWN) {
            framing = Framing.LENGTH;
            text.append("Content-Length: ").append(length).append("\r\n");
        } else if (minor == 1) {
            framing = Framing.CHUNKED;
            text.append("Transfer-Encoding: chunked\r\n");
        } else {
            framing = Framing.CLOSE;
            keepAlive = false;
        }
    }

    /** Writes a piece of the body: one chunk, if it goes in chunks. */
    void write(byte[] bytes, int length) throws IOException {
        if (framing == Framing.NONE || length == 0) {
            return;
        }
        if (framing == Framing.CHUNKED) {
            write(new StringBuilder(Integer.toHexString(length)).append("\r\n"));
        }
        out.write(bytes, 0, length);
        if (framing == Framing.CHUNKED) {
            out.write('\r');
            out.write('\n');
        }
    }

    /** Writes a piece of the body and sends it. */
    void writeNow(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
        out.flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Ends the answer; trailers are sent only behind chunks. */
    void end(List<RequestHead.Field> trailers) throws IOException {
        if (framing == Framing.CHUNKED) {
            write(append(new StringBuilder("0\r\n"), trailers).append("\r\n"));
        }
        out.flush();
    }

    /** Switches to another protocol (RFC 9110, section 15.2.2); what follows is not HTTP. */
    void switchProtocols() throws IOException {
        begun = true;
        keepAlive = false;
        write(append(statusLine(101), fields).append("\r\n"));
        out.flush();
    }

    private static StringBuilder statusLine(int status) {
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(StatusText.of(status))
                .append("\r\n");
    }

    private static StringBuilder append(StringBuilder text, List<RequestHead.Field> fields) {
        for (RequestHead.Field field : fields) {
            text.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        return text;
    }

    private void write(StringBuilder text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
