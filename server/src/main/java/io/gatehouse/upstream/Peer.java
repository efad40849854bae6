package io.gatehouse.upstream;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address of a server, and what is known of it now. Belongs to one loop, or, in a {@code zone}, is touched only
 * under the zone's lock; what never changes may be read anywhere.
 */
public final class Peer {
    /** Before any instant a clock can show. */
    private static final long NEVER = Long.MIN_VALUE / 4;

    private final SocketAddress address;
    private final String name;
    private final String server;
    private final Server line;
    /** The key made last; loops may overwrite each other's, which costs only another one. */
    private @Nullable PoolKey poolKey;

    final int weight;
    final int maxConns;
    final int maxFails;
    final long failTimeout;
    final Admission admission;
    /** Which line of the block it comes from, if that line's name is resolved at run time; else -1. */
    final int origin;

    long currentWeight;
    long effectiveWeight;

    int conns;
    int fails;
    /** When it last failed, in seconds. */
    long accessed = NEVER;
    /** When it was last tried after {@link #failTimeout}, or failed, in seconds. */
    long checked = NEVER;

    long requests;
    long failures;

    /** Moving averages in milliseconds, 0 while unknown; for {@code least_time}. */
    long headerTime;

    long responseTime;
    long inflightTime;
    long inflightLast;
    long inflightChanged;
    int inflight;

    Peer(SocketAddress address, String server, Server line, int weight, int origin) {
        this.address = address;
        this.name = SocketName.of(address);
        this.server = server;
        this.line = line;
        this.weight = weight;
        this.maxConns = line.maxConns();
        this.maxFails = line.maxFails();
        this.failTimeout = line.failTimeout();
        this.admission = line.admission();
        this.origin = origin;
        this.effectiveWeight = weight;
    }

    public SocketAddress address() {
        return address;
    }

    /** The address as {@code $upstream_addr} shows it. */
    public String name() {
        return name;
    }

    /** The server's text: as configured, or the target of an SRV record. */
    public String server() {
        return server;
    }

    /** The line it comes from. */
    public Server line() {
        return line;
    }

    /** The key of connections to it, as {@link PoolKey#PoolKey}; the same object while nothing changes. Any thread. */
    public PoolKey poolKey(
            @Nullable SocketAddress local, boolean transparent, @Nullable Object facts, KeepAlive keepAlive) {
        PoolKey key = poolKey;
        if (key == null || !key.has(local, transparent, facts, keepAlive)) {
            key = new PoolKey(address, local, transparent, facts, keepAlive);
            poolKey = key;
        }
        return key;
    }

    /** Whether it is the same peer with the same settings, so that its account may go on after a reload. */
    boolean continues(Peer other) {
        return weight == other.weight
                && maxConns == other.maxConns
                && maxFails == other.maxFails
                && failTimeout == other.failTimeout
                && admission == other.admission
                && origin == other.origin
                && server.equals(other.server)
                && address.equals(other.address);
    }

    boolean isFull() {
        return maxConns > 0 && conns >= maxConns;
    }

    /** Whether it failed too often, too lately. */
    boolean isUnavailable(long now) {
        return maxFails > 0 && fails >= maxFails && now - checked <= failTimeout;
    }

    boolean accepts(long now) {
        return admission == Admission.OPEN && !isUnavailable(now) && !isFull();
    }

    /** Brings its turn nearer and returns by how much; a weight lowered by failures recovers with each turn. */
    long advance() {
        long step = effectiveWeight;
        currentWeight += step;
        if (effectiveWeight < weight) {
            effectiveWeight++;
        }
        return step;
    }

    /** Notes that it is tried, which after {@code fail_timeout} is the one trial that may clear its failures. */
    void tried(long now) {
        if (now - checked > failTimeout) {
            checked = now;
        }
    }

    /** Notes a failure; true if that made it unavailable. */
    boolean failed(long now) {
        fails++;
        accessed = now;
        checked = now;
        if (maxFails == 0) {
            return false;
        }
        effectiveWeight = Math.max(effectiveWeight - weight / maxFails, 0);
        return fails >= maxFails;
    }

    /** Clears the failures if the trial after them went well. */
    void passed() {
        if (accessed < checked) {
            fails = 0;
        }
    }

    PeerStatus status(boolean backup, long now) {
        PeerStatus.State state = switch (admission) {
            case DOWN -> PeerStatus.State.DOWN;
            case DRAINING -> PeerStatus.State.DRAINING;
            case OPEN -> isUnavailable(now) ? PeerStatus.State.UNAVAILABLE : PeerStatus.State.UP;
        };
        return new PeerStatus(name, server, backup, weight, state, conns, requests, failures);
    }

    @Override
    public String toString() {
        return name;
    }
}
