package io.gatehouse.module.proxy;

import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.Upstreams;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for each loop the keys under which the connections to peers are kept, so that finding one for a request is a
 * compare of identities. Each loop touches its own part only.
 */
final class PeerKeys {
    private static final int MOST = 64;

    private final @Nullable Known[] perLoop = new @Nullable Known[Upstreams.MOST_LOOPS];

    /** What a loop knows: peers and their keys, in a ring. */
    private static final class Known {
        final @Nullable Peer[] peers = new @Nullable Peer[MOST];
        final @Nullable PoolKey[] keys = new @Nullable PoolKey[MOST];
        int count;
    }

    /** The key of a peer, or null. */
    @Nullable
    PoolKey of(Peer peer, int loop) {
        Known known = perLoop[loop];
        if (known == null) {
            return null;
        }
        int size = Math.min(known.count, MOST);
        for (int i = 0; i < size; i++) {
            if (known.peers[i] == peer) {
                return known.keys[i];
            }
        }
        return null;
    }

    /** Remembers a key; of too many the first is forgotten. */
    void put(Peer peer, int loop, PoolKey key) {
        Known known = perLoop[loop];
        if (known == null) {
            known = new Known();
            perLoop[loop] = known;
        }
        int at = known.count++ % MOST;
        known.peers[at] = peer;
        known.keys[at] = key;
    }
}
