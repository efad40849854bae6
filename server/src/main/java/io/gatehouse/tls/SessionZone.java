package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsSessionStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What servers share that name one {@code ssl_session_cache shared}: sessions, and the keys of tickets, which change with every
 * session time-out. It outlives a configuration. From any thread.
 */
public final class SessionZone {
    /** What defines a zone that goes on after a reload. */
    public record Identity(String name, long size) {}

    /** Bytes that a session takes of a zone; nginx says that a megabyte holds about 4,000. */
    private static final int SESSION_BYTES = 256;

    private static final int KEY_BYTES = 48;

    private final TlsSessionStore store;
    private final LongSupplier seconds;
    private final SecureRandom random = new SecureRandom();
    private List<byte[]> keys = List.of();
    private long changed;

    /** @param seconds a clock */
    public SessionZone(Identity identity, LongSupplier seconds) {
        this.seconds = seconds;
        this.store = new TlsSessionStore(Math.clamp(identity.size() / SESSION_BYTES, 1, Integer.MAX_VALUE), seconds);
    }

    public TlsSessionStore store() {
        return store;
    }

    /**
     * The keys in force: the first one encrypts, the one before still decrypts. The same list until they change.
     *
     * @param timeout after which they change, in seconds
     */
    public synchronized List<byte[]> keys(long timeout) {
        long now = seconds.getAsLong();
        if (keys.isEmpty() || now - changed >= timeout) {
            byte[] fresh = new byte[KEY_BYTES];
            random.nextBytes(fresh);
            List<byte[]> next = new ArrayList<>();
            next.add(fresh);
            if (!keys.isEmpty() && now - changed < 2 * timeout) {
                next.add(keys.get(0));
            }
            keys = List.copyOf(next);
            changed = now;
        }
        return keys;
    }
}
