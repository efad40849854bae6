package io.gatehouse.module.upstream;

import io.gatehouse.upstream.PeerGroup;
import org.jspecify.annotations.Nullable;

/** The group that had a zone last, carried from one configuration to the next. Used by the thread that reads them. */
final class ZoneMemory {
    /** Which block of which zone. */
    record Key(String zone, String upstream) {}

    private volatile @Nullable PeerGroup last;

    @Nullable
    PeerGroup last() {
        return last;
    }

    void last(PeerGroup group) {
        last = group;
    }
}
