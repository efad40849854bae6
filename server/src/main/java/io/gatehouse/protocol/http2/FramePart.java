package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;

/** What has come so far of a piece of few bytes that is read as a whole: a frame's head, a small payload. */
final class FramePart {
    private final byte[] bytes = new byte[Frame.HEAD];
    private int have;

    boolean isEmpty() {
        return have == 0;
    }

    void clear() {
        have = 0;
    }

    /** Gathers bytes up to {@code count}; whether they are there. */
    boolean collect(ByteBuf in, int count) {
        int more = Math.min(count - have, in.readableBytes());
        in.readBytes(bytes, have, more);
        have += more;
        return have == count;
    }

    int octet(int at) {
        return bytes[at] & 255;
    }

    int integer(int at) {
        return octet(at) << 24 | octet(at + 1) << 16 | octet(at + 2) << 8 | octet(at + 3);
    }
}
