package io.gatehouse.run;

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

    /** What is written to standard error from now on goes to the end of {@code file}; nowhere if that cannot be opened. */
    static void errorsTo(Path file) {
        Libc.redirect(STDERR, file);
    }

    static void errorsNowhere() {
        errorsTo(NOWHERE);
    }
}
