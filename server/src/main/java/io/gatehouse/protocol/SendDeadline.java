package io.gatehouse.protocol;

import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Wire;

/**
 * Watches over what is queued for a client: it must take some of it within {@code send_timeout}, and what a rate limit
 * holds back goes on when its pause is over. The deadline is looked at in quarters, so that a client which takes a little
 * now and then costs nothing; it may be a quarter late.
 */
public final class SendDeadline {
    private final Wire wire;
    private final Loop loop;
    private final Deadline deadline;
    private final Runnable goOn;
    private final Runnable timedOut;
    private long timeout;
    private long sentBefore;
    private long movedAt;
    private boolean pausing;

    public SendDeadline(Wire wire, Runnable goOn, Runnable timedOut) {
        this.wire = wire;
        this.loop = wire.loop();
        this.goOn = goOn;
        this.timedOut = timedOut;
        this.deadline = loop.deadline(this::look);
    }

    /**
     * Something is queued.
     *
     * @param pause milliseconds after which sending goes on by itself; 0 if it is the client that we wait for
     * @param sendTimeout milliseconds within which the client must take something
     */
    public void watch(long pause, long sendTimeout) {
        timeout = sendTimeout;
        if (pause > 0) {
            pausing = true;
            deadline.in(pause);
            return;
        }
        if (pausing || !deadline.isArmed()) {
            pausing = false;
            sentBefore = wire.bytesSent();
            movedAt = loop.nanos();
            deadline.in(Math.max(1, timeout / 4));
        }
    }

    public void clear() {
        pausing = false;
        deadline.clear();
    }

    private void look() {
        if (pausing) {
            pausing = false;
            goOn.run();
            return;
        }
        if (wire.queued() == 0) {
            return;
        }
        long sent = wire.bytesSent();
        if (sent != sentBefore) {
            sentBefore = sent;
            movedAt = loop.nanos();
        } else if (loop.nanos() - movedAt >= timeout * 1_000_000) {
            timedOut.run();
            return;
        }
        deadline.in(Math.max(1, timeout / 4));
    }
}
