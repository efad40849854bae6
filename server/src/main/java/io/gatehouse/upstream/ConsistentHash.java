package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** {@code hash key consistent}: a ring; a server that comes or goes moves only the keys that are its own. */
public final class ConsistentHash extends Balancer {
    public static final ConsistentHash INSTANCE = new ConsistentHash();

    private ConsistentHash() {}

    @Override
    void begin(Selection selection) {
        HashRing ring = selection.list().ring();
        if (!ring.isEmpty()) {
            selection.hash = ring.find(Crc32.finish(Crc32.update(Crc32.INITIAL, selection.key)));
        }
    }

    @Override
    @Nullable
    Peer choose(Selection selection) {
        PeerList list = selection.list();
        if (selection.misses > MISSES || list.single || selection.key.isEmpty()) {
            return RoundRobin.choosing(selection);
        }
        if (list.number() == 0 || selection.isStale()) {
            return null;
        }
        HashRing ring = list.ring();
        while (true) {
            int best = turnAt(selection, list.peers, ring);
            if (best >= 0) {
                return selection.take(best);
            }
            selection.hash++;
            if (++selection.misses > MISSES) {
                return RoundRobin.choosing(selection);
            }
        }
    }

    /** Round robin among the peers of the server that the point belongs to; -1 if none of them can be asked. */
    private static int turnAt(Selection selection, Peer[] peers, HashRing ring) {
        int best = -1;
        long total = 0;
        for (int i = 0; i < peers.length; i++) {
            if (!ring.owns(selection.hash, i) || !selection.canTry(i)) {
                continue;
            }
            total += peers[i].advance();
            if (best < 0 || peers[i].currentWeight > peers[best].currentWeight) {
                best = i;
            }
        }
        if (best >= 0) {
            peers[best].currentWeight -= total;
        }
        return best;
    }
}
