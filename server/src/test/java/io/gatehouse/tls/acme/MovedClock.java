package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock, set forward or back by a test, and the one that nobody sets. */
final class MovedClock implements Clock {
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicLong passed = new AtomicLong();

    void move(Duration forward) {
        ahead.addAndGet(forward.toMillis());
    }

    /** As if it was so much later. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
        move(time);
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis() + ahead.get();
    }

    @Override
    public long nanos() {
        return System.nanoTime() + passed.get();
    }
}
