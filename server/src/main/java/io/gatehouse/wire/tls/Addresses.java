package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;
import io.netty.internal.tcnative.Buffer;
import java.nio.ByteBuffer;

/** Where bytes of a direct buffer are in memory. */
final class Addresses {
    private Addresses() {}

    /** The address of [index, index + length) of a buffer of one piece, which the caller keeps alive. */
    static long of(ByteBuf buffer, int index, int length) {
        if (index < 0 || length < 0 || index > buffer.capacity() - length) {
            throw new IndexOutOfBoundsException();
        }
        if (buffer.hasMemoryAddress()) {
            return buffer.memoryAddress() + index;
        }
        ByteBuffer nio = buffer.internalNioBuffer(index, length);
        return Buffer.address(nio) + nio.position();
    }

    /** Whether {@link #of} can be asked. */
    static boolean has(ByteBuf buffer) {
        return buffer.hasMemoryAddress() || buffer.isDirect() && buffer.nioBufferCount() == 1;
    }
}
