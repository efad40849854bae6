package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The buffer that one loop reads everything into and lends to sinks. It is large because wake-ups dominate a download;
 * the kernel touches no more of it than it has bytes. While slices of it are held elsewhere, reading goes on behind
 * them, and when little room is left, in a new buffer.
 */
final class ReadBuffer {
    static final int SIZE = 512 * 1024;
    private static final int LEAST = SIZE / 2;

    private final ByteBufAllocator allocator;
    private ByteBuf buffer;
    private int start;

    ReadBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.buffer = allocator.directBuffer(SIZE, SIZE);
    }

    /** The buffer, with room for at least half of {@link #SIZE} from {@link #start}. */
    ByteBuf buffer() {
        if (start != 0) {
            if (buffer.refCnt() == 1) {
                start = 0;
            } else if (SIZE - start < LEAST) {
                ByteBuf next = allocator.directBuffer(SIZE, SIZE);
                buffer.release();
                buffer = next;
                start = 0;
            }
        }
        return buffer;
    }

    int start() {
        return start;
    }

    int room() {
        return SIZE - start;
    }

    /** Marks what was received as readable. */
    ByteBuf lend(int length) {
        return buffer.setIndex(start, start + length);
    }

    /** The sink has returned: moves past what it has kept. */
    void returned(int length) {
        if (buffer.refCnt() > 1) {
            start = (start + length + 63) & -64;
        }
    }

    void release() {
        buffer.release();
    }
}
