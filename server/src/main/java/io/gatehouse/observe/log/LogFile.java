package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An open log file, shared by all that name its path and kept from one configuration to the next.
 *
 * <p>Lines wait in a bounded queue; this file's own thread writes them, some milliseconds after they came at the most.
 * While writing fails (a full disk, say) it is tried again every second and lines wait; what then finds no room is
 * dropped, counted, and told when writing works again.
 */
public final class LogFile implements ErrorLog.Target {
    private static final int CHUNK = 32 * 1024;
    private static final long BETWEEN_TROUBLES_MILLIS = 60_000;

    private final String path;
    private final LogFiles files;
    private final ByteQueue queue;
    private final Courier courier;
    private final CopyOnWriteArrayList<LogSource> sources = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable FileChannel> replacement = new AtomicReference<>();
    private volatile boolean errorLog;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile long formerlyDropped;
    private volatile int failures;

    // Guarded by files.
    int users;
    private final List<BufferedLog> buffers = new ArrayList<>();

    // The courier's.
    private FileChannel channel;
    private @Nullable ByteBuffer unfinished;
    private @Nullable LogSource unfinishedFrom;
    private long told;
    private long lastTrouble = Long.MIN_VALUE;

    LogFile(String path, FileChannel channel, LogFiles files, long queueBytes) {
        this.path = path;
        this.channel = channel;
        this.files = files;
        queue = new ByteQueue(CHUNK, queueBytes);
        sources.add(new Direct());
        courier = new Courier("log " + path, new Writing(), files.starter());
    }

    /** The path as it was opened, an octet string. */
    public String path() {
        return path;
    }

    /**
     * Appends the bytes, which are one or more whole lines with their line feeds; any thread, never waits. They are
     * copied. When there is no room they are dropped and counted as one.
     */
    public void write(byte[] bytes, int offset, int length) {
        if (closed) {
            queue.drop();
            return;
        }
        int result = queue.offer(bytes, offset, length);
        if (result > 0 && (result & ByteQueue.CROWDED) != 0) {
            courier.hurry();
        } else {
            courier.wake();
        }
    }

    @Override
    public void write(Level level, byte[] line, int length) {
        write(line, 0, length);
    }

    /** How many writes were dropped since the file was opened. */
    public long dropped() {
        long all = queue.dropped() + formerlyDropped;
        for (LogSource source : sources) {
            if (source instanceof BufferedLog buffer) {
                all += buffer.dropped();
            }
        }
        return all;
    }

    /**
     * Holds lines of this file back until {@code size} bytes have come or {@code flushMillis} have passed ({@code
     * access_log}'s {@code buffer=}, {@code flush=}, {@code gzip=}). The same for the same values; to be released.
     *
     * @param flushMillis 0 for no limit of time
     * @param gzip level of compression 1 to 9, or 0 for none
     */
    public BufferedLog buffered(int size, long flushMillis, int gzip) {
        synchronized (files) {
            for (BufferedLog buffer : buffers) {
                if (buffer.is(size, flushMillis, gzip)) {
                    buffer.users++;
                    return buffer;
                }
            }
            BufferedLog buffer = new BufferedLog(this, files.clock(), size, flushMillis, gzip);
            buffers.add(buffer);
            sources.add(buffer);
            buffer.users++;
            return buffer;
        }
    }

    void release(BufferedLog buffer) {
        synchronized (files) {
            if (--buffer.users > 0) {
                return;
            }
            buffers.remove(buffer);
            buffer.retire();
        }
        courier.hurry();
    }

    /** Gives back what {@link LogFiles#open} gave; the last one closes the file when everything is written. */
    public void release() {
        files.release(this);
    }

    void close() {
        closing = true;
        sealAll();
        courier.hurry();
    }

    /** Marks the file as one that may be told about itself in its own lines. */
    void carriesErrorLog() {
        errorLog = true;
    }

    Courier courier() {
        return courier;
    }

