package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** Takes the peer that costs least for its weight; among equals, round robin. */
abstract sealed class Least extends Balancer permits LeastConn, LeastTime {
    @Override
    public final boolean takesBackups() {
        return true;
    }

    /** What the peer costs now; not negative. Two are compared by cost for a unit of weight. */
    abstract long cost(Selection selection, Peer peer);

    /** As {@link #cost}, the first time that a selection looks at the peer. */
    long costAtFirst(Selection selection, Peer peer) {
        return cost(selection, peer);
    }

    /** Takes what was found. */
    @Nullable
    Peer take(Selection selection, int index) {
        return selection.take(index);
    }

    @Override
    @Nullable
    final Peer choose(Selection selection) {
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

    private @Nullable Peer least(Selection selection, Peer[] peers) {
        int best = -1;
        long bestCost = 0;
        boolean many = false;
        for (int i = 0; i < peers.length; i++) {
            if (!selection.canTry(i)) {
                continue;
            }
            long cost = costAtFirst(selection, peers[i]);
            int order = best < 0 ? -1 : Long.compare(cost * peers[best].weight, bestCost * peers[i].weight);
            if (order < 0) {
                best = i;
                bestCost = cost;
                many = false;
            } else if (order == 0) {
                many = true;
            }
        }
        if (best < 0) {
            return null;
        }
        return take(selection, many ? turnOf(selection, peers, best, bestCost) : best);
    }

    private int turnOf(Selection selection, Peer[] peers, int first, long bestCost) {
        int best = first;
        long total = 0;
        for (int i = first; i < peers.length; i++) {
            if (!selection.canTry(i) || cost(selection, peers[i]) * peers[first].weight != bestCost * peers[i].weight) {
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
}
