package io.gatehouse.upstream;

import io.gatehouse.wire.Loop;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Each loop's connections to applications, and what else a loop keeps for asking them. Outlives configurations. */
public final class UpstreamPools {
    /** Where it is kept between configurations. */
    public static final Object KEY = UpstreamPools.class;

    private volatile @Nullable UpstreamPool[] pools = {};

    /** The pool of the loop; on that loop. */
    public UpstreamPool of(Loop loop) {
        int index = loop.index();
        @Nullable UpstreamPool[] known = pools;
        UpstreamPool pool = index < known.length ? known[index] : null;
        return pool == null ? make(loop, index) : pool;
    }

    private synchronized UpstreamPool make(Loop loop, int index) {
        @Nullable UpstreamPool[] larger = Arrays.copyOf(pools, Math.max(index + 1, pools.length));
        UpstreamPool pool = new UpstreamPool(loop);
        larger[index] = pool;
        pools = larger;
        return pool;
    }
}
