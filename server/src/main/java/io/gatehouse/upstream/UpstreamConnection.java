package io.gatehouse.upstream;

import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a peer, from {@link UpstreamPool#connect} to {@link #close}. While it carries a request its wire's
 * sink is the request's; while it is idle, the pool's. On its loop only.
 *
 * <p>Who has it ends with {@link #giveBack} or {@link #close}, also when the wire has told that it is closed.
 */
public final class UpstreamConnection {
    private final UpstreamPool pool;
    private final KeptPeer peer;
    private final Wire wire;
    private final long createdAt;
    private int requests = 1;
    private State state = State.BUSY;
    private @Nullable Watch watch;

    /** The neighbours among the idle connections of the peer. */
    @Nullable
    UpstreamConnection newer;

    @Nullable
    UpstreamConnection older;

    /** Rises with each connection that becomes idle. */
    long idleNumber;

    private enum State {
        BUSY,
        IDLE,
        CLOSED
    }

    UpstreamConnection(UpstreamPool pool, KeptPeer peer, Wire wire, long createdAt) {
        this.pool = pool;
        this.peer = peer;
        this.wire = wire;
        this.createdAt = createdAt;
    }

    public Wire wire() {
        return wire;
    }

    public PoolKey key() {
        return peer.key;
    }

    /** The requests it has carried, the present one among them. */
    public int requests() {
        return requests;
    }

    /** Whether it was idle before: that it is closed before any answer then is no failure of the peer. */
    public boolean reused() {
        return requests > 1;
    }

    /** When it was begun, by {@link Loop#nanos}. */
    public long createdAt() {
        return createdAt;
    }

    /**
     * Ends its use after a whole answer that allows another request; it is kept if the limits permit. A connection
     * whose wire has told its end, or that still has something of the request to send, is to be closed instead.
     */
    public void giveBack() {
        if (state != State.BUSY) {
            return;
        }
        if (isFresh() && pool.keeps(peer)) {
            rest();
        } else {
            close();
        }
    }

    private boolean isFresh() {
        KeepAlive limits = peer.key.keepAlive();
        return wire.isOpen()
                && wire.queued() == 0
                && requests < limits.requests()
                && wire.loop().nanos() - createdAt <= TimeUnit.MILLISECONDS.toNanos(limits.timeMillis());
    }

    private void rest() {
        state = State.IDLE;
        pool.rests(peer, this);
        Watch watching = watch;
        if (watching == null) {
            watching = new Watch();
            watch = watching;
        }
        wire.sink(watching);
        wire.reading(true);
        watching.deadline.in(peer.key.keepAlive().timeoutMillis());
    }

    /** Ends its idleness for another request. */
    void wake(Sink sink) {
        state = State.BUSY;
        requests++;
        if (watch != null) {
            watch.deadline.clear();
        }
        wire.sink(sink);
    }

    /** Ends its use, if it has one, and closes it. Further calls do nothing. */
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.IDLE) {
            peer.remove(this);
        }
        state = State.CLOSED;
        if (watch != null) {
            watch.deadline.clear();
        }
        wire.close();
        pool.ended(peer);
    }

    /** Closes an idle connection when the peer ends it, says anything unasked, or when its time is over. */
    private final class Watch implements Sink {
        final Deadline deadline = wire.loop().deadline(UpstreamConnection.this::close);

        @Override
        public void onBytes(Wire from, ByteBuf borrowed) {
            close();
        }

        @Override
        public void onWritable(Wire from) {}

        @Override
        public void onEnd(Wire from) {
            close();
        }

        @Override
        public void onClosed(Wire from, @Nullable IOException cause) {
            close();
        }
    }
}
