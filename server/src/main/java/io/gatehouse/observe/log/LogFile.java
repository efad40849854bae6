package io.gatehouse.observe.log;

import java.util.ArrayList;
import java.util.List;

/**
 * An open log file, shared by all that name its path and kept from one configuration to the next.
 *
 * <p>Lines wait in a bounded queue. A line that comes to a quick disk while nothing else is being written is in the file
 * when the loop that logged it goes on; else this file's own thread writes it, some milliseconds after it came at the most.
 * While writing fails (a full disk, say) it is tried again every second and lines wait; what then finds no room is
 * dropped, counted, and told when writing works again.
 */
public final class LogFile implements ErrorLog.Target {
    private static final int CHUNK = 32 * 1024;

    private final String path;
    private final LogFiles files;
    private final ByteQueue queue;
    private final LogWriter writer;
    private final Courier courier;
    private volatile boolean errorLog;

    // Guarded by files.
    int users;
    private final List<BufferedLog> buffers = new ArrayList<>();

    LogFile(String path, LogChannels.Opened opened, LogFiles files, long queueBytes) {
        this.path = path;
        this.files = files;
        queue = new ByteQueue(CHUNK, queueBytes);
        writer = new LogWriter(this, files, queue, opened);
        courier = new Courier("log " + path, writer, files.starter());
        if (!opened.quick()) {
            // its thread is there when the first line comes
            courier.wake();
        }
    }

    /** The path as it was opened, an octet string. */
    public String path() {
        return path;
    }

    /**
     * Appends the bytes, which are one or more whole lines with their line feeds; any thread, never waits for a disk that is
     * known to be slow. They are copied. When there is no room they are dropped and counted as one.
     */
    public void write(byte[] bytes, int offset, int length) {
        if (writer.isClosed()) {
            queue.drop();
            return;
        }
        int result = queue.offer(bytes, offset, length);
        if (result > 0 && (result & ByteQueue.CROWDED) != 0) {
            courier.hurry();
        } else if (courier.isUp() || !writer.writeNow()) {
            courier.wake();
        }
    }

    @Override
    public void write(Level level, byte[] line, int length) {
        write(line, 0, length);
    }

    /** How many writes were dropped since the file was opened. */
    public long dropped() {
        return writer.dropped();
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
            writer.add(buffer);
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
        writer.close();
        sealAll();
        if (!writer.endNow()) {
            courier.hurry();
        }
    }

    /** Marks the file as one that may be told about itself in its own lines. */
    void carriesErrorLog() {
        errorLog = true;
    }

    boolean isErrorLog() {
        return errorLog;
    }

    Courier courier() {
        return courier;
    }

    /** Opens the path anew; what was accepted before goes to the old or the new file, what comes later to the new. */
    void reopen() throws LogOpenException {
        if (LogChannels.inherited(path)) {
            return;
        }
        writer.sealBuffers(new ArrayList<>());
        writer.replace(LogChannels.open(path));
        courier.hurry();
    }

    /** Ends all chunks, so that a buffer's lines go out; {@link #await} waits for them. */
    List<ByteQueue.Mark> sealAll() {
        List<ByteQueue.Mark> marks = new ArrayList<>();
        writer.sealBuffers(marks);
        marks.add(queue.seal());
        return marks;
    }

    /** Waits until everything before the marks is written, or an attempt at it has failed; not on a loop. */
    boolean await(List<ByteQueue.Mark> marks, long nanos) throws InterruptedException {
        int before = writer.failures();
        boolean _ = courier.await(() -> written(marks) || writer.failures() != before, nanos);
        return written(marks);
    }

    private boolean written(List<ByteQueue.Mark> marks) {
        return writer.isClosed() || marks.stream().allMatch(ByteQueue.Mark::passed);
    }

    /**
     * Writes everything that was accepted before this call; false when that took longer than allowed or failed. Not on
     * a loop.
     */
    public boolean drain(long millis) throws InterruptedException {
        return await(sealAll(), millis * 1_000_000);
    }
}
