package io.gatehouse.upstream;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a {@code resolver} directive says. Equal ones can share a resolver.
 *
 * @param servers the name servers
 * @param validSeconds {@code valid=}, -1 to go by what answers say
 * @param ipv4 whether IPv4 addresses are asked for
 * @param ipv6 whether IPv6 addresses are asked for
 */
public record ResolverSpec(List<InetSocketAddress> servers, long validSeconds, boolean ipv4, boolean ipv6) {
    public ResolverSpec {
        servers = List.copyOf(servers);
    }

    /** What the resolver itself is to know. */
    io.gatehouse.wire.dns.ResolverSettings settings() {
        return new io.gatehouse.wire.dns.ResolverSettings(servers, Math.max(0, validSeconds) * 1000, ipv4, ipv6);
    }
}
