package io.gatehouse.observe.log;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * How long event loops may write to one log by themselves: 20 ms of each second. A write that took longer by itself shuts
 * them out for fifty times as long as it took. Not safe for several threads at once.
 */
final class WriteAllowance {
    private static final long PERIOD = SECONDS.toNanos(1);
    private static final long EACH = MILLISECONDS.toNanos(20);

    private boolean begun;
    private long end;
    private long spent;

    /** Whether a loop may write now, in nanoseconds. */
    boolean granted(long now) {
        if (!begun || now - end >= 0) {
            begun = true;
            end = now + PERIOD;
            spent = 0;
        }
        return spent < EACH;
    }

    /** A write that was granted at {@code start} has ended. */
    void used(long start, long now) {
        long took = now - start;
        spent += took;
        if (took >= EACH) {
            end = now + took * (PERIOD / EACH);
        }
    }
}
