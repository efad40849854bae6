package io.gatehouse.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one limit of idle connections is for: the peers of an owner, or a single peer. */
final class KeptLot {
    final List<KeptPeer> peers = new ArrayList<>();
    int idle;

    /** The connection that has been idle longest; null if none is. */
    @Nullable
    UpstreamConnection oldest() {
        UpstreamConnection oldest = null;
        for (int i = 0; i < peers.size(); i++) {
            UpstreamConnection candidate = peers.get(i).oldest();
            if (candidate != null && (oldest == null || candidate.idleNumber < oldest.idleNumber)) {
                oldest = candidate;
            }
        }
        return oldest;
    }
}
