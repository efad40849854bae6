package io.gatehouse.echo;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reads a client's WebSocket frames and writes a server's (RFC 6455, section 5). */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int MAX_CONTROL = 125;

    private static final int PIECE = 16 * 1024;

    /** Where the bytes come from: at least one, or -1 at the end. */
    interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    /** Takes an unmasked payload piece by piece. */
    interface Taker {
        void take(byte[] bytes, int length) throws IOException;
    }

    /** The head of a frame; its payload follows. */
    record Head(boolean last, int opcode, long length, int mask) {
        boolean isControl() {
            return opcode >= CLOSE;
        }
    }

    /** What a peer did against the protocol, and the code that tells it so (RFC 6455, section 7.4.1). */
    static final class Violation extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        Violation(int code, String what) {
            super(what);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private final Source in;
    private final OutputStream out;
    private final byte[] few = new byte[8];

    WebSocketFrames(Source in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Reads a frame's head.
     *
     * @throws Violation if no client may send such (1002)
     * @throws EOFException if the stream ends
     */
    Head readHead() throws IOException {
        int first = (int) number(1);
        int second = (int) number(1);
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        long length = second & 0x7f;
        require((first & 0x70) == 0, "a reserved bit is set, and no extension was agreed on");
        require(opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG), "the opcode is not a known one");
        require((second & 0x80) != 0, "a client's frame is not masked");
        require(opcode < CLOSE || (last && length <= MAX_CONTROL), "a control frame is in fragments, or too long");
        if (length >= 126) {
            boolean wide = length == 127;
            length = number(wide ? 8 : 2);
            require(length < 0 || length > (wide ? 0xffff : 125), "the length is written longer than needed");
            require(length >= 0, "the length is negative");
        }
        return new Head(last, opcode, length, (int) number(4));
    }

    /** Reads the payload that belongs to {@code head}. */
    void readPayload(Head head, Taker taker) throws IOException {
        byte[] piece = new byte[(int) Math.min(PIECE, head.length())];
        long done = 0;
        while (done < head.length()) {
            int count = some(piece, 0, (int) Math.min(piece.length, head.length() - done));
            for (int i = 0; i < count; i++) {
                int shift = 24 - 8 * (int) ((done + i) & 3);
                piece[i] = (byte) (piece[i] ^ (head.mask() >>> shift));
            }
            taker.take(piece, count);
            done += count;
        }
    }

    /** Writes a whole, unmasked frame and sends it. */
    void write(int opcode, byte[] payload) throws IOException {
        int length = payload.length;
        out.write(0x80 | opcode);
        if (length <= MAX_CONTROL) {
            out.write(length);
        } else if (length <= 0xffff) {
            out.write(126);
            out.write(length >>> 8);
            out.write(length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >>> shift));
            }
        }
        out.write(payload);
        out.flush();
    }

    /** Writes a Close frame; a reason of ASCII, cut to what fits. */
    void writeClose(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + Math.min(text.length, MAX_CONTROL - 2)];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        write(CLOSE, payload);
    }

    private static void require(boolean held, String otherwise) throws Violation {
        if (!held) {
            throw new Violation(1002, otherwise);
        }
    }

    private long number(int bytes) throws IOException {
        for (int have = 0; have < bytes; ) {
            have += some(few, have, bytes - have);
        }
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | (few[i] & 0xff);
        }
        return number;
    }

    private int some(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        if (count < 0) {
            throw new EOFException("the client ended without a Close frame");
        }
        return count;
    }
}
