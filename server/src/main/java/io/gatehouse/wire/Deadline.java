package io.gatehouse.wire;

/**
 * A time-out that can be moved cheaply: re-arming for later costs a field write. On its loop only. Resolution: 10 ms or
 * better; it never fires early.
 */
public abstract class Deadline {
    /** Arms or moves it to {@code millis} from the loop's {@link Loop#nanos now}; at least 1. */
    public abstract void in(long millis);

    /** Disarms it. */
    public abstract void clear();

    public abstract boolean isArmed();
}
