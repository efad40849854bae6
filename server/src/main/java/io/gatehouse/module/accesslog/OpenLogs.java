package io.gatehouse.module.accesslog;

import io.gatehouse.config.directive.CacheArguments;
import io.gatehouse.observe.log.LogFile;
import io.gatehouse.observe.log.LogFiles;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.text.Octets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log files whose names are made for each request, and which of them stay open, by nginx's rules ({@code
 * open_log_file_cache}): one that was written to often enough does, until it has been unused for long, or too many others were
 * used since; from time to time its name is opened anew. Without a cache a file is open for one line. From any loop.
 */
final class OpenLogs {
    /** Of the eldest, how many at most go at a time. */
    private static final int GO_AT_ONCE = 2;

    private final LogFiles files;
    private final @Nullable CacheArguments limits;
    /** The longest unused first. */
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private boolean over;

    private static final class Entry {
        /** Null while it was not used often enough. */
        @Nullable
        LogFile file;

        int uses;
        long opened;
        long used;
    }

    /** @param limits null for no cache */
    OpenLogs(LogFiles files, @Nullable CacheArguments limits) {
        this.files = files;
        this.limits = limits;
    }

    /**
     * Appends a line to the file of that name.
     *
     * @param path an octet string, absolute
     * @param now seconds of the loop's clock
     * @throws LogOpenException with nginx's message
     */
    void write(String path, Octets line, long now) throws LogOpenException {
        CacheArguments most = limits;
        if (most == null) {
            LogFile file = files.open(path);
            file.write(line.array(), 0, line.length());
            file.release();
        } else {
            // Held over the write, so that nobody closes the file beneath it.
            synchronized (this) {
                write(path, line, now, most);
            }
        }
    }

    private void write(String path, Octets line, long now, CacheArguments most) throws LogOpenException {
        Entry entry = entries.get(path);
        boolean known = entry != null;
        if (entry == null) {
            entry = new Entry();
        }
        LogFile file = entry.file;
        if (file != null && now - entry.opened >= most.valid()) {
            close(entry);
            file = null;
        }
        if (file == null) {
            try {
                file = files.open(path);
            } catch (LogOpenException e) {
                entries.remove(path);
                throw e;
            }
            entry.file = file;
            entry.opened = now;
        }
        entry.uses++;
        entry.used = now;
        if (!known) {
            if (entries.size() >= most.max()) {
                expire(now, most, true);
            }
            entries.put(path, entry);
        }
        file.write(line.array(), 0, line.length());
        if (over || entry.uses < most.minUses()) {
            close(entry);
        }
        expire(now, most, false);
    }

    /** Has some go that have been unused for too long, after the eldest one whatever it is where that is {@code forced}. */
    private void expire(long now, CacheArguments most, boolean forced) {
        Iterator<Entry> eldest = entries.values().iterator();
        for (int i = forced ? 0 : 1; i <= GO_AT_ONCE && eldest.hasNext(); i++) {
            Entry entry = eldest.next();
            if (i > 0 && now - entry.used <= most.inactive()) {
                return;
            }
            close(entry);
            eldest.remove();
        }
    }

    private static void close(Entry entry) {
        LogFile file = entry.file;
        entry.file = null;
        if (file != null) {
            file.release();
        }
    }

    /** The configuration is not in force any more: nothing stays open, though requests may still end and be logged. */
    synchronized void end() {
        over = true;
        entries.values().forEach(OpenLogs::close);
        entries.clear();
    }
}
