package io.gatehouse.observe.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The log targets that one configuration uses. It is filled by the thread that builds the configuration, which may wait
 * for disk and names, and closed when nothing of that configuration logs any more.
 */
public final class LogLease implements AutoCloseable {
    private final Logs logs;
    private final List<Runnable> releases = new ArrayList<>();

    LogLease(Logs logs) {
        this.logs = logs;
    }

    /**
     * @param path an octet string, absolute
     * @throws LogOpenException with nginx's message
     */
    public LogFile file(String path) throws LogOpenException {
        LogFile file = logs.files().open(path);
        releases.add(file::release);
        return file;
    }

    /** A buffer before the file at the path; see {@link LogFile#buffered}. */
    public BufferedLog buffered(String path, int size, long flushMillis, int gzip) throws LogOpenException {
        BufferedLog buffer = file(path).buffered(size, flushMillis, gzip);
        releases.add(buffer::release);
        return buffer;
    }

    public Syslog syslog(SyslogSpec spec) throws LogOpenException {
        Syslog syslog = logs.syslog(spec);
        releases.add(() -> logs.release(syslog));
        return syslog;
    }

    /**
     * The error log of one scope.
     *
     * @param specs its {@code error_log} directives, in their order
     * @param absolute makes a path absolute
     */
    public ErrorLog errorLog(List<ErrorLogSpec> specs, UnaryOperator<String> absolute) throws LogOpenException {
        List<ErrorLog.Entry> entries = new ArrayList<>(specs.size());
        for (ErrorLogSpec spec : specs) {
            entries.add(new ErrorLog.Entry(target(spec.target(), absolute), spec.level()));
        }
        return logs.errorLog(entries);
    }

    private ErrorLog.Target target(LogTarget target, UnaryOperator<String> absolute) throws LogOpenException {
        if (target instanceof LogTarget.File file) {
            return errorFile(absolute.apply(file.path()));
        }
        if (target instanceof LogTarget.Memory memory) {
            return new MemoryLog(memory.bytes());
        }
        return target instanceof LogTarget.Syslog syslog ? syslog(syslog.spec()) : errorFile(LogChannels.STDERR);
    }

    private LogFile errorFile(String path) throws LogOpenException {
        LogFile file = file(path);
        file.carriesErrorLog();
        return file;
    }

    /** Gives everything back; what is not written yet still is. */
    @Override
    public void close() {
        for (Runnable release : releases.reversed()) {
            release.run();
        }
        releases.clear();
    }
}
