package io.gatehouse.protocol;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.exchange.Timeline;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a client's request is at, whatever carries it: who takes it and whether he wants it now, how much has come, whether
 * that was all, or why there will be no more. How its bytes come is the matter of each version of HTTP. On the exchange's loop.
 */
public abstract class ClientBody extends RequestBody {
    protected Exchange exchange;
    /** As {@link #length()}. */
    protected long length;
    /** Whether the client waits to be told that it may send the body. */
    protected boolean expectsContinue;

    /** Who takes it; null before, and once it is dropped. */
    protected @Nullable Receiver receiver;

    protected long received;
    /** Whether the receiver wants it now. */
    protected boolean demanded;
    /** Whether what still comes is dropped. */
    protected boolean discarding;

    protected boolean complete = true;
    /** What it is answered with that the body cannot be had; 0 if it can. */
    protected int failure;

    @SuppressWarnings("NullAway.Init") // of() comes before everything else
    protected ClientBody() {}

    /** The exchange it belongs to. */
    public final void of(Exchange x) {
        exchange = x;
    }

    @Override
    public final long length() {
        return length;
    }

    @Override
    public final long received() {
        return received;
    }

    @Override
    public final boolean isComplete() {
        return complete;
    }

    @Override
    public final boolean isStarted() {
        return receiver != null || discarding;
    }

    /** Whether somebody waits for bytes that the client has to send. */
    public final boolean isBeingRead() {
        return receiver != null && demanded && !isSettled();
    }

    /** Whether nobody takes anything of it any more. */
    protected final boolean isSettled() {
        return complete || failure != 0 || discarding;
    }

    /** What is wanted of the client may have changed: demand, the end, a failure. */
    protected abstract void changed();

    /** Begins with a receiver; there is only one. */
    protected final void begin(Receiver to) {
        if (isStarted()) {
            throw new IllegalStateException("the body is taken already");
        }
        receiver = to;
    }

    /** Gives the receiver the next {@code count} bytes of the buffer, and moves past them. */
    protected final void hand(ByteBuf in, int count) {
        int end = in.writerIndex();
        int next = in.readerIndex() + count;
        Receiver to = receiver;
        if (to != null) {
            in.writerIndex(next);
            to.onBody(exchange, in);
        }
        in.setIndex(next, end);
    }

    /** The last byte was handed on. */
    protected final void completed() {
        if (complete || failure != 0) {
            return;
        }
        complete = true;
        exchange.timeline.mark(Timeline.Instant.BODY_READ, exchange.loop.nanos());
        changed();
        Receiver to = receiver;
        if (to != null && !exchange.isDone()) {
            to.onBodyEnd(exchange);
        }
    }

    /** It cannot be had, which was told to the log: answer with this status. */
    protected final void fail(int status) {
        failure = status;
        changed();
        Receiver to = receiver;
        if (to != null) {
            to.onBodyFailed(exchange, status);
        }
    }
}
