package io.gatehouse.upstream;

import java.net.InetSocketAddress;

/**
 * One address that DNS gave for a name, or for a service (RFC 2782).
 *
 * @param address its port counts only for a service
 * @param target the SRV record's target, which then is the server's text; empty for a plain name
 * @param priority of the SRV record; all but the lowest become backup peers
 * @param weight of the SRV record, where 0 is taken as 1
 */
public record ServiceAddress(InetSocketAddress address, String target, int priority, int weight) {
    public ServiceAddress {
        weight = Math.max(weight, 1);
    }

    /** An address of a plain name. */
    public static ServiceAddress plain(InetSocketAddress address) {
        return new ServiceAddress(address, "", 0, 1);
    }
}
