package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.TempFile;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands the body of an answer on to the client at the client's pace. While the client keeps up nothing is copied or held.
 * When it does not, the application is not read for a moment; if that does not help and buffering is on, the rest goes through
 * a temporary file so that the application is free.
 */
final class Delivery implements TempFile.Watcher, Runnable {
    /** How long a slow client may hold the application before a file is begun. Milliseconds. */
    private static final long PATIENCE = 50;
    /** More than this on its way to the disk holds the application. */
    private static final long MOST_WAITING = 1 << 20;
    /** Part of a file that is given to the client at once. */
    private static final long FILE_PART = 1 << 20;

    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private boolean buffering;
    private long mostQueued;
    private boolean held;
    /** Held, and the deadline means something chosen: patience, or the rate. */
    private boolean waiting;

    private boolean pacing;
    private boolean ended;
    private boolean broken;
    private boolean clientGone;
    private boolean wantsDrained;
    private @Nullable Wire wire;

    private @Nullable TempFile spool;
    private long spooledSent;

    private @Nullable StoredAnswer stored;
    private long rate;
    private long rateBegan;
    private long rateBytes;

    Delivery(Passage passage) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
    }

    void begin(boolean buffered, int status, long length) {
        buffering = buffered;
        mostQueued = buffered ? settings.buffersSize : settings.bufferSize;
        if (settings.store.on() && status == 200) {
            stored = new StoredAnswer(x, settings, length);
        }
        if (buffered && settings.limitRate != null) {
            rate = Rates.parse(settings.limitRate.eval(x));
            rateBegan = x.loop.nanos();
        }
    }

    /** Part of the body; takes it over. */
    void piece(ByteBuf owned) {
        rateBytes += owned.readableBytes();
        StoredAnswer copy = stored;
        if (copy != null) {
            copy.append(owned.retainedSlice());
        }
        TempFile file = spool;
        if (file != null) {
            file.append(owned);
        } else {
            x.send(owned);
        }
    }

    /** All pieces of one read were handed over. */
    void afterRead(Wire from) {
        wire = from;
        if (clientGone || ended) {
            return;
        }
        TempFile file = spool;
        if (file == null) {
            x.flush();
            if (x.queued() > mostQueued) {
                hold(from);
                return;
            }
        } else if (file.appended() - file.written() > MOST_WAITING
                || file.appended() - spooledSent > settings.maxTempFileSize) {
            held = true;
            from.reading(false);
            return;
        }
        if (rate > 0) {
            pace(from);
        }
    }

    private void hold(Wire from) {
        held = true;
        from.reading(false);
        wantsDrained = true;
        x.whenDrained(this);
        if (buffering && settings.maxTempFileSize > 0 && x.takesFiles()) {
            waiting = true;
            passage.gear.deadline.in(PATIENCE);
        }
    }

    /** Keeps to {@code proxy_limit_rate}: what was read is paid for by waiting. */
    private void pace(Wire from) {
        long elapsed = TimeUnit.NANOSECONDS.toMillis(x.loop.nanos() - rateBegan);
        long ahead = rateBytes * 1000 / rate - elapsed;
        if (ahead > 0) {
            held = true;
            waiting = true;
            pacing = true;
            from.reading(false);
            passage.gear.deadline.in(ahead);
        }
    }

    /** The wait that was chosen is over. */
    void goOn() {
        waiting = false;
        if (pacing) {
            pacing = false;
            release();
            return;
        }
        if (x.sink().queued(x) == 0) {
            // the client is not slow, a filter is at work
            waiting = true;
            passage.gear.deadline.in(PATIENCE);
            return;
        }
        spool = new TempFile(x.loop, settings.tempPath, this);
        x.log(Level.WARN, "an upstream response is buffered to a temporary file in " + settings.tempPath);
        release();
    }

    private void release() {
        Wire from = wire;
        held = false;
        if (from != null && !ended && !broken) {
            from.reading(true);
        }
    }

    /** The client has taken everything that was given to it. */
    @Override
    public void run() {
        wantsDrained = false;
        if (broken) {
            x.abort();
            return;
        }
        TempFile file = spool;
        if (file != null) {
            unspool(file);
            return;
        }
        if (held && !pacing) {
            waiting = false;
            release();
            passage.watchSilence();
        }
    }

    /** Gives the client more of the file; when it has all of it, the way is direct again. */
    private void unspool(TempFile file) {
        FileChannel channel = file.channel();
        while (!wantsDrained && channel != null && spooledSent < file.written()) {
            long count = Math.min(file.written() - spooledSent, FILE_PART);
            x.send(channel, file.position(spooledSent), count);
            spooledSent += count;
            x.flush();
            if (x.isDone()) {
                return;
            }
            awaitDrained();
        }
        if (wantsDrained || spooledSent < file.appended()) {
            return;
        }
        if (ended) {
            x.end();
            return;
        }
        if (held) {
            release();
            passage.watchSilence();
        }
        file.rewind();
    }

    private void awaitDrained() {
        if (x.queued() > 0) {
            wantsDrained = true;
            x.whenDrained(this);
        }
    }

    @Override
    public void written(TempFile file) {
        if (clientGone) {
            return;
        }
        if (held
                && !ended
                && file.appended() - file.written() <= MOST_WAITING / 2
                && file.appended() - spooledSent <= settings.maxTempFileSize) {
            release();
            passage.watchSilence();
        }
        if (!wantsDrained) {
            if (x.queued() > 0) {
                awaitDrained();
            } else {
                unspool(file);
            }
        }
    }

    @Override
    public void failed(TempFile file, IOException cause) {
        x.log(
                Level.CRIT,
                "open() or write() of a temporary file in \"" + settings.tempPath + "\" failed (" + cause.getMessage()
                        + ")");
        if (!clientGone) {
            passage.breakOff();
        }
    }

    /** The body is complete. */
    void end() {
        ended = true;
        waiting = false;
        StoredAnswer copy = stored;
        if (copy != null) {
            // who has the whole answer may look for the file
            copy.complete(this::endClient);
        } else {
            endClient();
        }
    }

    private void endClient() {
        if (clientGone) {
            return;
        }
        TempFile file = spool;
        if (file == null) {
            x.end();
        } else if (!wantsDrained && x.queued() == 0) {
            unspool(file);
        }
    }

    /** The body will never be complete; the client gets what there is and sees that it breaks off. */
    void breakOff() {
        broken = true;
        waiting = false;
        StoredAnswer copy = stored;
        if (copy != null) {
            copy.drop();
        }
        if (clientGone || x.isDone()) {
            return;
        }
        if (spool != null) {
            x.abort();
            return;
        }
        x.flush();
        if (x.queued() > 0) {
            x.whenDrained(this);
        } else {
            x.abort();
        }
    }

    boolean isHeld() {
        return held && !waiting;
    }

    boolean isWaiting() {
        return waiting;
    }

    /** The exchange is over. */
    void clientOver() {
        clientGone = true;
        wantsDrained = false;
        TempFile file = spool;
        if (file != null) {
            spool = null;
            file.close(true);
        }
        StoredAnswer copy = stored;
        if (copy != null && !ended) {
            copy.drop();
        }
    }
}
