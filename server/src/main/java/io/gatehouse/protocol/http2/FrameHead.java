package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;

/** The head of the frame that is being read (RFC 9113, 4.1). */
final class FrameHead {
    int type;
    int stream;
    /** Bytes of the payload. */
    int length;

    private int flags;

    void read(ByteBuf in) {
        length = in.readUnsignedMedium();
        type = in.readUnsignedByte();
        flags = in.readUnsignedByte();
        stream = in.readInt() & Integer.MAX_VALUE;
    }

    /** As the other one, of bytes that came one after another. */
    void read(FramePart part) {
        length = part.integer(0) >>> 8;
        type = part.octet(3);
        flags = part.octet(4);
        stream = part.integer(5) & Integer.MAX_VALUE;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
