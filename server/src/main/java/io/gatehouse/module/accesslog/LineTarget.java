package io.gatehouse.module.accesslog;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Template;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.BufferedLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogFile;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.Syslog;
import io.gatehouse.text.Octets;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Where the lines of one {@code access_log} go. Used by any loop. */
sealed interface LineTarget {
    /** Takes a copy of the line, its line feed included. */
    void write(Exchange x, Octets line);

    /** The same at a place where these stay open. */
    default LineTarget with(OpenLogs logs) {
        return this;
    }

    /** A file. */
    record OfFile(LogFile file) implements LineTarget {
        @Override
        public void write(Exchange x, Octets line) {
            file.write(line.array(), 0, line.length());
        }
    }

    /** A file behind a buffer. */
    record OfBuffer(BufferedLog buffer) implements LineTarget {
        @Override
        public void write(Exchange x, Octets line) {
            buffer.write(line.array(), 0, line.length());
        }
    }

    /** A syslog server; its own framing takes the place of the line feed. */
    record OfSyslog(Syslog syslog) implements LineTarget {
        @Override
        public void write(Exchange x, Octets line) {
            int length = line.length();
            boolean ended = length > 0 && line.array()[length - 1] == '\n';
            syslog.write(line.array(), 0, ended ? length - 1 : length);
        }
    }

    /**
     * Files whose name is made for each request.
     *
     * @param absolute makes a path absolute
     * @param open those that stay open, as the place has it
     */
    record Named(Template name, UnaryOperator<String> absolute, OpenLogs open) implements LineTarget {
        @Override
        public void write(Exchange x, Octets line) {
            if (!hasRoot(x)) {
                return;
            }
            try {
                open.write(absolute.apply(name.eval(x)), line, TimeUnit.NANOSECONDS.toSeconds(x.loop.nanos()));
            } catch (LogOpenException e) {
                x.log(Level.CRIT, String.valueOf(e.getMessage()));
            }
        }

        /** Whether the folder is there that files are served from: else anybody could have a log made by a name. */
        private static boolean hasRoot(Exchange x) {
            String root = FilePaths.folder(x);
            try {
                if (ServedFiles.look(x, root).isDirectory()) {
                    return true;
                }
                throw new ErrnoException("stat", Errno.ENOTDIR);
            } catch (ErrnoException e) {
                x.log(Level.ERROR, "testing \"" + root + "\" existence failed (" + e.getMessage() + ")");
                return false;
            }
        }

        @Override
        public LineTarget with(OpenLogs logs) {
            return new Named(name, absolute, logs);
        }
    }
}
