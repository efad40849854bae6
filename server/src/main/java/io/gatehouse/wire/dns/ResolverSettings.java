package io.gatehouse.wire.dns;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Whom a resolver asks, and for what ({@code resolver}).
 *
 * @param servers the name servers, which take turns; at least one
 * @param validMillis for how long an answer holds instead of its own time; 0 for its own
 * @param ipv4 whether to ask for IPv4 addresses
 * @param ipv6 whether to ask for IPv6 addresses
 */
public record ResolverSettings(List<InetSocketAddress> servers, long validMillis, boolean ipv4, boolean ipv6) {
    public ResolverSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty() || !(ipv4 || ipv6)) {
            throw new IllegalArgumentException("nobody or nothing to ask");
        }
    }
}
