package io.gatehouse.module.proxy;

import io.gatehouse.upstream.PoolKey;
import io.gatehouse.wire.tls.TlsSessionSlot;
import java.util.LinkedHashMap;
import java.util.Map;

/** The last session of each kind of connection, for all loops. Outlives configurations. From any thread. */
final class TlsSessions {
    private static final int MOST = 1024;

    private final Map<PoolKey, TlsSessionSlot> slots = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PoolKey, TlsSessionSlot> eldest) {
            return size() > MOST;
        }
    };

    synchronized TlsSessionSlot of(PoolKey key) {
        return slots.computeIfAbsent(key, k -> new TlsSessionSlot());
    }
}
