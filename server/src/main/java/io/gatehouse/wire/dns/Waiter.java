package io.gatehouse.wire.dns;

import io.gatehouse.wire.Deadline;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for what a name stands for. On the resolver's loop only. */
abstract class Waiter {
    /** What it waits for at the moment; another one after an alias. */
    @Nullable
    Query query;

    /** How many aliases led here. */
    int aliases;

    /** Whether it has its answer, or wants none any more. */
    boolean over;

    @Nullable
    Deadline timeout;

    abstract void found(Known known, boolean fresh);

    abstract void failed(int code);
}
