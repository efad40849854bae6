package io.gatehouse.upstream;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a group's peers: of one loop, which alone touches it, or of a {@code zone}, which all loops share under
 * one short lock.
 */
public final class Peers {
    private final String name;
    private final Balancer balancer;
    /** Null for the state of one loop. */
    private final @Nullable Object lock;

    final PeerList primary = new PeerList();
    final @Nullable PeerList backup;

    /** Rises whenever peers come or go; a selection that began before it then finds no peer. */
    int generation;

    private Peers(String name, Balancer balancer, @Nullable Object lock, boolean withBackup) {
        this.name = name;
        this.balancer = balancer;
        this.lock = lock;
        this.backup = withBackup ? new PeerList() : null;
    }

    /** Peers for one request, whose upstream's name was computed and resolved only now. */
    public static Peers of(String name, List<? extends SocketAddress> addresses) {
        return ofLoop(name, RoundRobin.INSTANCE, List.of(Server.of(name, addresses)));
    }

    static Peers ofLoop(String name, Balancer balancer, List<Server> servers) {
        Peers peers = new Peers(name, balancer, null, PeerGroup.hasBackups(balancer, servers));
        peers.start(servers, null, List.of());
        return peers;
    }

    /** Shared peers, which go on where those of the same zone before a reload were, as far as they are the same. */
    static Peers ofZone(
            String name,
            Balancer balancer,
            List<Server> servers,
            List<NamedServer> named,
            @Nullable Peers before,
            List<NamedServer> namedBefore) {
        Object lock = before == null || before.lock == null ? new Object() : before.lock;
        Peers peers = new Peers(name, balancer, lock, PeerGroup.hasBackups(balancer, servers));
        synchronized (lock) {
            peers.start(servers, before, named);
            if (before != null) {
                peers.inherit(named, before, namedBefore);
            }
        }
        return peers;
    }

    private void start(List<Server> servers, @Nullable Peers before, List<NamedServer> named) {
        fill(primary, false, servers, before == null ? null : before.primary);
        if (backup != null) {
            fill(backup, true, servers, before == null ? null : before.backup);
        }
        for (NamedServer server : named) {
            server.peers(this);
        }
        settle();
    }

    private static void fill(PeerList list, boolean backup, List<Server> servers, @Nullable PeerList before) {
        List<Peer> earlier = before == null ? new ArrayList<>() : new ArrayList<>(List.of(before.peers));
        List<Peer> members = new ArrayList<>();
        for (Server server : servers) {
            if (server.backup() != backup || server.name() != null) {
                continue;
            }
            for (SocketAddress address : server.addresses()) {
                members.add(resumed(new Peer(address, server.address(), server, server.weight(), -1), earlier));
            }
        }
        list.set(members);
    }

    /** The earlier peer if it is the same; each goes on once. */
    private static Peer resumed(Peer fresh, List<Peer> earlier) {
        for (int i = 0; i < earlier.size(); i++) {
            if (earlier.get(i).continues(fresh)) {
                return earlier.remove(i);
            }
        }
        return fresh;
    }

    private void settle() {
        primary.single = primary.number() == 1 && (backup == null || backup.number() == 0);
    }

    // -- picking

    String name() {
        return name;
    }

    void begin(Selection selection) {
        if (lock == null) {
            begun(selection);
        } else {
            synchronized (lock) {
                begun(selection);
            }
        }
    }

    private void begun(Selection selection) {
        selection.begin(primary, backup, generation);
        balancer.begin(selection);
    }

    @Nullable
    Peer pick(Selection selection) {
        if (lock == null) {
            return balancer.choose(selection);
        }
        synchronized (lock) {
            return balancer.choose(selection);
        }
    }

    void headerArrived(Selection selection, Peer peer) {
        if (lock == null) {
            balancer.headerArrived(selection, peer);
        } else {
            synchronized (lock) {
                balancer.headerArrived(selection, peer);
            }
        }
    }

    boolean release(Selection selection, Peer peer, Outcome outcome) {
        if (lock == null) {
            return released(selection, peer, outcome);
        }
        synchronized (lock) {
            return released(selection, peer, outcome);
        }
    }

    private boolean released(Selection selection, Peer peer, Outcome outcome) {
        balancer.released(selection, peer, outcome);
        return selection.ended(peer, outcome);
    }

    List<PeerStatus> status(long nowMillis) {
        long now = Math.floorDiv(nowMillis, 1000L);
        if (lock == null) {
            return statusAt(now);
        }
        synchronized (lock) {
            return statusAt(now);
        }
    }

    private List<PeerStatus> statusAt(long now) {
        List<PeerStatus> all = new ArrayList<>();
        for (Peer peer : primary.peers) {
            all.add(peer.status(false, now));
        }
        if (backup != null) {
            for (Peer peer : backup.peers) {
                all.add(peer.status(true, now));
            }
        }
        return all;
    }

    // -- what DNS says

    /** Takes over what was resolved before a reload, so that requests need not wait for DNS. */
    private void inherit(List<NamedServer> named, Peers before, List<NamedServer> namedBefore) {
        for (NamedServer server : named) {
            for (NamedServer earlier : namedBefore) {
                if (!server.resolvesLike(earlier)) {
                    continue;
                }
                inherit(server.server().backup() ? null : primary, before.primary, server, earlier);
                inherit(backup, before.backup, server, earlier);
                break;
            }
        }
        settle();
    }

    private static void inherit(
            @Nullable PeerList list, @Nullable PeerList before, NamedServer server, NamedServer earlier) {
        if (list == null || before == null) {
            return;
        }
        List<Peer> members = new ArrayList<>(List.of(list.peers));
        for (Peer peer : before.peers) {
            if (peer.origin == earlier.line()) {
                Peer fresh = server.peer(
                        new ServiceAddress((InetSocketAddress) peer.address(), peer.server(), 0, peer.weight));
                members.add(peer.continues(fresh) ? peer : fresh);
                server.validUntil(earlier.validUntil());
            }
        }
        list.set(members);
    }

    /** Replaces the peers of a named server; those that stay keep their account. Any thread. */
    void update(NamedServer server, List<ServiceAddress> addresses) {
        Object held = lock == null ? this : lock;
        synchronized (held) {
            int lowest = Integer.MAX_VALUE;
            for (ServiceAddress address : addresses) {
                lowest = Math.min(lowest, address.priority());
            }
            List<ServiceAddress> first = new ArrayList<>();
            List<ServiceAddress> others = new ArrayList<>();
            for (ServiceAddress address : addresses) {
                (address.priority() == lowest ? first : others).add(address);
            }
            boolean changed;
            if (server.server().backup()) {
                changed = backup != null && replace(backup, server, first);
            } else {
                changed = replace(primary, server, first);
                if (server.name().isService() && backup != null) {
                    changed |= replace(backup, server, others);
                }
            }
            if (changed) {
                generation++;
                settle();
            }
        }
    }

    private static boolean replace(PeerList list, NamedServer server, List<ServiceAddress> addresses) {
        List<ServiceAddress> missing = new ArrayList<>(addresses);
        List<Peer> members = new ArrayList<>();
        boolean changed = false;
        for (Peer peer : list.peers) {
            if (peer.origin != server.line() || server.takeMatch(peer, missing)) {
                members.add(peer);
            } else {
                changed = true;
            }
        }
        for (ServiceAddress address : missing) {
            members.add(server.peer(address));
            changed = true;
        }
        if (changed) {
            list.set(members);
        }
        return changed;
    }
}
