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
    /** A piece this small is coded on the loop whatever went before: a line of a stream of events. Bytes. */
    private static final int SMALL = 2048;
    /** The most that one step takes, and what it takes at least however slow the coder is. Bytes. */
    private static final int LARGEST_STEP = 128 * 1024;

    private static final int SMALLEST_STEP = 4096;
    /** A coder may have kept back so much that a flush or the end means work for it. Bytes. */
    private static final int MOST_KEPT_BACK = 256 * 1024;

    private static final int LARGEST_OUT = 64 * 1024;
    private static final int SMALLEST_OUT = 512;
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
    /** Up to so many bytes from the beginning are coded on the loop. */
    private final int easyBytes;
    /** Whether the output may be far larger than the input, so that it counts too. */
    private final boolean grows;

    private final int small;
    private final int stepBytes;
    private final @Nullable AttachmentKey<Ratio> ratio;
    private final boolean atOnce;
    private long memory;

    private final ArrayDeque<Piece> waiting = new ArrayDeque<>(4);
    private final ArrayDeque<Part> files = new ArrayDeque<>(0);
    private long waitingBytes;
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

    private long taken;
    private long given;
    private long takenSinceFlush;

    /** A part of a file that is behind everything in {@link #waiting}. */
    private record Part(FileChannel file, long position, long count) {}

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
        this.easyBytes = length > easyBytes ? 0 : easyBytes;
        this.grows = grows;
        this.small = grows ? 0 : Math.min(SMALL, easyBytes);
        this.stepBytes = Math.clamp(easyBytes * 2L, SMALLEST_STEP, LARGEST_STEP);
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
        int length = owned.readableBytes();
        if (over || finished || length == 0) {
            owned.release();
            return;
        }
        ByteBuf plain = owned;
        if (!owned.isDirect() || owned.nioBufferCount() != 1) {
            plain = x.loop.buffer(length).writeBytes(owned);
            owned.release();
        }
        while (!files.isEmpty()) {
            // what comes behind a file waits behind it; senders begin again with bytes when the file was taken
            waiting.add(nextOfFile());
        }
        while (plain.readableBytes() > stepBytes) {
            waiting.add(Piece.of(plain.readRetainedSlice(stepBytes)));
        }
        waiting.add(Piece.of(plain));
        waitingBytes += length;
        if (waitingBytes >= ENOUGH) {
            work();
        }
    }

    @Override
    public void file(Exchange exchange, FileChannel file, long position, long count) {
        if (!over && !finished && count > 0) {
            files.add(new Part(file, position, count));
            waitingBytes += count;
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
        if (!flushes && (waitingBytes > 0 || takenSinceFlush > 0)) {
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
        return waitingBytes + (step == null ? 0 : stepLeft + 1) + (ended && !finished ? 1 : 0);
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
            if (isEasy(next)) {
                next.run(room(next, stepLeft + takenSinceFlush));
                done(next);
            } else {
                away = true;
                send(next, room(next, LARGEST_OUT * 2L));
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
        boolean nothing = waitingBytes == 0;
        if (nothing && !ended && !(flushes && takenSinceFlush > 0)) {
            flushes = false;
            return false;
        }
        if (coder == null && !ended && !flushes && waitingBytes < postpone) {
            return false;
        }
        ArrayDeque<Piece> pieces = new ArrayDeque<>(4);
        int bytes = 0;
        while (waitingBytes > 0 && bytes < stepBytes) {
            Piece piece = waiting.isEmpty() ? nextOfFile() : waiting.remove();
            bytes += piece.left();
            waitingBytes -= piece.left();
            pieces.add(piece);
        }
        Coder.Ask ask = waitingBytes > 0
                ? Coder.Ask.NOTHING
                : ended ? Coder.Ask.END : flushes ? Coder.Ask.FLUSH : Coder.Ask.NOTHING;
        Coder used = coder;
        if (used == null) {
            used = opening.open();
            coder = used;
        }
        step = new Step(used, pieces, ask);
        stepLeft = bytes;
        return true;
    }

    private Piece nextOfFile() {
        Part part = files.remove();
        int count = (int) Math.min(part.count, stepBytes);
        if (count < part.count) {
            files.addFirst(new Part(part.file, part.position + count, part.count - count));
        }
        return Piece.of(x.loop.buffer(count), part.file, part.position, count);
    }

    private boolean isEasy(Step next) {
        long begun = taken + (grows ? given : 0);
        if (begun + stepLeft <= easyBytes) {
            return true;
        }
        long kept = next.ask == Coder.Ask.NOTHING ? 0 : Math.min(takenSinceFlush, MOST_KEPT_BACK);
        return stepLeft + kept <= small;
    }

    private ByteBuf room(Step next, long input) {
        long wanted = grows ? LARGEST_OUT : next.ask == Coder.Ask.NOTHING ? input / 2 : input / 2 + SMALLEST_OUT;
        return x.loop.buffer(Math.clamp(wanted, SMALLEST_OUT, Math.clamp(mostQueued, SMALLEST_OUT, LARGEST_OUT)));
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
        taken += stepLeft - left;
        takenSinceFlush += stepLeft - left;
        stepLeft = left;
        Exception failure = from.failure();
        if (failure != null) {
            fail(failure);
            return;
        }
        ByteBuf out = from.takeOut();
        given += out.readableBytes();
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
            takenSinceFlush = 0;
        } else if (from.ask == Coder.Ask.END) {
            finish();
        }
    }

    private void finish() {
        finished = true;
        AttachmentKey<Ratio> key = ratio;
        if (key != null) {
            x.attachments.put(key, new Ratio(taken, given));
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
        waiting.forEach(Piece::release);
        waiting.clear();
        files.clear();
        waitingBytes = 0;
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
