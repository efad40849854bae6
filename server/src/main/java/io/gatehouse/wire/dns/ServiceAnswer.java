package io.gatehouse.wire.dns;

import java.net.InetSocketAddress;
import java.util.List;

/** Takes the addresses of a service (RFC 2782); on the loop that asked. */
public interface ServiceAnswer {
    /** One address of a service, and what its SRV record says. */
    record Target(InetSocketAddress address, String name, int priority, int weight) {}

    /**
     * @param targets at least one, the most wanted first
     * @param validUntil the wall-clock time in milliseconds until when they hold
     */
    void found(List<Target> targets, long validUntil);

    /** @param code a {@link DnsCode} */
    void failed(int code);
}
