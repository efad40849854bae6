package io.gatehouse.coding;

import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.BodyFilter;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Deadline;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts the body of one answer through a coder. What is small is coded on the loop; of a large body one {@link Step} after the
 * other on {@link CodingThreads}, none before the client has taken enough of the last one, so that a body never holds more than
 * its sender was allowed to queue, one step, and what may wait for the client.
 *
 * <p>Events, and what the sender wants delivered at once while it does not know its length, are flushed through the coder at
 * once. Anything else is flushed {@link #PATIENCE} after it has come: a coder may keep back kilobytes.
 */
final class CodedBody extends BodyFilter {
    /** How long the coder may keep back what has come. Milliseconds. */
    static final long PATIENCE = 20;

    /** What waits is worked on once it is this much, also without a flush. Bytes. */
    private static final int ENOUGH = 64 * 1024;

    private static final String EVENTS = "text/event-stream";

    /** Makes the coder when the first of the body is there. */
    @FunctionalInterface
    interface Opening {
        Coder open();
    }

    private final Exchange x;
    private final Opening opening;
    private final long mostQueued;
    private final int postpone;
    private final @Nullable AttachmentKey<Ratio> ratio;
    private final boolean atOnce;
    private long memory;

    private final Progress progress;
    private final Backlog backlog;
    private @Nullable Coder coder;
    private @Nullable Step step;
    /** What {@link #step} had left when it was last here. */
    private int stepLeft;

    private @Nullable Deadline patience;
    private boolean away;
    private boolean flushes;
    private boolean ended;
    private boolean finished;
    /** Read by the thread that is to run a step, which then leaves it. */
    private volatile boolean over;

    private CodedBody(
            Exchange x,
            Opening opening,
            Buffers buffers,
            int postpone,
            int easyBytes,
            boolean grows,
            @Nullable AttachmentKey<Ratio> ratio,
            long memory) {
        long length = x.response.contentLength;
        String type = x.response.contentType;
        this.x = x;
        this.opening = opening;
        this.mostQueued = buffers.total();
        this.postpone = postpone;
        this.progress = new Progress(length, easyBytes, grows, mostQueued);
        this.backlog = new Backlog(x.loop, progress.stepBytes);
        this.ratio = ratio;
        this.memory = memory;
        boolean events = type != null && type.regionMatches(true, 0, EVENTS, 0, EVENTS.length());
        // who knows the length does not write as things happen, and each flush makes the body larger
        this.atOnce = events || x.response.unbuffered && length < 0;
    }

    /** Before the head is changed: its length decides how. The memory was reserved and is given back here. */
    static CodedBody compressing(Exchange x, Offer offer, long memory) {
        long length = x.response.contentLength;
        Compression compression = offer.compression();
        return new CodedBody(
                x,
                () -> compression.open(length),
                offer.buffers(),
                offer.postpone(),
                compression.easyBytes(),
                false,
                offer.ratio(),
                memory);
    }

    /** As {@link #compressing}, the other way round. */
    static CodedBody decompressing(Exchange x, Opening opening, Buffers buffers, int easyBytes, long memory) {
        CodingMemory.take(memory);
        return new CodedBody(x, opening, buffers, 0, easyBytes, true, null, memory);
    }

    // ---------------------------------------------------------------- from the sender

    @Override
    public boolean takesFiles() {
        return true;
    }

    @Override
    public void body(Exchange exchange, ByteBuf owned) {
        if (over || finished || !owned.isReadable()) {
            owned.release();
            return;
        }
        backlog.add(owned);
        if (backlog.bytes() >= ENOUGH) {
            work();
        }
    }

    @Override
    public void file(Exchange exchange, FileChannel file, long position, long count) {
        if (!over && !finished && count > 0) {
            backlog.add(file, position, count);
            work();
        }
    }

    @Override
    public void flush(Exchange exchange) {
        if (over || finished) {
            return;
        }
        flushes |= atOnce;
        work();
        if (over || finished) {
            return;
        }
        if (!flushes && (backlog.bytes() > 0 || progress.isUnflushed())) {
            bePatient();
        }
        super.flush(x);
    }

    private void bePatient() {
        Deadline waits = patience;
        if (waits == null) {
            waits = x.loop.deadline(this::patienceOver);
            patience = waits;
        }
        if (!waits.isArmed()) {
            waits.in(PATIENCE);
        }
    }

    private void patienceOver() {
        if (!over && !finished && !ended) {
            flushes = true;
            work();
            if (!over && !finished) {
                super.flush(x);
            }
        }
    }

    @Override
    public void end(Exchange exchange) {
        ended = true;
        Deadline waits = patience;
        if (waits != null) {
            waits.clear();
        }
        work();
    }

    // ---------------------------------------------------------------- to the client

    @Override
    public long held() {
        return backlog.bytes() + (step == null ? 0 : stepLeft + 1) + (ended && !finished ? 1 : 0);
    }

    @Override
    public void goOn(Exchange exchange) {
        work();
        if (!over && !finished) {
            super.flush(x);
        }
    }

    /** Codes as much as may be coded now. */
    private void work() {
        while (!away && !over && !finished) {
            if (step == null && !begin()) {
                return;
            }
            Step next = step;
            if (next == null || !isTaken()) {
                return;
            }
            if (progress.isEasy(stepLeft, next.ask)) {
                next.run(x.loop.buffer(progress.roomOnLoop(stepLeft, next.ask)));
                done(next);
            } else {
                away = true;
                send(next, x.loop.buffer(progress.roomBeside(next.ask)));
            }
        }
    }

    /** Whether the client has taken enough; what it has not taken is on its way, so that {@link #goOn} will come. */
    private boolean isTaken() {
        if (queuedBehind(x) < mostQueued) {
            return true;
        }
        super.flush(x);
        return !over && queuedBehind(x) < mostQueued;
    }

    /** Makes the next step; false if there is nothing to do. */
    private boolean begin() {
        boolean nothing = backlog.bytes() == 0;
        if (nothing && !ended && !(flushes && progress.isUnflushed())) {
            flushes = false;
            return false;
        }
        if (coder == null && !ended && !flushes && backlog.bytes() < postpone) {
            return false;
        }
        ArrayDeque<Piece> pieces = backlog.take();
        Coder.Ask ask = backlog.bytes() > 0
                ? Coder.Ask.NOTHING
                : ended ? Coder.Ask.END : flushes ? Coder.Ask.FLUSH : Coder.Ask.NOTHING;
        Coder used = coder;
        if (used == null) {
            used = opening.open();
            coder = used;
        }
        step = new Step(used, pieces, ask);
        stepLeft = step.left();
        return true;
    }

    private void send(Step next, ByteBuf room) {
        CodingThreads.execute(() -> {
            if (over) {
                room.release();
            } else {
                next.run(room);
            }
            try {
                x.loop.execute(() -> back(next));
            } catch (RejectedExecutionException e) {
                // the loop has ended, and with it everything else of this exchange
                next.release();
            }
        });
    }

    /** A step has come back from another thread. */
    private void back(Step from) {
        away = false;
        if (over) {
            from.release();
            free();
            return;
        }
        done(from);
        work();
        if (over || finished) {
            return;
        }
        super.flush(x);
        if (x.sink().queued(x) == 0) {
            x.onDrained();
        }
    }

    private void done(Step from) {
        int left = from.left();
        progress.took(stepLeft - left);
        stepLeft = left;
        Exception failure = from.failure();
        if (failure != null) {
            fail(failure);
            return;
        }
        ByteBuf out = from.takeOut();
        progress.gave(out.readableBytes());
        boolean complete = from.isComplete();
        if (complete) {
            step = null;
        }
        if (out.isReadable()) {
            pass(x, out);
        } else {
            out.release();
        }
        if (!complete || over) {
            return;
        }
        if (from.ask == Coder.Ask.FLUSH) {
            flushes = false;
            progress.flushed();
        } else if (from.ask == Coder.Ask.END) {
            finish();
        }
    }

    private void finish() {
        finished = true;
        AttachmentKey<Ratio> key = ratio;
        if (key != null) {
            x.attachments.put(key, progress.ratio());
        }
        free();
        passEnd(x);
    }

    private void fail(Exception failure) {
        if (failure instanceof CodingException) {
            x.log(Level.ERROR, String.valueOf(failure.getMessage()));
        } else {
            x.log(Level.ALERT, "coding of the answer failed: " + failure);
        }
        x.abort();
        if (!over) {
            discard(x);
        }
    }

    // ---------------------------------------------------------------- the end

    @Override
    public void discard(Exchange exchange) {
        over = true;
        if (patience != null) {
            patience.clear();
        }
        backlog.release();
        Step unfinished = step;
        step = null;
        if (!away) {
            if (unfinished != null) {
                unfinished.release();
            }
            free();
        }
    }

    /** Nobody uses the coder any more. */
    private void free() {
        Coder used = coder;
        coder = null;
        if (used != null) {
            used.close();
        }
        CodingMemory.giveBack(memory);
        memory = 0;
    }
}
