package io.gatehouse.upstream;

import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.SocketBuffers;
import io.gatehouse.wire.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to applications. It outlives configurations: a connection is used on by any whose
 * {@link PoolKey} is equal. On its loop only.
 */
public final class UpstreamPool {
    /**
     * Where many streams ask at once, many connections become idle at once and are wanted again in a moment: to close those
     * beyond the limit and open others costs more than the requests. So many times the limit may rest for {@link
     * #SURPLUS_MILLIS}; a limit below {@link #SURPLUS_FROM} is meant as it stands.
     */
    private static final int SURPLUS = 8;

    private static final int SURPLUS_FROM = 16;
    private static final long SURPLUS_MILLIS = 1000;

    private final Loop loop;
    /** Runs out when those beyond the limits have rested long enough. */
    private final Deadline surplus;

    private final Map<PoolKey, KeptPeer> peers = new HashMap<>();
    private final Map<KeepAlive, KeptLot> lots = new HashMap<>();
    private Predicate<PoolKey> wanted = key -> true;
    private boolean draining;
    private long idleNumber;

    public UpstreamPool(Loop loop) {
        this.loop = loop;
        this.surplus = loop.deadline(this::closeSurplus);
    }

    /**
     * The idle connection that was used last, or null. Its wire is reading, and {@code sink} hears it from now on.
     */
    public @Nullable UpstreamConnection take(PoolKey key, Sink sink) {
        KeptPeer peer = peers.get(key);
        UpstreamConnection connection = peer == null ? null : peer.newest();
        if (peer != null && connection != null) {
            peer.remove(connection);
            connection.wake(sink);
        }
        return connection;
    }

    /** Begins a connection; {@code sink} hears how that ends. If it fails, it is to be closed nevertheless. */
    public UpstreamConnection connect(PoolKey key, SocketBuffers buffers, Sink sink) {
        Wire wire = loop.connect(key.address(), key.local(), key.transparent(), buffers, sink);
        KeptPeer peer = peers.get(key);
        if (peer == null) {
            peer = begin(key);
        }
        peer.connections++;
        return new UpstreamConnection(this, peer, wire, loop.nanos());
    }

    private KeptPeer begin(PoolKey key) {
        KeepAlive keepAlive = key.keepAlive();
        KeptLot lot = keepAlive.perPeer() ? new KeptLot() : lots.computeIfAbsent(keepAlive, made -> new KeptLot());
        KeptPeer peer = new KeptPeer(key, lot);
        peer.retired = !wanted.test(key);
        lot.peers.add(peer);
        peers.put(key, peer);
        return peer;
    }

    /** Whether an idle connection of this peer may be kept. */
    boolean keeps(KeptPeer peer) {
        KeepAlive keepAlive = peer.key.keepAlive();
        return !draining && !peer.retired && keepAlive.most() > 0 && keepAlive.timeoutMillis() > 0;
    }

    /** Keeps an idle connection; one too many pushes out the one that has been idle longest. */
    void rests(KeptPeer peer, UpstreamConnection connection) {
        KeptLot lot = peer.lot();
        int most = peer.key.keepAlive().most();
        if (lot.idle >= most) {
            if (most < SURPLUS_FROM || lot.idle >= most * (long) SURPLUS) {
                closeOldest(lot);
            } else if (!surplus.isArmed()) {
                surplus.in(SURPLUS_MILLIS);
            }
        }
        connection.idleNumber = idleNumber++;
        peer.add(connection);
    }

    private void closeSurplus() {
        for (KeptPeer peer : List.copyOf(peers.values())) {
            KeptLot lot = peer.lot();
            while (lot.idle > peer.key.keepAlive().most()) {
                closeOldest(lot);
            }
        }
    }

    private static void closeOldest(KeptLot lot) {
        UpstreamConnection oldest = lot.oldest();
        if (oldest != null) {
            oldest.close();
        }
    }

    /** Forgets a closed connection, and its peer with the last. */
    void ended(KeptPeer peer) {
        peer.connections--;
        if (peer.connections == 0) {
            peers.remove(peer.key);
            KeptLot lot = peer.lot();
            lot.peers.remove(peer);
            if (lot.peers.isEmpty()) {
                lots.remove(peer.key.keepAlive());
            }
        }
    }

    /**
     * After a reload: closes idle connections that no configuration has a use for, and keeps none of those that are
     * still busy.
     */
    public void retain(Predicate<PoolKey> stillWanted) {
        wanted = stillWanted;
        for (KeptPeer peer : List.copyOf(peers.values())) {
            peer.retired = !stillWanted.test(peer.key);
            if (peer.retired) {
                closeIdle(peer);
            }
        }
    }

    /** Before the end: closes what is idle and keeps nothing more. */
    public void drain() {
        draining = true;
        List.copyOf(peers.values()).forEach(UpstreamPool::closeIdle);
    }

    private static void closeIdle(KeptPeer peer) {
        for (UpstreamConnection next = peer.newest(); next != null; next = peer.newest()) {
            next.close();
        }
    }

    /** How many connections there are. */
    public int connections() {
        int sum = 0;
        for (KeptPeer peer : peers.values()) {
            sum += peer.connections;
        }
        return sum;
    }

    /** How many of them are idle. */
    public int idle() {
        int sum = 0;
        for (KeptPeer peer : peers.values()) {
            for (UpstreamConnection next = peer.newest(); next != null; next = next.older) {
                sum++;
            }
        }
        return sum;
    }
}
