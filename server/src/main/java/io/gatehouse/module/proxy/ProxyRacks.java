package io.gatehouse.module.proxy;

import io.gatehouse.upstream.UpstreamPools;
import io.gatehouse.wire.Loop;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Each loop's {@link ProxyGear.Rack}. Outlives configurations. */
final class ProxyRacks {
    private final UpstreamPools pools;
    private volatile ProxyGear.@Nullable Rack[] racks = {};

    ProxyRacks(UpstreamPools pools) {
        this.pools = pools;
    }

    /** The loop's; on that loop. */
    ProxyGear.Rack of(Loop loop) {
        int index = loop.index();
        ProxyGear.@Nullable Rack[] known = racks;
        ProxyGear.Rack rack = index < known.length ? known[index] : null;
        return rack == null ? make(loop, index) : rack;
    }

    private synchronized ProxyGear.Rack make(Loop loop, int index) {
        ProxyGear.@Nullable Rack[] larger = Arrays.copyOf(racks, Math.max(index + 1, racks.length));
        ProxyGear.Rack rack = new ProxyGear.Rack(loop, pools.of(loop));
        larger[index] = rack;
        racks = larger;
        return rack;
    }
}
