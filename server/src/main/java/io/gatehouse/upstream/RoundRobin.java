package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** Smooth weighted round robin: the default, and the last resort of the others. */
public final class RoundRobin extends Balancer {
    public static final RoundRobin INSTANCE = new RoundRobin();

    private RoundRobin() {}

    @Override
    public boolean takesBackups() {
        return true;
    }

    @Override
    @Nullable
    Peer choose(Selection selection) {
        return choosing(selection);
    }

    static @Nullable Peer choosing(Selection selection) {
        if (selection.isStale()) {
            return null;
        }
        do {
            PeerList list = selection.list();
            Peer peer = list.single ? only(selection, list.peers[0]) : next(selection, list.peers);
            if (peer != null) {
                return peer;
            }
        } while (selection.fallBack());
        return null;
    }

    private static @Nullable Peer only(Selection selection, Peer peer) {
        return peer.admission != Admission.OPEN || peer.isFull() ? null : selection.takeOnly(peer);
    }

    private static @Nullable Peer next(Selection selection, Peer[] peers) {
        int best = -1;
        long total = 0;
        for (int i = 0; i < peers.length; i++) {
            if (!selection.canTry(i)) {
                continue;
            }
            total += peers[i].advance();
            if (best < 0 || peers[i].currentWeight > peers[best].currentWeight) {
                best = i;
            }
        }
        if (best < 0) {
            return null;
        }
        peers[best].currentWeight -= total;
        return selection.take(best);
    }
}
