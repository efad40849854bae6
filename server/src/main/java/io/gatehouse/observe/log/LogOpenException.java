package io.gatehouse.observe.log;

import java.io.IOException;

/** A log that could not be opened; the message is nginx's, for the operator. */
public final class LogOpenException extends IOException {
    private static final long serialVersionUID = 1L;

    LogOpenException(String message) {
        super(message);
    }

    LogOpenException(String path, IOException cause) {
        super("open() \"" + path + "\" failed " + SystemError.of(cause), cause);
    }
}
