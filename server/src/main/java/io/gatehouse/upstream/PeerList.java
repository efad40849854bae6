package io.gatehouse.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The primary or the backup peers of a group, in the order of their lines, and what is derived from them. */
final class PeerList {
    private static final Peer[] NONE = {};

    Peer[] peers = NONE;
    int totalWeight;
    /** How many peers are not {@code down}. */
    int tries;
    /** The only peer of its group, which therefore is never taken for failed. */
    boolean single;

    private int[] starts = {};
    private @Nullable HashRing ring;

    void set(List<Peer> members) {
        peers = members.toArray(NONE);
        starts = new int[peers.length];
        totalWeight = 0;
        tries = 0;
        ring = null;
        for (int i = 0; i < peers.length; i++) {
            starts[i] = totalWeight;
            totalWeight = Math.addExact(totalWeight, peers[i].weight);
            tries += peers[i].admission == Admission.OPEN ? 1 : 0;
        }
    }

    int number() {
        return peers.length;
    }

    /** The peer at this point of all weights laid end to end; {@code 0 <= point < totalWeight}. */
    int at(int point) {
        int low = 0;
        int high = starts.length;
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (point < starts[middle]) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** The ring of consistent hashing, made on first use. */
    HashRing ring() {
        HashRing made = ring;
        if (made == null) {
            made = new HashRing(peers);
            ring = made;
        }
        return made;
    }
}
