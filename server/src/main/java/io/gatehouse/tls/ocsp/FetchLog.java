package io.gatehouse.tls.ocsp;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import org.jspecify.annotations.Nullable;

/**
 * Tells the error log what went wrong with a question to a responder, with what nginx adds. From any thread, one at a time.
 */
final class FetchLog {
    private final ErrorLog log;
    private final long connection;
    private final @Nullable String certificate;
    /** Who is asked; empty as long as that is not known. */
    String responder = "";
    /** The address that is asked; empty as long as that is not known. */
    String peer = "";

    /**
     * @param connection the number of the client's, or 0
     * @param certificate the file that is asked about, or null
     */
    FetchLog(ErrorLog log, long connection, @Nullable String certificate) {
        this.log = log;
        this.connection = connection;
        this.certificate = certificate;
    }

    void tell(Level level, String message) {
        StringBuilder line = new StringBuilder(message)
                .append(" while requesting certificate status, responder: ")
                .append(responder);
        if (!peer.isEmpty()) {
            line.append(", peer: ").append(peer);
        }
        if (certificate != null) {
            line.append(", certificate: \"").append(certificate).append('"');
        }
        log.log(level, connection, line.toString());
    }
}
