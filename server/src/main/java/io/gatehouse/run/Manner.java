package io.gatehouse.run;

/** How a server was started, which decides what some signals mean. */
public enum Manner {
    /** Under something that watches it: a shell, systemd, a container. */
    FOREGROUND,
    /** {@code daemon on}: nothing ties it to a terminal. */
    BACKGROUND,
    /** Somebody looks at it in a terminal; the terminal's end is its end. */
    INTERACTIVE,
    /** Within a process that does other things, and whose user is not its own to change. */
    EMBEDDED,
}
