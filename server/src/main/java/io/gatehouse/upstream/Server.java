package io.gatehouse.upstream;

import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code server} line of an {@code upstream} block.
 *
 * @param address the line's first argument as written; consistent hashing hashes it
 * @param addresses what the address was resolved to; empty if it is resolved at run time
 * @param weight {@code weight=}, at least 1
 * @param maxConns {@code max_conns=}, 0 for no limit
 * @param maxFails {@code max_fails=}, 0 for never unavailable
 * @param failTimeout {@code fail_timeout=} in seconds; nginx counts failures in whole seconds
 * @param backup whether it is asked only when no other server can be
 * @param admission {@code down}, {@code drain} or neither
 * @param name what to resolve at run time ({@code resolve}), or null
 */
public record Server(
        String address,
        List<SocketAddress> addresses,
        int weight,
        int maxConns,
        int maxFails,
        long failTimeout,
        boolean backup,
        Admission admission,
        @Nullable Name name) {

    /**
     * A name that is resolved while the server runs.
     *
     * @param port the port of every address; with a service it comes from DNS
     * @param service {@code service=}, or empty
     */
    public record Name(String host, int port, String service) {
        public boolean isService() {
            return !service.isEmpty();
        }
    }

    public Server {
        addresses = List.copyOf(addresses);
        if (weight < 1) {
            throw new IllegalArgumentException("weight " + weight);
        }
    }

    /** A server with every parameter at its default. */
    public static Server of(String address, List<? extends SocketAddress> addresses) {
        return new Server(address, List.copyOf(addresses), 1, 0, 1, 10, false, Admission.OPEN, null);
    }

    /** A server whose name is resolved at run time, with every other parameter at its default. */
    public static Server resolving(String address, Name name) {
        return new Server(address, List.of(), 1, 0, 1, 10, false, Admission.OPEN, name);
    }

    public Server withWeight(int value) {
        return new Server(address, addresses, value, maxConns, maxFails, failTimeout, backup, admission, name);
    }

    public Server withMaxConns(int value) {
        return new Server(address, addresses, weight, value, maxFails, failTimeout, backup, admission, name);
    }

    public Server withMaxFails(int value) {
        return new Server(address, addresses, weight, maxConns, value, failTimeout, backup, admission, name);
    }

    public Server withFailTimeout(long seconds) {
        return new Server(address, addresses, weight, maxConns, maxFails, seconds, backup, admission, name);
    }

    public Server withBackup() {
        return new Server(address, addresses, weight, maxConns, maxFails, failTimeout, true, admission, name);
    }

    public Server with(Admission value) {
        return new Server(address, addresses, weight, maxConns, maxFails, failTimeout, backup, value, name);
    }
}
