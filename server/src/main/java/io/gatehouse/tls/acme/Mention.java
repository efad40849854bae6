package io.gatehouse.tls.acme;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something that strangers can make happen as often as they like is told the first time, and then once a minute at most, with
 * how often it has happened since: it must not fill a disk. From any thread, event loops too.
 */
final class Mention {
    /** Nanoseconds. */
    static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong toldAt = new AtomicLong(NEVER);
    private final AtomicLong untold = new AtomicLong();

    /**
     * It has happened.
     *
     * @param nanos of a monotonic clock
     * @return how often it had happened without being told, if it is to be told now; -1 if not
     */
    long happened(long nanos) {
        long last = toldAt.get();
        if (last != NEVER && nanos - last < PAUSE || !toldAt.compareAndSet(last, nanos)) {
            untold.incrementAndGet();
            return -1;
        }
        return untold.getAndSet(0);
    }
}
