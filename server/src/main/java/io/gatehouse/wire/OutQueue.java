package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** What a wire has yet to send: buffers and parts of files, in a ring that is made with the first write. */
final class OutQueue {
    private static final int FIRST_LENGTH = 4;
    private static final int KEPT_LENGTH = 16;
    /** A buffer this many times larger than what is left to send of it is not kept waiting for that. */
    private static final int WASTE = 4;

    private @Nullable Object @Nullable [] ring;
    private int head;
    private int count;
    /** How many of the leading entries {@link #settle} has seen. */
    private int settled;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    void add(Object entry) {
        @Nullable Object[] ring = this.ring;
        if (ring == null) {
            this.ring = ring = new @Nullable Object[FIRST_LENGTH];
        } else if (count == ring.length) {
            @Nullable Object[] longer = new @Nullable Object[count * 2];
            for (int i = 0; i < count; i++) {
                longer[i] = ring[(head + i) & (count - 1)];
            }
            this.ring = ring = longer;
            head = 0;
        }
        ring[(head + count++) & (ring.length - 1)] = entry;
    }

    Object get(int i) {
        @Nullable Object[] ring = this.ring;
        Object entry = ring == null ? null : ring[(head + i) & (ring.length - 1)];
        if (entry == null || i >= count) {
            throw new IndexOutOfBoundsException(i);
        }
        return entry;
    }

    /** Takes away the first entry; releases it if it is a buffer. */
    void removeFirst() {
        @Nullable Object[] ring = this.ring;
        if (ring == null || count == 0) {
            throw new IndexOutOfBoundsException();
        }
        Object entry = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        settled = Math.max(0, settled - 1);
        if (--count == 0) {
            head = 0;
            if (ring.length > KEPT_LENGTH) {
                this.ring = null;
            }
        }
        if (entry instanceof ByteBuf buffer) {
            buffer.release();
        }
    }

    /** Advances past {@code bytes} of the leading buffers, which hold at least that many. */
    void sent(long bytes) {
        while (count > 0 && get(0) instanceof ByteBuf buffer) {
            int readable = buffer.readableBytes();
            if (bytes < readable) {
                buffer.skipBytes((int) bytes);
                return;
            }
            bytes -= readable;
            removeFirst();
        }
    }

    /** Copies small remainders of large buffers, now that they will have to wait. */
    void settle(ByteBufAllocator allocator) {
        if (count > 0) {
            settle(0, allocator); // Part of it may have gone since it was seen.
        }
        for (int i = Math.max(settled, 1); i < count; i++) {
            settle(i, allocator);
        }
        settled = count;
    }

    private void settle(int i, ByteBufAllocator allocator) {
        @Nullable Object[] ring = this.ring;
        if (ring != null && get(i) instanceof ByteBuf buffer) {
            int length = buffer.readableBytes();
            if (length <= rootCapacity(buffer) / WASTE) {
                ring[(head + i) & (ring.length - 1)] =
                        allocator.directBuffer(length).writeBytes(buffer);
                buffer.release();
            }
        }
    }

    /** The size of the loop's read buffer if this is a slice of one, else 0: others are their owner's affair. */
    private static int rootCapacity(ByteBuf buffer) {
        ByteBuf under = buffer.unwrap();
        int capacity = 0;
        while (under != null) {
            capacity = under.capacity();
            under = under.unwrap();
        }
        return capacity >= ReadBuffer.SIZE ? capacity : 0;
    }

    void clear() {
        while (count > 0) {
            removeFirst();
        }
        ring = null;
        settled = 0;
    }
}
