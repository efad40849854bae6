package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.IovArray;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the wires of one loop work with, one after another, so that none needs its own. Each is made when it is first
 * needed. On the loop.
 */
final class LoopBuffers {
    /** Buffers that one gathered write takes. */
    private static final int GATHER = 64;
    /** Room that decrypting may need beyond the bytes that came: what was held back of a record. */
    private static final int HELD_BACK = TlsEngine.RECORD + 2048;

    private static final int SCRATCH = 64 * 1024;

    private final ByteBufAllocator allocator;
    private @Nullable ReadBuffer received;
    private @Nullable ReadBuffer plain;
    private @Nullable ByteBuf scratch;
    private @Nullable IovArray iov;
    /** What the last gathered write tried to send. */
    long gathered;

    LoopBuffers(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** What everything is received into. */
    ReadBuffer received() {
        ReadBuffer buffer = received;
        if (buffer == null) {
            received = buffer = new ReadBuffer(allocator);
        }
        return buffer;
    }

    /** What is received over TLS is decrypted into this one. */
    ReadBuffer plain() {
        ReadBuffer buffer = plain;
        if (buffer == null) {
            plain = buffer = new ReadBuffer(allocator);
        }
        return buffer;
    }

    /** How many bytes can be received at once to be decrypted. */
    int plainRoom() {
        ReadBuffer buffers = plain();
        ByteBuf _ = buffers.buffer();
        return buffers.room() - HELD_BACK;
    }

    /** An empty buffer for bytes that are used at once. */
    ByteBuf scratch() {
        ByteBuf buffer = scratch;
        if (buffer == null) {
            scratch = buffer = allocator.directBuffer(SCRATCH, SCRATCH);
        }
        return buffer.clear();
    }

    /** An empty array to gather buffers in. */
    IovArray iov() {
        IovArray array = iov;
        if (array == null) {
            iov = array = new IovArray(GATHER);
        }
        array.clear();
        return array;
    }

    /** The loop has ended. */
    void release() {
        if (received != null) {
            received.release();
            received = null;
        }
        if (plain != null) {
            plain.release();
            plain = null;
        }
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (iov != null) {
            iov.release();
            iov = null;
        }
    }
}
