package io.gatehouse.upstream;

import java.net.SocketAddress;
import java.util.List;

/**
 * What a {@code resolver} directive says. Equal ones can share a resolver.
 *
 * @param servers the name servers
 * @param validSeconds {@code valid=}, -1 to go by what answers say
 * @param ipv4 whether IPv4 addresses are asked for
 * @param ipv6 whether IPv6 addresses are asked for
 */
public record ResolverSpec(List<SocketAddress> servers, long validSeconds, boolean ipv4, boolean ipv6) {
    /** Makes the resolver for it. */
    @FunctionalInterface
    public interface Opener {
        /** Where nothing can ask DNS: every name fails. */
        Opener NONE = spec -> (loop, name, timeoutMillis, answer) -> {
            answer.failed("3: Host not found");
            return () -> {};
        };

        NameResolver open(ResolverSpec spec);
    }

    public ResolverSpec {
        servers = List.copyOf(servers);
    }
}
