package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The client's address as {@code ip_hash} wants it. */
final class ClientAddress {
    private ClientAddress() {}

    /** The bytes of the address in force; null for a client of a unix socket. */
    static byte @Nullable [] of(Exchange x) {
        try {
            return InetAddress.ofLiteral(x.remoteAddress).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
