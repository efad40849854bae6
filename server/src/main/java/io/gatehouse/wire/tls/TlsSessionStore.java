package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.SSLSession;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/**
 * Sessions of clients that several contexts share, by their identifiers ({@code ssl_session_cache shared}). The longest unused
 * goes first when it is full. From any thread. A session of TLS 1.3 is never here: BoringSSL puts it whole into a ticket.
 *
 * <p>With the JDK's engine it stays empty: that keeps its sessions itself.
 */
public final class TlsSessionStore {
    private final int most;
    private final LongSupplier seconds;
    private final LinkedHashMap<ByteBuffer, Kept> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Kept(long session, long until) {}

    /**
     * @param most sessions
     * @param seconds a clock
     */
    public TlsSessionStore(int most, LongSupplier seconds) {
        this.most = most;
        this.seconds = seconds;
    }

    /** Keeps a session, with a reference of its own. */
    synchronized void put(byte[] id, long session, long timeout) {
        if (id.length == 0 || !SSLSession.upRef(session)) {
            return;
        }
        free(sessions.put(ByteBuffer.wrap(id), new Kept(session, seconds.getAsLong() + timeout)));
        if (sessions.size() > most) {
            Iterator<Kept> oldest = sessions.values().iterator();
            free(oldest.next());
            oldest.remove();
        }
    }

    /** A session with a reference for the caller; -1 if there is none. */
    synchronized long get(byte[] id) {
        Kept kept = sessions.get(ByteBuffer.wrap(id));
        if (kept == null) {
            return -1;
        }
        if (kept.until <= seconds.getAsLong()) {
            free(sessions.remove(ByteBuffer.wrap(id)));
            return -1;
        }
        return SSLSession.upRef(kept.session) ? kept.session : -1;
    }

    private static void free(@org.jspecify.annotations.Nullable Kept kept) {
        if (kept != null) {
            SSLSession.free(kept.session);
        }
    }

    public synchronized int size() {
        return sessions.size();
    }

    /** Forgets all. */
    public synchronized void clear() {
        sessions.values().forEach(TlsSessionStore::free);
        sessions.clear();
    }
}
