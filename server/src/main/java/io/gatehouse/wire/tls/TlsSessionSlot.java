package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLSession;

/**
 * Keeps the last session that one server has given us, to be resumed with the next connection to it ({@code
 * proxy_ssl_session_reuse}). Several loops may use one. Its native memory goes when nobody refers to it any more.
 *
 * <p>With the JDK's engine it stays empty: that keeps its sessions itself.
 */
public final class TlsSessionSlot {
    private final Kept kept = new Kept();

    public TlsSessionSlot() {
        NativeMemory.CLEANER.register(this, kept);
    }

    /** Keeps a session, of which the caller gives one reference away. */
    void put(long session) {
        kept.put(session);
    }

    /** Begins the connection with the session that is kept. */
    void offer(long ssl) {
        kept.offer(ssl);
    }

    /** Forgets what is kept: the server no longer deserves it. */
    public void clear() {
        kept.put(0);
    }

    public boolean isEmpty() {
        return kept.isEmpty();
    }

    private static final class Kept implements Runnable {
        private long session;

        synchronized boolean isEmpty() {
            return session == 0;
        }

        synchronized void put(long next) {
            if (session != 0) {
                SSLSession.free(session);
            }
            session = next;
        }

        synchronized void offer(long ssl) {
            if (session != 0) {
                SSL.setSession(ssl, session);
            }
        }

        @Override
        public void run() {
            put(0);
        }
    }
}
