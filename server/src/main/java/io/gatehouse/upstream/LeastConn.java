package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** {@code least_conn}: the fewest requests for its weight; among equals, round robin. */
public final class LeastConn extends Balancer {
    public static final LeastConn INSTANCE = new LeastConn();

    private LeastConn() {}

    @Override
    public boolean takesBackups() {
        return true;
    }

    @Override
    @Nullable
    Peer choose(Selection selection) {
        if (selection.list().single) {
            return RoundRobin.choosing(selection);
        }
        if (selection.isStale()) {
            return null;
        }
        do {
            Peer peer = least(selection, selection.list().peers);
            if (peer != null) {
                return peer;
            }
        } while (selection.fallBack());
        return null;
    }

    private static @Nullable Peer least(Selection selection, Peer[] peers) {
        int best = -1;
        boolean many = false;
        for (int i = 0; i < peers.length; i++) {
            if (!selection.canTry(i)) {
                continue;
            }
            int order = best < 0 ? -1 : compare(peers[i], peers[best]);
            if (order < 0) {
                best = i;
                many = false;
            } else if (order == 0) {
                many = true;
            }
        }
        if (best < 0) {
            return null;
        }
        return selection.take(many ? turnOf(selection, peers, best) : best);
    }

    private static int turnOf(Selection selection, Peer[] peers, int first) {
        int best = first;
        long total = 0;
        for (int i = first; i < peers.length; i++) {
            if (!selection.canTry(i) || compare(peers[i], peers[best]) != 0) {
                continue;
            }
            total += peers[i].advance();
            if (peers[i].currentWeight > peers[best].currentWeight) {
                best = i;
            }
        }
        peers[best].currentWeight -= total;
        return best;
    }

    /** Compares the requests per weight of two peers. */
    static int compare(Peer one, Peer other) {
        return Long.compare((long) one.conns * other.weight, (long) other.conns * one.weight);
    }
}
