package io.gatehouse.observe.log;

/** The time of day and the passing of time, injected so that tests can fix them; from any thread, without waiting. */
public interface Clock {
    /** Milliseconds since 1970. */
    long wallMillis();

    /** Monotonic time in nanoseconds from an arbitrary origin. */
    long nanos();
}
