package io.gatehouse.observe.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a log file that are held back until they fill a buffer or have waited long enough, as nginx's {@code
 * access_log} does with {@code buffer=}, {@code flush=} and {@code gzip=}.
 *
 * <p>Flushed also when the file is reopened, when its last user releases it, and at exit. With gzip each flush is a
 * member of its own (RFC 1952, 2.2).
 */
public final class BufferedLog implements LogSource {
    private static final long QUEUE_BYTES = 8L * 1024 * 1024;

    private final LogFile file;
    private final Clock clock;
    private final int size;
    private final long flushMillis;
    private final int gzip;
    private final ByteQueue queue;
    private volatile boolean retired;

    // Guarded by the file's LogFiles.
    int users;

    // The courier's.
    private boolean timed;
    private long deadline;
    private @Nullable ByteBuffer given;

    BufferedLog(LogFile file, Clock clock, int size, long flushMillis, int gzip) {
        this.file = file;
        this.clock = clock;
        this.size = size;
        this.flushMillis = flushMillis;
        this.gzip = gzip;
        queue = new ByteQueue(size, Math.max(QUEUE_BYTES, 4L * size));
    }

    boolean is(int otherSize, long otherFlushMillis, int otherGzip) {
        return size == otherSize && flushMillis == otherFlushMillis && gzip == otherGzip;
    }

    public LogFile file() {
        return file;
    }

    /** As {@link LogFile#write(byte[], int, int)}, but held back. */
    public void write(byte[] bytes, int offset, int length) {
        int told = queue.offer(bytes, offset, length);
        if (told > 0 && ((told & ByteQueue.FULL) != 0 || flushMillis > 0)) {
            file.courier().wake();
        }
    }

    /** Has the lines written that came until now, soon; any thread. */
    public void flush() {
        ByteQueue.Mark _ = seal();
        file.courier().wake();
    }

    /** Gives back what {@link LogFile#buffered} gave; the last one flushes. */
    public void release() {
        file.release(this);
    }

    long dropped() {
        return queue.dropped();
    }

    ByteQueue.Mark seal() {
        return queue.seal();
    }

    void retire() {
        retired = true;
        flush();
    }

    /** Whether nobody uses it and all is written. */
    boolean retired() {
        return retired && !queue.waiting(false);
    }

    @Override
    public @Nullable ByteBuffer take() {
        if (timed && clock.nanos() - deadline >= 0) {
            ByteQueue.Mark _ = queue.seal();
        }
        given = queue.take(true);
        if (given != null) {
            timed = false;
            return gzip == 0 ? given : compress(given);
        }
        if (timed && !queue.waiting(false)) {
            timed = false;
        } else if (startsWaiting()) {
            timed = true;
            deadline = clock.nanos() + flushMillis * 1_000_000;
        }
        return null;
    }

    private boolean startsWaiting() {
        return !timed && flushMillis > 0 && queue.waiting(false);
    }

    @Override
    public void taken() {
        if (given != null) {
            queue.consumed(given.limit());
        }
    }

    @Override
    public boolean waiting() {
        return queue.waiting(true) || startsWaiting() || (timed && clock.nanos() - deadline >= 0);
    }

    @Override
    public boolean backlog() {
        return queue.waiting(true);
    }

    @Override
    public long due() {
        return timed ? Math.max(0, deadline - clock.nanos()) : Long.MAX_VALUE;
    }

    private ByteBuffer compress(ByteBuffer lines) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(Math.max(512, lines.remaining() / 4));
        try (OutputStream out = new Gzip(member, gzip)) {
            out.write(lines.array(), lines.arrayOffset() + lines.position(), lines.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(member.toByteArray());
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out, int level) throws IOException {
            super(out, 8192);
            def.setLevel(level);
        }
    }
}
