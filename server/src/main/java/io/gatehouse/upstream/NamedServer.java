package io.gatehouse.upstream;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code server ... resolve} line of a running group: what DNS is to be asked for, and where its answers go.
 */
public final class NamedServer {
    private final Server server;
    private final Server.Name name;
    private final int line;
    private @Nullable Peers peers;
    private volatile long validUntil;

    NamedServer(Server server, Server.Name name, int line) {
        this.server = server;
        this.name = name;
        this.line = line;
    }

    /** What to resolve. */
    public Server.Name name() {
        return name;
    }

    public Server server() {
        return server;
    }

    /**
     * Replaces the server's peers by what DNS gave; an empty list (a name that does not exist) removes them all. When
     * DNS fails otherwise, this is not to be called: the peers stay. Any thread.
     *
     * @param validUntil the caller's own instant, kept over a reload
     */
    public void resolved(List<ServiceAddress> addresses, long validUntil) {
        Peers fed = peers;
        if (fed == null) {
            throw new IllegalStateException("no group");
        }
        fed.update(this, addresses);
        this.validUntil = validUntil;
    }

    /** Until when the last answer holds, or what was carried over a reload; 0 before any. */
    public long validUntil() {
        return validUntil;
    }

    void validUntil(long instant) {
        validUntil = instant;
    }

    void peers(Peers fed) {
        peers = fed;
    }

    int line() {
        return line;
    }

    boolean resolvesLike(NamedServer other) {
        return server.backup() == other.server.backup()
                && name.host().equals(other.name.host())
                && name.service().equals(other.name.service());
    }

    /** A peer at this address with the settings of the line. */
    Peer peer(ServiceAddress found) {
        InetSocketAddress address = found.address();
        if (name.isService()) {
            // A weight on the line overrides those of DNS.
            int weight = server.weight() != 1 ? server.weight() : found.weight();
            return new Peer(address, found.target(), server, weight, line);
        }
        InetSocketAddress atPort = new InetSocketAddress(address.getAddress(), name.port());
        return new Peer(atPort, server.address(), server, server.weight(), line);
    }

    /** Takes the address that the peer stands for out of the list; false if it is not there. */
    boolean takeMatch(Peer peer, List<ServiceAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            if (matches(peer, addresses.get(i))) {
                addresses.remove(i);
                return true;
            }
        }
        return false;
    }

    private boolean matches(Peer peer, ServiceAddress found) {
        InetSocketAddress address = (InetSocketAddress) peer.address();
        if (!name.isService()) {
            return address.getAddress().equals(found.address().getAddress());
        }
        return address.equals(found.address())
                && found.target().equals(peer.server())
                && (server.weight() != 1 || found.weight() == peer.weight);
    }
}
