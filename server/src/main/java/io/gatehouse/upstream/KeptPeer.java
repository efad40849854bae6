package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** The connections of one {@link PoolKey}: how many there are, and the idle ones, the newest first. */
final class KeptPeer {
    final PoolKey key;
    private final KeptLot lot;

    /** Idle and busy ones. */
    int connections;

    /** Whether the configuration no longer has such connections: none is kept. */
    boolean retired;

    private @Nullable UpstreamConnection newest;
    private @Nullable UpstreamConnection oldest;

    KeptPeer(PoolKey key, KeptLot lot) {
        this.key = key;
        this.lot = lot;
    }

    KeptLot lot() {
        return lot;
    }

    @Nullable
    UpstreamConnection newest() {
        return newest;
    }

    @Nullable
    UpstreamConnection oldest() {
        return oldest;
    }

    void add(UpstreamConnection connection) {
        UpstreamConnection next = newest;
        connection.older = next;
        connection.newer = null;
        if (next == null) {
            oldest = connection;
        } else {
            next.newer = connection;
        }
        newest = connection;
        lot.idle++;
    }

    void remove(UpstreamConnection connection) {
        UpstreamConnection newer = connection.newer;
        UpstreamConnection older = connection.older;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        connection.newer = null;
        connection.older = null;
        lot.idle--;
    }
}
