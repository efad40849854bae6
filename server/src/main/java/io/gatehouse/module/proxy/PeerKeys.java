package io.gatehouse.module.proxy;

import io.gatehouse.upstream.KeepAlive;
import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.UpstreamGroup;
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

    PoolKey of(ProxyTarget.Place where, Peer peer, int loop, String tag) {
        Known known = perLoop[loop];
        if (known == null) {
            known = new Known();
            perLoop[loop] = known;
        }
        int size = Math.min(known.count, MOST);
        for (int i = 0; i < size; i++) {
            PoolKey key = known.keys[i];
            if (known.peers[i] == peer && key != null) {
                return key;
            }
        }
        PoolKey key = make(where.group(), peer, tag);
        int at = known.count++ % MOST;
        known.peers[at] = peer;
        known.keys[at] = key;
        return key;
    }

    private static PoolKey make(@Nullable UpstreamGroup group, Peer peer, String tag) {
        KeepAlive keepAlive = group == null ? KeepAlive.WITHOUT_BLOCK : group.keepAlive();
        boolean local = group != null && group.local();
        return new PoolKey(peer.address(), null, false, local ? tag : null, keepAlive);
    }
}