    /** Opens the path anew; what was accepted before goes to the old or the new file, what comes later to the new. */
    void reopen() throws LogOpenException {
        if (LogChannels.inherited(path)) {
            return;
        }
        List<ByteQueue.Mark> _ = sealBuffers();
        replace(LogChannels.open(path));
        courier.hurry();
    }

    private void replace(FileChannel opened) {
        FileChannel neverUsed = replacement.getAndSet(opened);
        if (neverUsed != null) {
            closeQuietly(neverUsed);
        }
    }

    /** Ends all chunks, so that a buffer's lines go out; {@link #await} waits for them. */
    List<ByteQueue.Mark> sealAll() {
        List<ByteQueue.Mark> marks = sealBuffers();
        marks.add(queue.seal());
        return marks;
    }

    private List<ByteQueue.Mark> sealBuffers() {
        List<ByteQueue.Mark> marks = new ArrayList<>();
        for (LogSource source : sources) {
            if (source instanceof BufferedLog buffer) {
                marks.add(buffer.seal());
            }
        }
        return marks;
    }

    /** Waits until everything before the marks is written, or an attempt at it has failed; not on a loop. */
    boolean await(List<ByteQueue.Mark> marks, long nanos) throws InterruptedException {
        int before = failures;
        boolean _ = courier.await(() -> written(marks) || failures != before, nanos);
        return written(marks);
    }

    private boolean written(List<ByteQueue.Mark> marks) {
        return closed || marks.stream().allMatch(ByteQueue.Mark::passed);
    }

    /**
     * Writes everything that was accepted before this call; false when that took longer than allowed or failed. Not on
     * a loop.
     */
    public boolean drain(long millis) throws InterruptedException {
        return await(sealAll(), millis * 1_000_000);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was written to without an error; there is nothing left to save.
        }
    }

    private final class Direct implements LogSource {
        private @Nullable ByteBuffer given;

        @Override
        public @Nullable ByteBuffer take() {
            given = queue.take(false);
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

    private final class Writing implements Courier.Round {
        @Override
        public long carry() {
            if (closed) {
                return 0;
            }
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
                    if (!write(bytes)) {
                        unfinished = bytes;
                        unfinishedFrom = source;
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

        private long settle(boolean carried) {
            adoptReplacement();
            if (carried) {
                tellDropped();
            }
            forgetRetired();
            if (closing && !waiting() && sources.size() == 1) {
                // nothing waits, and no buffer that somebody has still to give back can fill again
                end();
            }
            return carried ? Courier.REST : 0;
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

        private void end() {
            closed = true;
            if (!LogChannels.inherited(path)) {
                closeQuietly(channel);
            }
            FileChannel neverUsed = replacement.getAndSet(null);
            if (neverUsed != null) {
                closeQuietly(neverUsed);
            }
            files.closed(LogFile.this);
        }

        @Override
        public boolean waiting() {
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
        public long due() {
            long due = Long.MAX_VALUE;
            for (LogSource source : sources) {
                due = Math.min(due, source.due());
            }
            return due;
        }

        /** After bytes are taken and before they are written: what was accepted after reopening is in the new file. */
        private void adoptReplacement() {
            FileChannel opened = replacement.getAndSet(null);
            if (opened != null) {
                closeQuietly(channel);
                channel = opened;
            }
        }

        private boolean write(ByteBuffer bytes) {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return true;
            } catch (IOException e) {
                long now = files.clock().wallMillis();
                if (lastTrouble == Long.MIN_VALUE || now - lastTrouble >= BETWEEN_TROUBLES_MILLIS) {
                    lastTrouble = now;
                    files.tell(Level.ALERT, "write() to \"" + path + "\" failed " + SystemError.of(e));
                }
                return false;
            }
        }

        private void tellDropped() {
            long count = dropped() - told;
            if (count <= 0) {
                return;
            }
            told += count;
            String message = count + " lines were dropped, \"" + path + "\" could not be written as fast as they came";
            if (errorLog || !files.tell(Level.ERROR, message)) {
                byte[] line = files.line(Level.ERROR, message).getBytes(ISO_8859_1);
                LogFile.this.write(line, 0, line.length);
            }
        }
    }
}
