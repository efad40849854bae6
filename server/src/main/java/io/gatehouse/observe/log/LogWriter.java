package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings what waits for one log file to the disk. Its turn has the file's own thread, which writes everything and may wait;
 * or, for lines that come now and then to a quick disk, the event loop that has just queued one.
 */
final class LogWriter implements Courier.Round {
    private static final long BETWEEN_TROUBLES_MILLIS = 60_000;

    private final LogFile file;
    private final LogFiles files;
    private final ByteQueue queue;
    private final Direct direct = new Direct();
    private final CopyOnWriteArrayList<LogSource> sources = new CopyOnWriteArrayList<>();
    private final AtomicReference<LogChannels.@Nullable Opened> replacement = new AtomicReference<>();
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile long formerlyDropped;
    private volatile int failures;

    /** Loops take it only if it is free. */
    private final ReentrantLock turn = new ReentrantLock();

    // Whose turn it is has these.
    private LogChannels.Opened opened;
    private final WriteAllowance allowance = new WriteAllowance();
    private @Nullable ByteBuffer unfinished;
    private @Nullable LogSource unfinishedFrom;
    private long told;
    private long lastTrouble = Long.MIN_VALUE;

    LogWriter(LogFile file, LogFiles files, ByteQueue queue, LogChannels.Opened opened) {
        this.file = file;
        this.files = files;
        this.queue = queue;
        this.opened = opened;
        sources.add(direct);
    }

    void add(BufferedLog buffer) {
        sources.add(buffer);
    }

    /** Writes and drops that were counted since the file was opened. */
    long dropped() {
        long all = queue.dropped() + formerlyDropped;
        for (LogSource source : sources) {
            if (source instanceof BufferedLog buffer) {
                all += buffer.dropped();
            }
        }
        return all;
    }

    boolean isClosed() {
        return closed;
    }

    /** How many attempts to write have failed. */
    int failures() {
        return failures;
    }

    /** Nobody will log any more: the file is closed when everything is written. */
    void close() {
        closing = true;
    }

    /** What is written from now on goes to this one. */
    void replace(LogChannels.Opened by) {
        LogChannels.Opened neverUsed = replacement.getAndSet(by);
        if (neverUsed != null) {
            closeQuietly(neverUsed);
        }
    }

    /** Ends what the buffers hold back. */
    void sealBuffers(List<ByteQueue.Mark> marks) {
        for (LogSource source : sources) {
            if (source instanceof BufferedLog buffer) {
                marks.add(buffer.seal());
            }
        }
    }

    // ---------------------------------------------------------------- on a loop

    /**
     * Writes what waits, if that is a matter of microseconds as far as can be known; never waits for anybody. Returns whether
     * nothing of it is left to the file's thread.
     */
    boolean writeNow() {
        if (!(Thread.currentThread() instanceof NeverInterrupted) || closing || !turn.tryLock()) {
            return false;
        }
        try {
            return opened.quick() && unfinished == null && replacement.get() == null && !closed && writeGranted();
        } finally {
            turn.unlock();
        }
    }

    private boolean writeGranted() {
        long start = files.clock().nanos();
        if (!allowance.granted(start)) {
            return false;
        }
        ByteBuffer bytes = direct.takeWhatIsComplete();
        if (bytes != null) {
            boolean written = writeOrKeep(bytes, direct);
            allowance.used(start, files.clock().nanos());
            if (!written) {
                // The thread tries it again, and tells what is wrong.
                return false;
            }
            direct.taken();
        }
        return !direct.waiting();
    }

    private boolean writeOrKeep(ByteBuffer bytes, LogSource source) {
        try {
            write(bytes);
            return true;
        } catch (IOException e) {
            unfinished = bytes;
            unfinishedFrom = source;
            return false;
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            opened.channel().write(bytes);
        }
    }

    /**
     * Closes the file that nobody will log to any more, if that is a matter of microseconds as far as can be known; never waits
     * for anybody. Returns whether nothing is left to the file's thread.
     */
    boolean endNow() {
        if (!(Thread.currentThread() instanceof NeverInterrupted) || !turn.tryLock()) {
            return false;
        }
        try {
            if (closed) {
                return true;
            }
            boolean written = unfinished == null && sources.size() == 1 && !anythingWaits() && dropped() == told;
            if (!written || !opened.quick()) {
                return false;
            }
            end();
            return true;
        } finally {
            turn.unlock();
        }
    }

    // ---------------------------------------------------------------- on the file's thread

    @Override
    public long carry() {
        turn.lock();
        try {
            return closed ? 0 : carryAll();
        } finally {
            turn.unlock();
        }
    }

