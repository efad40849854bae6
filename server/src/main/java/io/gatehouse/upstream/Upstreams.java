package io.gatehouse.upstream;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one configuration: those of {@code upstream} blocks, and those that hosts in {@code proxy_pass} imply.
 * Filled while the configuration is read, by its one thread; read by any afterwards.
 */
public final class Upstreams {
    /** No process has more loops. */
    public static final int MOST_LOOPS = 256;

    private final Map<String, UpstreamGroup> blocks = new LinkedHashMap<>();
    private final Map<String, UpstreamGroup> implied = new HashMap<>();

    /** Adds a block; false if there is one of that name. */
    public boolean define(String name, UpstreamGroup group) {
        return blocks.putIfAbsent(name.toLowerCase(Locale.ROOT), group) == null;
    }

    /** The block of that name, or null. */
    public @Nullable UpstreamGroup block(String name) {
        return blocks.get(name.toLowerCase(Locale.ROOT));
    }

    /** Every block, in the order of the file. */
    public List<UpstreamGroup> blocks() {
        return List.copyOf(blocks.values());
    }

    /**
     * The group for a host that is no block's name; the same one for every place that names it. Its addresses are asked for
     * now.
     *
     * @throws HostUrl.Malformed "host not found"
     */
    public UpstreamGroup implied(HostUrl url) throws HostUrl.Malformed {
        String key = key(url);
        UpstreamGroup known = implied.get(key);
        if (known == null) {
            String name = url.isUnix() ? url.text() : url.host();
            PeerGroup peers = PeerGroup.implied(name, url.resolve(), MOST_LOOPS);
            known = new UpstreamGroup(peers, KeepAlive.WITHOUT_BLOCK, false, null, false);
            implied.put(key, known);
        }
        return known;
    }

    /** The group that a host given at run time means: a block, or a host that another place names; null if neither. */
    public @Nullable UpstreamGroup find(HostUrl url) {
        UpstreamGroup block = url.hasPort() || url.isUnix() ? null : block(url.host());
        return block != null ? block : implied.get(key(url));
    }

    private static String key(HostUrl url) {
        return url.isUnix() ? url.text() : url.host().toLowerCase(Locale.ROOT) + ":" + url.port();
    }
}
