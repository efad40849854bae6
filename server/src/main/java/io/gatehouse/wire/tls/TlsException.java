package io.gatehouse.wire.tls;

import java.io.IOException;

/**
 * A handshake or a record was not in order. The message is what nginx would log ({@code SSL_do_handshake() failed (SSL:
 * error:1000009c:...)}). It carries no stack trace: the peer causes it, and often.
 */
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    public TlsException(String message) {
        super(message);
    }

    /** For a call of the library that failed with {@code error}, which may be empty. */
    static TlsException of(String call, String error) {
        return new TlsException(call + "() failed" + (error.isEmpty() ? "" : " (SSL: " + error + ")"));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
