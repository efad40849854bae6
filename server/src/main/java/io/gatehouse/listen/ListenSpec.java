package io.gatehouse.listen;

import io.gatehouse.config.syntax.Node;
import io.gatehouse.wire.ListenOptions;
import java.net.SocketAddress;

/**
 * One address of one {@code listen} directive.
 *
 * @param address an internet address (port 0 only in tests) or a unix socket's
 * @param text as nginx writes the address: "0.0.0.0:80", "[::]:80", "unix:/path"
 * @param options of the socket
 * @param protocols what is spoken on it, beyond HTTP/1
 * @param optionsSet whether any option of the socket was given, which only one {@code listen} of an address may do
 * @param defaultServer whether {@code default_server} was given
 * @param at where it is said
 */
public record ListenSpec(
        SocketAddress address,
        String text,
        ListenOptions options,
        Protocols protocols,
        boolean optionsSet,
        boolean defaultServer,
        Node at) {
    /**
     * What is spoken on an address beyond HTTP/1 in clear. Every server of an address has the same.
     *
     * @param ssl TLS ({@code ssl})
     * @param http2 HTTP/2 whatever the servers say ({@code http2})
     * @param proxyProtocol a PROXY header before everything else ({@code proxy_protocol})
     */
    public record Protocols(boolean ssl, boolean http2, boolean proxyProtocol) {
        public static final Protocols HTTP1 = new Protocols(false, false, false);

        /** What either speaks. */
        public Protocols or(Protocols other) {
            return new Protocols(ssl || other.ssl, http2 || other.http2, proxyProtocol || other.proxyProtocol);
        }
    }

    /** The same with other protocols. */
    public ListenSpec withProtocols(Protocols other) {
        return new ListenSpec(address, text, options, other, optionsSet, defaultServer, at);
    }
}
