package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/**
 * {@code least_time header|last_byte [inflight]}: the least time to be expected from average times and the requests a
 * peer has; among equals, round robin.
 */
public final class LeastTime extends Least {
    /** Slower than this, all are equally slow and the number of requests decides. */
    private static final long SLOWEST = 5000;

    private static final long CLUSTER = 20;

    private final boolean byHeader;
    private final boolean inflight;

    /**
     * @param byHeader whether the time to the answer's header counts, not to its last byte
     * @param inflight whether requests not yet answered count too
     */
    public LeastTime(boolean byHeader, boolean inflight) {
        this.byHeader = byHeader;
        this.inflight = inflight;
    }

    @Override
    long costAtFirst(Selection selection, Peer peer) {
        if (peer.inflight > 0) {
            long time = peer.inflightLast / peer.inflight + selection.nowMillis - peer.inflightChanged;
            peer.inflightTime = average(peer.inflightTime, time);
        }
        return cost(selection, peer);
    }

    @Override
    @Nullable
    Peer take(Selection selection, int index) {
        if (inflight) {
            Peer peer = selection.list().peers[index];
            peer.inflightLast += (selection.nowMillis - peer.inflightChanged) * peer.inflight;
            peer.inflightChanged = selection.nowMillis;
            peer.inflight++;
            selection.inflight = true;
        }
        return super.take(selection, index);
    }

    /** How long the peer may need for one more request, in milliseconds, in steps wide enough for round robin. */
    @Override
    long cost(Selection selection, Peer peer) {
        long now = selection.now;
        long time = byHeader ? peer.headerTime : peer.responseTime;
        if (now - peer.checked > peer.failTimeout) {
            // A slow peer gets its chance again: each fail_timeout without a trial halves its time.
            time >>= Math.min((now - peer.checked) / (peer.failTimeout + 1), 63);
        }
        if (peer.inflight > 0) {
            time = Math.max(time, peer.inflightTime);
        }
        time = time > SLOWEST ? SLOWEST : time + CLUSTER - time % CLUSTER;
        return time * (1 + peer.conns);
    }

    @Override
    void headerArrived(Selection selection, Peer peer) {
        if (inflight && byHeader) {
            long time = selection.headerMillis();
            peer.headerTime = average(peer.headerTime, time);
            noLongerInflight(selection, peer, time);
        }
    }

    @Override
    void released(Selection selection, Peer peer, Outcome outcome) {
        // The time of an attempt that failed is not taken off what the others have spent; nginx does the same.
        noLongerInflight(selection, peer, outcome == Outcome.OK ? selection.responseMillis() : 0);
        if (outcome != Outcome.OK || selection.headerMillis() < 0) {
            return; // A peer that fails fast is not to be liked for it.
        }
        peer.responseTime = average(peer.responseTime, selection.responseMillis());
        if (!inflight || !byHeader) {
            peer.headerTime = average(peer.headerTime, selection.headerMillis());
        }
    }

    private static void noLongerInflight(Selection selection, Peer peer, long spent) {
        if (!selection.inflight) {
            return;
        }
        selection.inflight = false;
        if (peer.inflight == 1) {
            peer.inflightLast = 0;
        } else {
            peer.inflightLast += (selection.nowMillis - peer.inflightChanged) * peer.inflight - spent;
            peer.inflightChanged = selection.nowMillis;
        }
        peer.inflight--;
    }

    private static long average(long before, long now) {
        return before == 0 ? now : (long) (0.5 + now * 0.05 + before * 0.95);
    }
}
