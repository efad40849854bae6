package io.gatehouse.wire;

import io.gatehouse.observe.log.Clock;

/** The machine's clock, for what runs on no loop; loops have their own. */
public final class SystemClock implements Clock {
    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
