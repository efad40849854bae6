package io.gatehouse.module.accesslog;

import io.gatehouse.config.directive.Use;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.BufferedLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogFile;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.observe.log.Syslog;
import io.gatehouse.text.Octets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the lines of one {@code access_log} go. Used by any loop. */
sealed interface LineTarget {
    /** Takes a copy of the line, its line feed included. */
    void write(Exchange x, Octets line);

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

    /** Files whose name is made for each request; the latest ones stay open. */
    final class Named implements LineTarget {
        private static final int OPEN_AT_MOST = 32;

        private final Template name;
        private final UnaryOperator<String> absolute;
        private final Logs logs;
        private final Map<String, LogFile> open = new LinkedHashMap<>(16, 0.75f, true);

        Named(Template name, UnaryOperator<String> absolute, Logs logs, Use use) {
            this.name = name;
            this.absolute = absolute;
            this.logs = logs;
            use.whenOver(this::closeAll);
        }

        @Override
        public void write(Exchange x, Octets line) {
            LogFile file = file(x, absolute.apply(name.eval(x)));
            if (file != null) {
                file.write(line.array(), 0, line.length());
            }
        }

        private synchronized @Nullable LogFile file(Exchange x, String path) {
            LogFile file = open.get(path);
            if (file == null) {
                try {
                    file = logs.files().open(path);
                } catch (LogOpenException e) {
                    x.log(Level.CRIT, String.valueOf(e.getMessage()));
                    return null;
                }
                open.put(path, file);
                if (open.size() > OPEN_AT_MOST) {
                    String eldest = open.keySet().iterator().next();
                    LogFile least = open.remove(eldest);
                    if (least != null) {
                        least.release();
                    }
                }
            }
            return file;
        }

        private synchronized void closeAll() {
            open.values().forEach(LogFile::release);
            open.clear();
        }
    }
}
