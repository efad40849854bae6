package io.gatehouse.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 that sends frames as it is told, right or wrong, and reads what comes. It opens no windows by itself. Texts
 * are octet strings.
 */
public final class Http2Peer implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int WITH_PRIORITY = 32;

    private static final int PATIENCE_MILLIS = 20_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private @Nullable ByteArrayOutputStream gathered;
    private int lastStream = -1;

    /** A frame that came; of one that ends a header block also its fields. */
    @SuppressWarnings("ArrayRecordComponent") // it is looked at, not compared
    public record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The number of four bytes that begins at {@code at} of the payload. */
        public int number(int at) {
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }

        public String text() {
            return new String(payload, ISO_8859_1);
        }

        /** The value of the first field of that name, or null. */
        public @Nullable String field(String name) {
            for (String field : fields) {
                if (field.startsWith(name + ": ")) {
                    return field.substring(name.length() + 2);
                }
            }
            return null;
        }
    }

    /** An answer as a whole. */
    public record Answer(Frame head, String body, @Nullable Frame trailers) {
        public int status() {
            return Integer.parseInt(String.valueOf(head.field(":status")));
        }

        public @Nullable String field(String name) {
            return head.field(name);
        }
    }

    /** Connects, and does the handshake: the preface, and settings that are acknowledged both ways. */
    public Http2Peer(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
        preface();
        settings();
        frame(SETTINGS, ACK, 0);
        awaitFrame(f -> f.type == SETTINGS && f.has(ACK));
    }

    /** Over a connection of one's own; sends nothing yet. */
    public Http2Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    public void preface() throws IOException {
        raw(PREFACE);
    }

    public Socket socket() {
        return socket;
    }

    // ---------------------------------------------------------------- sending

    public void raw(byte[] bytes) throws IOException {
        ByteArrayOutputStream chain = gathered;
        if (chain != null) {
            chain.writeBytes(bytes);
        } else {
            out.write(bytes);
        }
    }

    /** What is sent from now on is kept until {@link #release}. */
    public void gather() {
        gathered = new ByteArrayOutputStream();
    }

    /** Sends what was gathered at once. */
    public void release() throws IOException {
        ByteArrayOutputStream chain = gathered;
        gathered = null;
        if (chain != null) {
            out.write(chain.toByteArray());
        }
    }

    /** What was gathered; it is not sent. */
    public byte[] gathered() {
        ByteArrayOutputStream chain = gathered;
        gathered = null;
        return chain == null ? new byte[0] : chain.toByteArray();
    }

    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf frame = Unpooled.buffer(9 + payload.length);
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        raw(bytes);
    }

    public void frame(int type, int flags, int stream, int... numbers) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int number : numbers) {
            payload.writeInt(number);
        }
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        frame(type, flags, stream, bytes);
    }

    /** Settings: identifier, value, identifier, value ... */
    public void settings(int... pairs) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < pairs.length; i += 2) {
            payload.writeShort(pairs[i]).writeInt(pairs[i + 1]);
        }
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        frame(SETTINGS, 0, 0, bytes);
    }

    public void window(int stream, int increment) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, increment);
    }

    public void data(int stream, String text, boolean end) throws IOException {
        frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
    }

    public void reset(int stream, int code) throws IOException {
        frame(RST_STREAM, 0, stream, code);
    }

    /** The block of these fields: name, value, name, value ... */
    public byte[] block(String... fields) {
        List<Map.Entry<CharSequence, CharSequence>> entries = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            entries.add(Map.entry(octets(fields[i]), octets(fields[i + 1])));
        }
        return block(new DefaultHttp2Headers(false) {
            @Override
            public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
                return entries.iterator(); // in this order, which Netty's own would change
            }
        });
    }

    private static AsciiString octets(String text) {
        return new AsciiString(text.getBytes(ISO_8859_1), false);
    }

    private byte[] block(Http2Headers headers) {
        ByteBuf encoded = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, encoded);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        return bytes;
    }

    /** The fields of a request, pseudo-headers first. */
    public static String[] request(String method, String path, String... fields) {
        List<String> all = new ArrayList<>(List.of(":method", method, ":scheme", "http", ":path", path));
        all.addAll(List.of(":authority", "localhost"));
        all.addAll(List.of(fields));
        return all.toArray(new String[0]);
    }

    /** The number of the next stream. */
    public int nextStream() {
        lastStream += 2;
        return lastStream;
    }

    /** Begins a stream with these fields as they are; returns its number. */
    public int open(boolean end, String... fields) throws IOException {
        int stream = nextStream();
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
        return stream;
    }

    public int get(String path, String... fields) throws IOException {
        return open(true, request("GET", path, fields));
    }

    public int post(String path, String... fields) throws IOException {
        return open(false, request("POST", path, fields));
    }

    // ---------------------------------------------------------------- what comes

    /** The next frame; null at the end of the connection. */
    public @Nullable Frame read() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        List<String> fields = List.of();
        if (type == HEADERS || type == CONTINUATION) {
            block.writeBytes(payload);
            if ((flags & END_HEADERS) != 0) {
                fields = decoded(block.toByteArray());
                block.reset();
            }
        }
        return new Frame(type, flags, stream, payload, fields);
    }

    private List<String> decoded(byte[] bytes) throws IOException {
        List<String> fields = new ArrayList<>();
        try {
            for (Map.Entry<CharSequence, CharSequence> field :
                    decoder.decodeHeaders(1, Unpooled.wrappedBuffer(bytes))) {
                fields.add(field.getKey() + ": " + field.getValue());
            }
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        return fields;
    }

    /** The next frame that fits; others are passed over. */
    public Frame awaitFrame(Predicate<Frame> fits) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (fits.test(frame)) {
                return frame;
            }
        }
        throw new IOException("the connection ended");
    }

    public Frame await(int type) throws IOException {
        return awaitFrame(f -> f.type == type);
    }

    /** The code of the GOAWAY that comes next of its kind. */
    public int goAway() throws IOException {
        return await(GOAWAY).number(4);
    }

    /** The code of the RST_STREAM of that stream. */
    public int resetOf(int stream) throws IOException {
        return awaitFrame(f -> f.type == RST_STREAM && f.stream == stream).number(0);
    }

    /** The head of an answer; interim ones are passed over. */
    public Frame head(int stream) throws IOException {
        return awaitFrame(f -> f.stream == stream
                && f.has(END_HEADERS)
                && !String.valueOf(f.field(":status")).startsWith("1"));
    }

    /** A whole answer; what is for other streams is dropped. */
    public Answer answer(int stream) throws IOException {
        Frame head = head(stream);
        StringBuilder body = new StringBuilder();
        Frame last = head;
        while (!last.has(END_STREAM)) {
            last = awaitFrame(f -> f.stream == stream);
            if (last.type == RST_STREAM) {
                throw new IOException("stream " + stream + " was reset: " + last.number(0) + " after " + body.length());
            }
            if (last.type == DATA) {
                body.append(last.text());
            } else if (last.type == HEADERS && !last.has(END_HEADERS)) {
                last = new Frame(
                        HEADERS,
                        last.flags,
                        stream,
                        last.payload,
                        await(CONTINUATION).fields());
            }
        }
        return new Answer(head, body.toString(), last.type == DATA || last.equals(head) ? null : last);
    }

    /** What comes up to the answer to a ping that is sent now: nothing more was due before it. */
    public List<Frame> framesUntilPing() throws IOException {
        frame(PING, 0, 0, 0x70696e67, lastStream);
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type == PING && frame.has(ACK) && frame.number(0) == 0x70696e67) {
                return frames;
            }
            frames.add(frame);
        }
        throw new IOException("the connection ended after " + frames);
    }

    /** Reads until the server closes; a reset ends it too. */
    public List<Frame> readToEnd() {
        List<Frame> frames = new ArrayList<>();
        try {
            for (Frame frame = read(); frame != null; frame = read()) {
                frames.add(frame);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection goes on after " + frames, e);
        } catch (IOException reset) {
            // the end all the same
        }
        return frames;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
