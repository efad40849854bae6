package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock, set forward by a test. */
final class MovedClock implements Clock {
    private final AtomicLong ahead = new AtomicLong();

    void move(Duration forward) {
        ahead.addAndGet(forward.toMillis());
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis() + ahead.get();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
