package io.gatehouse.exchange;

import io.gatehouse.wire.Loop;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file that one loop writes to without waiting for the disk: what is appended goes out in order on another
 * thread. Belongs to the loop.
 */
public final class TempFile {
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final int THREADS = 4;

    /** Hears how writing goes; on the loop. */
    public interface Watcher {
        /** More of what was appended is in the file. */
        void written(TempFile file);

        /** The file cannot be opened or written; nothing more comes of it. */
        void failed(TempFile file, IOException cause);
    }

    private static final class Disk {
        static final ExecutorService THREAD = make();

        private static ExecutorService make() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, "disk");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }

    private final Loop loop;
    private final Path folder;
    private final Watcher watcher;
    private List<ByteBuf> waiting = new ArrayList<>(4);
    private boolean busy;
    private boolean closed;
    private boolean deletes;
    private boolean broken;
    private long appended;
    private long written;
    private long base;

    private volatile @Nullable FileChannel channel;
    private volatile @Nullable Path path;

    /** Nothing is opened before something is appended. */
    public TempFile(Loop loop, Path folder, Watcher watcher) {
        this.loop = loop;
        this.folder = folder;
        this.watcher = watcher;
    }

    /** Appends the readable bytes and takes over the buffer. */
    public void append(ByteBuf owned) {
        int length = owned.readableBytes();
        if (closed || broken || length == 0) {
            owned.release();
            return;
        }
        appended += length;
        waiting.add(owned);
        work();
    }

    /** Opens the file although nothing was appended; {@link Watcher#written} tells. */
    public void open() {
        work();
    }

    private void work() {
        if (busy || closed) {
            return;
        }
        busy = true;
        List<ByteBuf> batch = waiting;
        waiting = new ArrayList<>(4);
        long at = written - base;
        Disk.THREAD.execute(() -> {
            IOException failure = null;
            try {
                write(batch, at);
            } catch (IOException e) {
                failure = e;
            }
            IOException cause = failure;
            loop.execute(() -> wrote(batch, cause));
        });
    }

    private void write(List<ByteBuf> batch, long from) throws IOException {
        FileChannel file = channel;
        if (file == null) {
            file = openFile();
            channel = file;
        }
        long at = from;
        for (ByteBuf buffer : batch) {
            ByteBuffer bytes = buffer.nioBuffer();
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        }
    }

    private FileChannel openFile() throws IOException {
        while (true) {
            Path candidate = folder.resolve(String.format("%010d", NUMBER.incrementAndGet()));
            try {
                FileChannel file = FileChannel.open(
                        candidate, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                path = candidate;
                return file;
            } catch (FileAlreadyExistsException e) {
                // left by another process; the next number
            } catch (NoSuchFileException e) {
                Files.createDirectories(folder);
            }
        }
    }

    private void wrote(List<ByteBuf> batch, @Nullable IOException failure) {
        busy = false;
        for (ByteBuf buffer : batch) {
            written += buffer.readableBytes();
            buffer.release();
        }
        if (closed) {
            end();
            return;
        }
        if (failure != null) {
            broken = true;
            drop();
            watcher.failed(this, failure);
            return;
        }
        if (!waiting.isEmpty()) {
            work();
        }
        watcher.written(this);
    }

    private void drop() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    /** Bytes appended so far. */
    public long appended() {
        return appended;
    }

    /** Bytes that are in the file. */
    public long written() {
        return written;
    }

    /** Where in the file a byte lies that was appended behind {@code count} others. */
    public long position(long count) {
        return count - base;
    }

    /** Begins at the start of the file again; everything appended must be written and no longer needed. */
    public void rewind() {
        base = written;
    }

    /** The file, once something is written. */
    public @Nullable FileChannel channel() {
        return channel;
    }

    public @Nullable Path path() {
        return path;
    }

    /** Hands over file and path: they are the caller's to close and delete. Nothing may be appended any more. */
    public void detach() {
        closed = true;
        channel = null;
    }

    /** Closes the file as soon as nothing is being written; what waits to be written is dropped. */
    public void close(boolean delete) {
        if (closed) {
            return;
        }
        closed = true;
        deletes = delete;
        drop();
        if (!busy) {
            end();
        }
    }

    /** Closes the file, all of which must be written, and then runs the task on the thread of disks. */
    public void closeThen(Runnable task) {
        if (closed) {
            return;
        }
        closed = true;
        FileChannel file = channel;
        channel = null;
        Disk.THREAD.execute(() -> {
            try {
                if (file != null) {
                    file.close();
                }
            } catch (IOException e) {
                // everything was written; closing tells nothing new
            }
            task.run();
        });
    }

    private void end() {
        FileChannel file = channel;
        Path name = path;
        channel = null;
        if (file == null) {
            return;
        }
        Disk.THREAD.execute(() -> {
            try {
                file.close();
                if (deletes && name != null) {
                    Files.deleteIfExists(name);
                }
            } catch (IOException e) {
                // it is gone already; nothing is left to free
            }
        });
    }
}
