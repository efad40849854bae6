package io.gatehouse.run;

import io.gatehouse.text.Ascii;
import io.gatehouse.wire.ListenSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that were opened for this process before it began, by systemd as a rule (sd_listen_fds(3), "socket
 * activation"). They are taken by the addresses of the configuration that they are bound to, and given back when a reload
 * no longer names those: whoever opened them keeps them open anyway. Used by the thread that starts and reloads.
 */
final class GivenSockets {
    private static final int FIRST = 3;
    /** More than any unit has; a number that is no account of sockets must not have thousands of descriptors tried. */
    private static final int MOST = 1024;

    /** The name of a socket that a process of this program opened for itself and has handed down: it is ours to remove. */
    private static final String HANDED_DOWN = "gatehouse-own";

    /**
     * A socket that was given.
     *
     * @param name as it was given with it, perhaps empty
     */
    record Given(ListenSocket socket, int number, String name) {
        /** Whether it is ours, and not that of one who keeps it. */
        boolean isOwn() {
            return name.equals(HANDED_DOWN);
        }

        private String text() {
            return "descriptor " + number + (name.isEmpty() ? "" : ", \"" + name + "\"");
        }
    }

    /** A descriptor that is to be given to another process. */
    record Passed(int descriptor, String name) {}

    private final Map<SocketAddress, Given> waiting = new LinkedHashMap<>();
    private final List<String> useless = new ArrayList<>();

    private GivenSockets() {}

    /** What a process was given that takes nothing from others. */
    static GivenSockets none() {
        return new GivenSockets();
    }

    /** Whether this process was given any. */
    static boolean areThere() {
        return count(System.getenv()) > 0;
    }

    /** Those that this process was given; to be asked for once. */
    static GivenSockets ofProcess() {
        Map<String, String> environment = System.getenv();
        GivenSockets given = new GivenSockets();
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        int count = count(environment);
        for (int i = 0; i < count; i++) {
            given.add(FIRST + i, i < names.length ? names[i] : "");
        }
        return given;
    }

    /** The variables are meant for one process, not for what it starts. */
    private static int count(Map<String, String> environment) {
        if (Ascii.decimal(environment.getOrDefault("LISTEN_PID", ""))
                != ProcessHandle.current().pid()) {
            return 0;
        }
        return Math.clamp(Ascii.decimal(environment.getOrDefault("LISTEN_FDS", "")), 0, MOST);
    }

    /** What another process of this program has to be started with to get these. */
    static Map<String, String> environment(List<Passed> sockets) {
        return Map.of(
                "LISTEN_FDS",
                Integer.toString(sockets.size()),
                "LISTEN_FDNAMES",
                sockets.stream().map(Passed::name).collect(Collectors.joining(":")));
    }

    private void add(int descriptor, String name) {
        try {
            ListenSocket socket = ListenSocket.adopt(descriptor);
            Given given = new Given(socket, descriptor, name);
            Given there = waiting.putIfAbsent(socket.address(), given);
            if (there != null) {
                useless.add(said(socket.address(), given) + " is bound as " + there.text() + " is");
            }
        } catch (IOException e) {
            useless.add("what was passed to this process as descriptor " + descriptor
                    + " is no listening stream socket (" + e.getMessage() + ")");
        }
    }

    /** The socket that is bound to the address, for good or until it is given back; null if there is none. */
    @Nullable
    Given take(SocketAddress address) {
        return waiting.remove(address);
    }

    /** No address of the configuration needs it any more. */
    void giveBack(Given given) {
        waiting.put(given.socket().address(), given);
    }

    /** Those that no address of the configuration needs. */
    List<Passed> toPass() {
        return waiting.values().stream()
                .map(given -> new Passed(given.number(), given.name()))
                .toList();
    }

    /** The same for one that this process opened itself. */
    static Passed own(ListenSocket socket) {
        return new Passed(socket.descriptor(), HANDED_DOWN);
    }

    /** What was given and is of no use to the configuration: a line for each. */
    List<String> unused() {
        List<String> lines = new ArrayList<>(useless);
        waiting.forEach((address, one) -> {
            if (!one.isOwn()) {
                lines.add(said(address, one) + " is named by no \"listen\", who connects there waits in vain");
            }
        });
        return lines;
    }

    /** Closes what is ours and was not needed: the configuration has changed since it was opened. */
    void closeOwn() {
        waiting.values().removeIf(one -> {
            if (one.isOwn()) {
                one.socket().close();
            }
            return one.isOwn();
        });
    }

    private static String said(SocketAddress address, Given given) {
        String where =
                address instanceof InetSocketAddress inet ? host(inet) + ":" + inet.getPort() : "unix:" + address;
        return "the socket " + where + " that was passed to this process (" + given.text() + ")";
    }

    private static String host(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        if (host.indexOf(':') < 0) {
            return host;
        }
        return address.getAddress().isAnyLocalAddress() ? "[::]" : "[" + host + "]";
    }

    /** At the end of the process. */
    void close() {
        waiting.values().forEach(one -> one.socket().closeKeepingPath());
        waiting.clear();
    }
}
