package io.gatehouse.wire.dns;

import java.net.InetAddress;
import java.util.List;

/** Takes the addresses of a name; on the loop that asked. */
public interface AddressAnswer {
    /**
     * @param addresses at least one; those that were known already begin with any of them
     * @param validUntil the wall-clock time in milliseconds until when they hold
     */
    void found(List<InetAddress> addresses, long validUntil);

    /** @param code a {@link DnsCode} */
    void failed(int code);
}
