package io.gatehouse.protocol.http2;

import io.gatehouse.protocol.Pace;
import io.gatehouse.wire.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * How fast the answer of a stream may go ({@code limit_rate}), and for how long a window may hold it back ({@code send_timeout}).
 * On its loop.
 */
final class StreamPatience {
    private final Http2Stream stream;

    /** Null where the answer may go as fast as the client takes it. */
    @Nullable
    Pace pace;

    private @Nullable Deadline deadline;
    /** Whether the deadline is the end of a pause that the pace asks for. */
    private boolean pausing;

    StreamPatience(Http2Stream stream) {
        this.stream = stream;
    }

    /** How many of the bytes may go now. */
    long allowed(long room) {
        return pace == null ? room : Math.min(room, pace.allowed());
    }

    /** So many bytes went. */
    void sent(int count) {
        if (pace != null) {
            pace.sent(count);
        }
        clear();
    }

    /** A window, or the pace, holds it back. */
    void blocked() {
        Deadline watch = deadline;
        if (watch == null) {
            watch = stream.exchange().loop.deadline(this::look);
            deadline = watch;
        }
        long pause = pace == null ? 0 : pace.delay();
        if (pause > 0) {
            pausing = true;
            watch.in(pause);
        } else if (!watch.isArmed()) {
            stream.queue.settle();
            watch.in(Math.max(1, stream.exchange().location.core.sendTimeout()));
        }
    }

    private void look() {
        if (pausing) {
            pausing = false;
            stream.connection.outflow.ready(stream);
        } else {
            stream.connection.ends.timedOut(stream.id);
        }
    }

    void clear() {
        pausing = false;
        if (deadline != null) {
            deadline.clear();
        }
    }
}