    private long carryAll() {
        boolean carried = false;
        boolean again;
        do {
            again = false;
            for (LogSource source : sources) {
                ByteBuffer bytes = next(source);
                if (bytes == null) {
                    continue;
                }
                adoptReplacement();
                if (!writeOrTell(bytes, source)) {
                    return failed();
                }
                source.taken();
                carried = true;
                // What fills no chunk yet is worth a rest, in which more gathers.
                again |= source.backlog();
            }
        } while (again);
        return settle(carried);
    }

    private @Nullable ByteBuffer next(LogSource source) {
        if (unfinished == null) {
            return source.take();
        }
        if (!source.equals(unfinishedFrom)) {
            return null;
        }
        ByteBuffer rest = unfinished;
        unfinished = null;
        unfinishedFrom = null;
        return rest;
    }

    /** After bytes are taken and before they are written: what was accepted after reopening is in the new file. */
    private void adoptReplacement() {
        LogChannels.Opened by = replacement.getAndSet(null);
        if (by != null) {
            closeQuietly(opened);
            opened = by;
        }
    }

    private boolean writeOrTell(ByteBuffer bytes, LogSource source) {
        try {
            write(bytes);
            return true;
        } catch (IOException e) {
            unfinished = bytes;
            unfinishedFrom = source;
            long now = files.clock().wallMillis();
            if (lastTrouble == Long.MIN_VALUE || now - lastTrouble >= BETWEEN_TROUBLES_MILLIS) {
                lastTrouble = now;
                files.tell(Level.ALERT, "write() to \"" + file.path() + "\" failed " + SystemError.of(e));
            }
            return false;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // By this thread only.
    private long failed() {
        failures++;
        if (closing) {
            // Its configuration is gone and nobody will mend it.
            end();
            return 0;
        }
        return Courier.RETRY;
    }

    private long settle(boolean carried) {
        adoptReplacement();
        if (carried) {
            tellDropped();
        }
        forgetRetired();
        if (closing && !anythingWaits() && sources.size() == 1) {
            // nothing waits, and no buffer that somebody has still to give back can fill again
            end();
        }
        return carried ? Courier.REST : 0;
    }

    private void tellDropped() {
        long count = dropped() - told;
        if (count <= 0) {
            return;
        }
        told += count;
        String message =
                count + " lines were dropped, \"" + file.path() + "\" could not be written as fast as they came";
        if (file.isErrorLog() || !files.tell(Level.ERROR, message)) {
            byte[] line = files.line(Level.ERROR, message).getBytes(ISO_8859_1);
            file.write(line, 0, line.length);
        }
    }

    private void forgetRetired() {
        for (LogSource source : sources) {
            if (source instanceof BufferedLog buffer && buffer.retired()) {
                long all = formerlyDropped + buffer.dropped();
                sources.remove(source);
                formerlyDropped = all;
            }
        }
    }

    private void end() {
        closed = true;
        closeQuietly(opened);
        LogChannels.Opened neverUsed = replacement.getAndSet(null);
        if (neverUsed != null) {
            closeQuietly(neverUsed);
        }
        files.closed(file);
    }

    @Override
    public boolean waiting() {
        turn.lock();
        try {
            return anythingWaits();
        } finally {
            turn.unlock();
        }
    }

    private boolean anythingWaits() {
        if (closed) {
            return false;
        }
        for (LogSource source : sources) {
            if (source.waiting()) {
                return true;
            }
        }
        return replacement.get() != null;
    }

    @Override
    public boolean isOver() {
        return closed;
    }

    @Override
    public long due() {
        long due = Long.MAX_VALUE;
        for (LogSource source : sources) {
            due = Math.min(due, source.due());
        }
        return due;
    }

    private void closeQuietly(LogChannels.Opened old) {
        if (LogChannels.inherited(file.path())) {
            return;
        }
        try {
            old.channel().close();
        } catch (IOException e) {
            // It was written to without an error; there is nothing left to save.
        }
    }

    /** The lines that no buffer holds back. */
    private final class Direct implements LogSource {
        private @Nullable ByteBuffer given;

        @Override
        public @Nullable ByteBuffer take() {
            given = queue.take(false);
            return given;
        }

        @Nullable
        ByteBuffer takeWhatIsComplete() {
            given = queue.takeWhatIsComplete();
            return given;
        }

        @Override
        public void taken() {
            if (given != null) {
                queue.consumed(given.position());
            }
        }

        @Override
        public boolean waiting() {
            return queue.waiting(false);
        }

        @Override
        public boolean backlog() {
            return queue.waiting(true);
        }

        @Override
        public long due() {
            return Long.MAX_VALUE;
        }
    }
}
