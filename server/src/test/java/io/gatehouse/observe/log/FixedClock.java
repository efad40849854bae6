package io.gatehouse.observe.log;

/** A time of day that stands still. */
record FixedClock(long wallMillis) implements Clock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
