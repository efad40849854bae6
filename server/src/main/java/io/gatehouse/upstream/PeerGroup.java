package io.gatehouse.upstream;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * An {@code upstream} block, or the one that {@code proxy_pass} implies, while it runs.
 *
 * <p>Without a {@code zone} each loop has a state of its own, as each of nginx's workers has; with one, all share it,
 * and it goes on after a reload.
 */
public final class PeerGroup {
    private final String name;
    private final Balancer balancer;
    private final @Nullable String zone;
    private final List<NamedServer> named;
    private final List<Server> servers;
    private final AtomicReferenceArray<@Nullable Peers> states;

    /**
     * @param zone the name of the {@code zone}, or null
     * @param loops how many loops there may be
     * @param before what had the same zone and name before a reload, or null
     * @throws IllegalArgumentException if {@link #complaint} has something to say
     */
    public PeerGroup(
            String name,
            Balancer balancer,
            List<Server> servers,
            @Nullable String zone,
            int loops,
            @Nullable PeerGroup before) {
        String complaint = complaint(name, "the configuration", servers, zone != null, true);
        if (complaint != null) {
            throw new IllegalArgumentException(complaint);
        }
        this.name = name;
        this.balancer = balancer;
        this.zone = zone;
        this.named = named(servers);
        this.servers = List.copyOf(servers);
        this.states = new AtomicReferenceArray<>(zone == null ? loops : 1);
        if (zone != null) {
            PeerGroup same = before != null && before.continuesAs(name, zone) ? before : null;
            states.set(
                    0,
                    Peers.ofZone(
                            name,
                            balancer,
                            servers,
                            named,
                            same == null ? null : same.states.get(0),
                            same == null ? List.of() : same.named));
        }
    }

    /** The group that {@code proxy_pass} with a plain host implies. */
    public static PeerGroup implied(String name, List<? extends SocketAddress> addresses, int loops) {
        return new PeerGroup(name, RoundRobin.INSTANCE, List.of(Server.of(name, addresses)), null, loops, null);
    }

    /**
     * What is wrong with the block, in nginx's words, or null.
     *
     * @param where the block's {@code file:line}
     * @param resolver whether a resolver is configured
     */
    public static @Nullable String complaint(
            String name, String where, List<Server> servers, boolean zone, boolean resolver) {
        boolean resolves = servers.stream().anyMatch(server -> server.name() != null);
        String block = "upstream \"" + name + "\" in " + where;
        if (resolves && !zone) {
            return "resolving names at run time requires " + block + " to be in shared memory";
        }
        if (resolves && !resolver) {
            return "no resolver defined to resolve names at run time in " + block;
        }
        boolean any = servers.stream()
                .anyMatch(server -> !server.backup()
                        && (server.name() != null || !server.addresses().isEmpty()));
        return any ? null : "no servers in " + block;
    }

    private static List<NamedServer> named(List<Server> servers) {
        List<NamedServer> named = new ArrayList<>();
        for (int line = 0; line < servers.size(); line++) {
            Server server = servers.get(line);
            if (server.name() != null) {
                named.add(new NamedServer(server, server.name(), line));
            }
        }
        return List.copyOf(named);
    }

    /** Whether there are backup peers, or may be once DNS has answered. */
    static boolean hasBackups(Balancer balancer, List<Server> servers) {
        boolean resolves = false;
        for (Server server : servers) {
            if (server.backup()) {
                return true;
            }
            resolves |= server.name() != null;
        }
        return resolves && balancer.takesBackups();
    }

    private boolean continuesAs(String name, String zone) {
        return this.name.equals(name) && zone.equals(this.zone);
    }

    public String name() {
        return name;
    }

    public Balancer balancer() {
        return balancer;
    }

    /** The zone's name, or null if each loop has its own state. */
    public @Nullable String zone() {
        return zone;
    }

    /** The state that this loop's requests use; made when the loop first asks. */
    public Peers onLoop(int loopIndex) {
        int index = zone == null ? loopIndex : 0;
        Peers state = states.get(index);
        if (state == null) {
            state = Peers.ofLoop(name, balancer, servers);
            states.set(index, state);
        }
        return state;
    }

    /** The lines whose names are to be resolved while it runs. */
    public List<NamedServer> named() {
        return named;
    }

    /**
     * All peers, primary ones first, with the numbers of all loops added up. Any thread; without a zone the numbers may
     * be a moment old.
     */
    public List<PeerStatus> status(long nowMillis) {
        List<PeerStatus> sum = null;
        for (int loop = 0; loop < states.length(); loop++) {
            Peers state = states.get(loop);
            if (state == null) {
                continue;
            }
            List<PeerStatus> more = state.status(nowMillis);
            if (sum == null) {
                sum = more;
                continue;
            }
            for (int i = 0; i < sum.size(); i++) {
                sum.set(i, sum.get(i).and(more.get(i)));
            }
        }
        return sum == null ? Peers.ofLoop(name, balancer, servers).status(nowMillis) : sum;
    }
}
