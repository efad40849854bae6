package io.gatehouse.run;

import io.gatehouse.config.build.Paths;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.LogFile;
import java.nio.file.Path;

/** What ties a process to the terminal that it was started from. */
public final class Session {
    private static final int STDERR = 2;
    private static final Path NOWHERE = Path.of("/dev/null");

    private Session() {}

    /** Begins a session of its own: the terminal's signals and its end do not reach this process any more. */
    public static void begin() {
        Libc.setsid();
    }

    /** As nginx in the background: what the JVM might write to standard error goes to the error log's file; nowhere without. */
    static void errorsTo(ErrorLog log) {
        ErrorLog.Target target = log.entries().stream()
                .map(ErrorLog.Entry::target)
                .filter(LogFile.class::isInstance)
                .findFirst()
                .orElse(null);
        if (!(target instanceof LogFile file)) {
            Libc.redirect(STDERR, NOWHERE);
        } else if (!file.path().startsWith("/dev/")) {
            Libc.redirect(STDERR, Path.of(Paths.fromOctets(file.path())));
        }
    }
}
