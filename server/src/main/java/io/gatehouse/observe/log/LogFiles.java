package io.gatehouse.observe.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log files that are open, by path; one for the process. Opening, reopening and draining may wait for the disk and
 * are not done on a loop.
 */
public final class LogFiles {
    /** What a file may hold of lines that are not written yet: a third of a second at 100 000 lines a second. */
    private static final long QUEUE_BYTES = 8L * 1024 * 1024;

    private final Clock clock;
    private final LogTime time;
    private final long pid;
    private final long queueBytes;
    private final Consumer<Thread> starter;
    private final Map<String, LogFile> open = new HashMap<>();
    private final Set<LogFile> closing = new HashSet<>();
    private volatile @Nullable ErrorLog troubles;

    /** @param starter starts the threads that write */
    LogFiles(Clock clock, LogTime time, long pid, Consumer<Thread> starter) {
        this(clock, time, pid, starter, QUEUE_BYTES);
    }

    LogFiles(Clock clock, LogTime time, long pid, Consumer<Thread> starter, long queueBytes) {
        this.clock = clock;
        this.time = time;
        this.pid = pid;
        this.queueBytes = queueBytes;
        this.starter = starter;
    }

    /** Where failed writes and dropped lines are told; until it is set, a file tells it in its own lines. */
    public void tellTroublesTo(ErrorLog log) {
        troubles = log;
    }

    /**
     * Opens the file, created with mode 0644 if it is not there, or takes one more share of it; each is to be released.
     *
     * @param path an octet string, absolute; {@code /dev/stdout} and {@code /dev/stderr} are the process's own streams
     */
    public synchronized LogFile open(String path) throws LogOpenException {
        LogFile file = open.get(path);
        if (file == null) {
            file = new LogFile(path, LogChannels.open(path), this, queueBytes);
            open.put(path, file);
        }
        file.users++;
        return file;
    }

    /** Standard error, to be released as any other. */
    public LogFile stderr() throws LogOpenException {
        return open(LogChannels.STDERR);
    }

    synchronized void release(LogFile file) {
        if (--file.users == 0) {
            open.remove(file.path());
            closing.add(file);
            file.close();
        }
    }

    synchronized void closed(LogFile file) {
        closing.remove(file);
    }

    /**
     * Opens every file anew, for what rotates logs (signal USR1). What cannot be opened stays with the old file and is
     * told as nginx does.
     */
    public void reopen() {
        for (LogFile file : all()) {
            try {
                file.reopen();
            } catch (LogOpenException e) {
                tell(Level.EMERG, e.getMessage());
            }
        }
    }

    /** Writes everything that was accepted before the call, at exit; false when that took longer than allowed. */
    public boolean drain(long millis) throws InterruptedException {
        long end = clock.nanos() + millis * 1_000_000;
        List<LogFile> files = all();
        List<List<ByteQueue.Mark>> marks = files.stream().map(LogFile::sealAll).toList();
        boolean all = true;
        for (LogFile file : files) {
            // Each is woken before any is waited for.
            file.courier().hurry();
        }
        for (int i = 0; i < files.size(); i++) {
            all &= files.get(i).await(marks.get(i), end - clock.nanos());
        }
        return all;
    }

    /** How many writes to files that are open were dropped. */
    public long dropped() {
        return all().stream().mapToLong(LogFile::dropped).sum();
    }

    private synchronized List<LogFile> all() {
        List<LogFile> files = new ArrayList<>(open.values());
        files.addAll(closing);
        return files;
    }

    Clock clock() {
        return clock;
    }

    Consumer<Thread> starter() {
        return starter;
    }

    /** Returns whether there was anybody to tell. */
    boolean tell(Level level, @Nullable String message) {
        ErrorLog log = troubles;
        if (log == null || !log.isEnabled(level)) {
            return false;
        }
        log.log(level, 0, String.valueOf(message));
        return true;
    }

    String line(Level level, String message) {
        return time.at(clock.wallMillis()).errorLog() + " [" + level.text() + "] " + pid + "#" + pid + ": " + message
                + "\n";
    }
}
