package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.CoreSettings;

/**
 * How long a connection may wait for its next request ({@code keepalive_timeout}), and whether it may be closed before that when
 * the configuration is retired: not within {@code keepalive_min_timeout}. Milliseconds.
 */
final class IdleTime {
    private long first;
    private long rest;
    private boolean closable;

    /** A request is over. Returns whether there is to be a next one. */
    boolean begin(CoreSettings core, boolean draining) {
        long whole = core.keepaliveTimeout();
        long least = core.keepaliveMinTimeout();
        if (least <= 0 && (draining || whole <= 0)) {
            return false;
        }
        first = Math.max(1, least > 0 && whole > least ? least : whole);
        rest = whole - first;
        closable = least == 0;
        return true;
    }

    /** How long to wait from now on; 0 where that is settled already. */
    long takeFirst() {
        long millis = first;
        first = 0;
        return millis;
    }

    /** What is left after {@link #takeFirst} has passed; 0 if nothing is. From now on it may be closed. */
    long takeRest() {
        long millis = rest;
        rest = 0;
        closable |= millis > 0;
        return millis;
    }

    /** Whether an idle connection may be closed when the configuration is retired. */
    boolean isClosable() {
        return closable;
    }
}
