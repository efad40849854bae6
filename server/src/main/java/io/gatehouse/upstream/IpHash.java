package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** {@code ip_hash}: the client's address decides; all of an IPv4 /24 go together. */
public final class IpHash extends Balancer {
    public static final IpHash INSTANCE = new IpHash();

    private IpHash() {}

    @Override
    void begin(Selection selection) {
        selection.hash = 89;
    }

    @Override
    @Nullable
    Peer choose(Selection selection) {
        PeerList list = selection.list();
        if (selection.misses > MISSES || list.number() < 2 || selection.isStale()) {
            return RoundRobin.choosing(selection);
        }
        int hash = selection.hash;
        while (true) {
            for (int i = 0; i < selection.clientLength; i++) {
                hash = (hash * 113 + (selection.client[i] & 0xff)) % 6271;
            }
            int index = list.at(hash % list.totalWeight);
            if (selection.canTry(index)) {
                selection.hash = hash;
                return selection.take(index);
            }
            if (++selection.misses > MISSES) {
                return RoundRobin.choosing(selection);
            }
        }
    }
}
