package io.gatehouse.coding;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory of all coders under way in the process. Compressors keep hundreds of kilobytes to some megabytes for as long
 * as their client takes; so many clients must not be able to use up the machine.
 */
final class CodingMemory {
    /** What all compressors together may take. Bytes. */
    static final long MOST = 128L << 20;

    private static final AtomicLong TAKEN = new AtomicLong();

    private CodingMemory() {}

    /** Takes so many bytes; false if there are not so many left, and then nothing was taken. */
    static boolean reserve(long bytes) {
        if (TAKEN.addAndGet(bytes) <= MOST) {
            return true;
        }
        TAKEN.addAndGet(-bytes);
        return false;
    }

    /** As {@link #reserve}, for what cannot be left out. */
    static void take(long bytes) {
        TAKEN.addAndGet(bytes);
    }

    static void giveBack(long bytes) {
        TAKEN.addAndGet(-bytes);
    }

    static long taken() {
        return TAKEN.get();
    }
}
