package io.gatehouse.wire;

import java.io.IOException;

/**
 * A system call failed. The message is the error's number and words as the C library says them
 * ({@code 111: Connection refused}), ready for nginx's log lines. It carries no stack trace: the peer causes it, and
 * often.
 */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1;

    private final int number;
    private final String call;

    /**
     * @param call the system call as nginx would name it, such as {@code connect}
     * @param number the positive errno
     */
    public ErrnoException(String call, int number) {
        super(Errno.text(number));
        this.number = number;
        this.call = call;
    }

    /** The positive errno of Linux. */
    public int number() {
        return number;
    }

    /** The name of the call that failed: {@code recv}, {@code writev}, {@code bind} ... */
    public String call() {
        return call;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
