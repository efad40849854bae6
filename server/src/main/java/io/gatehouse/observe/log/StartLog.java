package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the time before requests are served, while somebody looks at the terminal: {@code nginx: [emerg] ...} to
 * standard error, at once, and to the error log as any other.
 *
 * <p>As in nginx: to standard error only what is a warning or graver, and not when the error log goes there anyway.
 */
public final class StartLog {
    private final @Nullable ErrorLog log;
    private final OutputStream stderr;

    /**
     * @param log the error log as far as it is known, or null
     * @param stderr what is written to at once, {@code System.err} outside of tests
     */
    public StartLog(@Nullable ErrorLog log, OutputStream stderr) {
        this.log = log;
        this.stderr = stderr;
    }

    public void log(Level level, String message) {
        if (log != null) {
            log.log(level, 0, message);
        }
        if (Level.WARN.includes(level) && !wroteToStderr(level)) {
            print("nginx: [" + level.text() + "] " + message);
        }
    }

    private boolean wroteToStderr(Level level) {
        return log != null
                && log.entries().stream()
                        .anyMatch(e -> e.level().includes(level)
                                && e.target() instanceof LogFile file
                                && file.path().equals(LogChannels.STDERR));
    }

    /** A line to standard error alone. */
    public void print(String line) {
        try {
            stderr.write((line + "\n").getBytes(ISO_8859_1));
            stderr.flush();
        } catch (IOException e) {
            // Nobody is there to read it.
        }
    }
}
