package io.gatehouse.tls.localca;

import io.gatehouse.observe.log.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that a test moves; for one thread. */
final class MovedClock implements Clock {
    private long wallMillis = Instant.parse("2026-11-27T12:00:00Z").toEpochMilli();

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    @Override
    public long nanos() {
        return wallMillis * 1_000_000;
    }

    MovedClock forward(Duration time) {
        wallMillis += time.toMillis();
        return this;
    }

    MovedClock to(long instant) {
        wallMillis = instant;
        return this;
    }
}
