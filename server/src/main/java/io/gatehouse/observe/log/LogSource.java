package io.gatehouse.observe.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Something whose bytes a log file's thread writes; every method on that thread only. */
interface LogSource {
    /** What to write next, or null; {@link #taken} is called when it is written, before anything else is asked. */
    @Nullable
    ByteBuffer take();

    void taken();

    boolean waiting();

    /** Whether there is so much that it is to be written without a rest before. */
    boolean backlog();

    /** As {@link Courier.Round#due}. */
    long due();
}
