package io.gatehouse.exchange;

import io.gatehouse.listen.ProxyHeader;
import io.gatehouse.text.InetText;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Wire;
import io.gatehouse.wire.tls.ClientHello;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is known of the connection an exchange came by. Belongs to one loop. */
public final class ClientConnection {
    /** {@code $connection}: unique in the process. */
    public final long number;

    public final Loop loop;
    public final Wire wire;
    /** "http", or "https" over TLS. */
    public String scheme;
    /** The loop's nanoseconds when it was accepted. */
    public final long acceptedNanos;
    /** Requests begun on it, this one included ({@code $connection_requests}). */
    public int requests;

    /** The address that the socket was accepted on, as configured; for {@code $server_addr} the wire is asked. */
    public final SocketAddress listen;

    /** What a proxy has said of the connection that it passes on; null if it has said nothing. */
    public @Nullable ProxyHeader proxyHeader;
    /** What the client has asked for in its handshake, as far as it could be read; null in clear. */
    public @Nullable ClientHello hello;

    /** Looks at every request of this connection first; null if nobody does. */
    public @Nullable Gate gate;

    private @Nullable String remoteText;
    private boolean debugIsKnown;
    private boolean debugged;

    /** Decides whether a request may be looked at. */
    @FunctionalInterface
    public interface Gate {
        /** The status to refuse the request with, having told the log; 0 to let it pass. Its server is known. */
        int refuse(Exchange exchange);
    }

    public ClientConnection(long number, Loop loop, Wire wire, String scheme, SocketAddress listen) {
        this.number = number;
        this.loop = loop;
        this.wire = wire;
        this.scheme = scheme;
        this.listen = listen;
        this.acceptedNanos = loop.nanos();
    }

    /** The peer's address without a port: dotted, RFC 5952, or "unix:". */
    public String remoteAddress() {
        String text = remoteText;
        if (text == null) {
            text = addressText(wire.remote());
            remoteText = text;
        }
        return text;
    }

    /** Whether it is one of the clients whose every message is logged; asked once for all requests of the connection. */
    boolean isDebugged(DebugClients clients) {
        if (!debugIsKnown) {
            debugIsKnown = true;
            debugged = clients.has(wire.remote());
        }
        return debugged;
    }

    /** The peer's port; 0 for a unix socket. */
    public int remotePort() {
        return wire.remote() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /** An address as nginx writes it: without a port; "unix:" for a unix socket's peer. */
    public static String addressText(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return addressText(inet.getAddress());
        }
        return address instanceof UnixDomainSocketAddress unix
                ? "unix:" + octets(unix.getPath().toString())
                : address.toString();
    }

    /** An IP address as nginx writes it (RFC 5952 for IPv6). */
    public static String addressText(InetAddress address) {
        return InetText.of(address.getAddress());
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
