package io.gatehouse.upstream;

/** Whether a server takes requests, as its {@code server} line says. */
public enum Admission {
    OPEN,
    /** {@code drain}: only requests that are bound to it; without {@code sticky} that is none. */
    DRAINING,
    /** {@code down}: none. */
    DOWN
}
