package io.gatehouse.upstream;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Loop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resolvers of one configuration, one for each that is described alike, and the names of its {@code server ... resolve}
 * lines. Filled while the configuration is read, by its one thread.
 */
public final class Resolvers {
    private final Map<ResolverSpec, DnsResolver> resolvers = new HashMap<>();
    private final ServerRefresh refresh = new ServerRefresh();
    private volatile @Nullable ErrorLog log;

    /** The resolver for that description; null where it names no server. */
    public @Nullable DnsResolver of(@Nullable ResolverSpec spec) {
        if (spec == null || spec.servers().isEmpty()) {
            return null;
        }
        return resolvers.computeIfAbsent(spec, s -> new DnsResolver(s, this::tell));
    }

    /** The group's names are to be resolved, by that resolver, as long as the configuration is in force. */
    public void keepResolved(PeerGroup group, DnsResolver resolver, long timeoutMillis) {
        refresh.add(group, resolver, timeoutMillis);
    }

    /**
     * The configuration comes into force. Once; from any thread.
     *
     * @param mainLog the error log of its main level, which hears of name servers that fail
     */
    public void start(Loop[] loops, ErrorLog mainLog) {
        log = mainLog;
        refresh.start(loops);
    }

    /** Nobody uses the configuration any more. From any thread. */
    public void stop() {
        refresh.stop();
        resolvers.values().forEach(DnsResolver::close);
        log = null;
    }

    private void tell(String message) {
        ErrorLog told = log;
        if (told != null) {
            told.log(Level.ERROR, message);
        }
    }
}
