package io.gatehouse.tls.acme;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import org.jspecify.annotations.Nullable;

/** What this room says in the error log of whichever configuration is in force. From any thread. */
final class AcmeLog {
    private volatile @Nullable ErrorLog target;

    void to(ErrorLog log) {
        target = log;
    }

    /** @param message may hold what others said: what is no text in it becomes a space */
    void say(Level level, String message) {
        ErrorLog log = target;
        if (log != null && log.isEnabled(level)) {
            log.log(level, Exchange.octets("acme: " + message.replaceAll("\\p{Cntrl}+", " ")));
        }
    }
}
