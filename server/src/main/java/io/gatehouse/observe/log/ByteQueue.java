package io.gatehouse.observe.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whole records of bytes from many threads to one, in the order they were offered, bounded and without locks.
 *
 * <p>A list of chunks. A producer reserves room in the last one, copies its record and commits it; when it does not
 * fit, the chunk is sealed and another is linked. The consumer reads a chunk up to where everything reserved is
 * committed. Memory is taken as it is needed, never more than the limit.
 */
final class ByteQueue {
    /** {@link #offer} did not take the record. */
    static final int DROPPED = -1;
    /** Bit of {@link #offer}'s result: the record is the first of its chunk. */
    static final int FIRST = 1;
    /** Bit of {@link #offer}'s result: a chunk has become full. */
    static final int FULL = 2;
    /** Bit of {@link #offer}'s result: more than half of what the queue may hold is held. */
    static final int CROWDED = 4;

    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(ByteQueue.class, "tail", Chunk.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int chunkSize;
    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Chunk tail = new Chunk(0);
    /** The consumer's. */
    private Chunk head = tail;

    /** @param limit the most bytes of chunks; at least two chunks are */
    ByteQueue(int chunkSize, long limit) {
        this.chunkSize = chunkSize;
        this.limit = Math.max(limit, 2L * chunkSize);
    }

    /** Takes a copy of the record, or counts it as dropped; any thread. Returns {@link #DROPPED} or the bits. */
    int offer(byte[] bytes, int offset, int length) {
        // A failure between reserving and committing would leave a hole that nobody fills.
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int told = 0;
        for (; ; ) {
            Chunk chunk = tail;
            int at = chunk.reserve(length);
            if (at >= 0) {
                System.arraycopy(bytes, offset, chunk.bytes, at, length);
                chunk.commit(length);
                return told | (at == 0 ? FIRST : 0) | (at + length == chunk.bytes.length ? FULL : 0);
            }
            Chunk next = chunk.next;
            if (next == null) {
                next = link(chunk, length);
                if (next == null) {
                    dropped.incrementAndGet();
                    return DROPPED;
                }
            }
            told |= held.get() > limit / 2 ? FULL | CROWDED : FULL;
            TAIL.compareAndSet(this, chunk, next);
        }
    }

    private @Nullable Chunk link(Chunk last, int length) {
        int capacity = Math.max(chunkSize, length);
        if (held.addAndGet(capacity) > limit) {
            held.addAndGet(-capacity);
            return null;
        }
        Chunk chunk = new Chunk(capacity);
        if (last.linkNext(chunk)) {
            return chunk;
        }
        held.addAndGet(-capacity);
        return last.next;
    }

    /** Ends the last chunk; any thread. What was taken until now is consumed when {@link Mark#passed} says so. */
    Mark seal() {
        Chunk last = tail;
        for (Chunk next = last.next; next != null; next = last.next) {
            last = next;
        }
        last.seal();
        return last;
    }

    /**
     * The next records, from the buffer's position to its limit, or null; the consumer only. What it has written it
     * tells with {@link #consumed}.
     *
     * @param onlyFull whether to leave a chunk that can still take records
     */
    @Nullable
    ByteBuffer take(boolean onlyFull) {
        return take(onlyFull, true);
    }

    /** As {@code take(false)}, but null as well while a producer is in the middle of a record: it never waits. */
    @Nullable
    ByteBuffer takeWhatIsComplete() {
        return take(false, false);
    }

    private @Nullable ByteBuffer take(boolean onlyFull, boolean waits) {
        for (; ; ) {
            Chunk chunk = head;
            if (!chunk.finished) {
                if (onlyFull && !chunk.full()) {
                    return null;
                }
                int complete = waits ? chunk.complete() : chunk.completeNow();
                if (complete > chunk.consumed) {
                    return ByteBuffer.wrap(chunk.bytes, chunk.consumed, complete - chunk.consumed);
                }
                if (!finishIfAllConsumed(chunk)) {
                    return null;
                }
            }
            Chunk next = chunk.next;
            if (next == null) {
                return null;
            }
            head = next;
        }
    }

    /** The buffer that {@link #take} gave is done with; the consumer only. */
    void consumed(int end) {
        Chunk chunk = head;
        chunk.consumed = end;
        finishIfAllConsumed(chunk);
    }

    private boolean finishIfAllConsumed(Chunk chunk) {
        if (chunk.sealed() && chunk.consumed == chunk.length()) {
            chunk.finished = true;
            held.addAndGet(-chunk.bytes.length);
            return true;
        }
        return false;
    }

    /** Whether {@link #take} would give or move something; the consumer only. */
    boolean waiting(boolean onlyFull) {
        Chunk chunk = head;
        if (chunk.finished) {
            return chunk.next != null;
        }
        if (chunk.full()) {
            return chunk.sealed() || chunk.length() > chunk.consumed;
        }
        return !onlyFull && chunk.length() > chunk.consumed;
    }

    /** Records that found no room. */
    long dropped() {
        return dropped.get();
    }

    /** Counts a record as dropped that was never offered. */
    void drop() {
        dropped.incrementAndGet();
    }

    /** A place in the queue. */
    interface Mark {
        /** Whether everything before it is consumed. */
        boolean passed();
    }

    private static final class Chunk implements Mark {
        private static final int SEALED = 1 << 31;
        private static final int SPINS = 200;
        private static final VarHandle RESERVED;
        private static final VarHandle COMMITTED;
        private static final VarHandle NEXT;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                RESERVED = lookup.findVarHandle(Chunk.class, "reserved", int.class);
                COMMITTED = lookup.findVarHandle(Chunk.class, "committed", int.class);
                NEXT = lookup.findVarHandle(Chunk.class, "next", Chunk.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final byte[] bytes;
        /** Bytes that producers have got, and whether nobody gets more. */
        private volatile int reserved;
        /** Bytes that they have filled. */
        private volatile int committed;

        volatile @Nullable Chunk next;
        volatile boolean finished;
        /** The consumer's. */
        int consumed;

        Chunk(int capacity) {
            bytes = new byte[capacity];
        }

        /** Where the record may be put, or -1 if nowhere. */
        int reserve(int length) {
            for (; ; ) {
                int now = reserved;
                if (now < 0) {
                    return -1;
                }
                if (length > bytes.length - now) {
                    seal();
                    return -1;
                }
                if (RESERVED.compareAndSet(this, now, now + length)) {
                    return now;
                }
            }
        }

        void commit(int length) {
            COMMITTED.getAndAdd(this, length);
        }

        void seal() {
            RESERVED.getAndBitwiseOr(this, SEALED);
        }

        boolean linkNext(Chunk chunk) {
            return NEXT.compareAndSet(this, null, chunk);
        }

        boolean sealed() {
            return reserved < 0;
        }

        boolean full() {
            int now = reserved;
            return now < 0 || now == bytes.length;
        }

        int length() {
            return reserved & ~SEALED;
        }

        /**
         * Up to where all bytes are filled. {@code committed} is read first: if it then equals what is reserved, nobody
         * was in the middle. If somebody always is, the chunk is sealed, and those who are in it soon are not.
         */
        @SuppressWarnings("ThreadPriorityCheck")
        int complete() {
            for (int spins = 0; ; spins++) {
                int filled = committed;
                if (filled == length()) {
                    return filled;
                }
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    seal();
                    Thread.yield();
                }
            }
        }

        /** As {@link #complete}, or what is consumed already if somebody is in the middle. */
        int completeNow() {
            int filled = committed;
            return filled == length() ? filled : consumed;
        }

        @Override
        public boolean passed() {
            return finished;
        }
    }
}
