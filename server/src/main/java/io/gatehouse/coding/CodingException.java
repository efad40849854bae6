package io.gatehouse.coding;

import java.io.Serial;

/** A body that cannot be decoded; the message is for the log. */
public final class CodingException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public CodingException(String message) {
        super(message);
    }
}
