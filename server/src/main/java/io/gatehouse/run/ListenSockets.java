package io.gatehouse.run;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.ListenSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The listening sockets of the process. They outlive configurations: one is kept as long as the configuration in force names
 * its address. Used by the thread that starts and reloads.
 */
final class ListenSockets {
    private static final int TRIES = 5;
    private static final long PAUSE_MILLIS = 500;

    private final Map<SocketAddress, ListenSocket> open = new HashMap<>();

    /**
     * Binds what is not bound yet. An address in use is tried five times, half a second apart. Nothing new stays bound
     * if one of them fails.
     *
     * @param log takes what happens, in nginx's words
     * @return whether all of them are bound
     */
    boolean open(List<SocketPlan> plans, BiConsumer<Level, String> log) {
        Map<SocketAddress, ListenSocket> fresh = new HashMap<>();
        Map<SocketAddress, ListenSpec> missing = new LinkedHashMap<>();
        for (SocketPlan plan : plans) {
            if (!open.containsKey(plan.address())) {
                missing.put(plan.address(), plan.point().spec());
            }
        }
        for (int attempt = 1; !missing.isEmpty(); attempt++) {
            boolean hopeless = !bindAll(missing, fresh, log);
            if (missing.isEmpty()) {
                break;
            }
            if (hopeless) {
                fresh.values().forEach(ListenSocket::close);
                return false;
            }
            log.accept(Level.NOTICE, "try again to bind() after " + PAUSE_MILLIS + "ms");
            if (!pause() || attempt == TRIES) {
                log.accept(Level.EMERG, "still could not bind()");
                fresh.values().forEach(ListenSocket::close);
                return false;
            }
        }
        open.putAll(fresh);
        return true;
    }

    /** Returns false if one cannot be bound and trying again would not help. */
    private static boolean bindAll(
            Map<SocketAddress, ListenSpec> missing,
            Map<SocketAddress, ListenSocket> fresh,
            BiConsumer<Level, String> log) {
        for (ListenSpec spec : List.copyOf(missing.values())) {
            try {
                ListenSocket socket = ListenSocket.bind(spec.address(), spec.options());
                fresh.put(spec.address(), socket);
                missing.remove(spec.address());
                socket.refused()
                        .forEach(e -> log.accept(
                                Level.ALERT,
                                e.call() + " for " + spec.text() + " failed (" + Errno.text(e) + "), ignored"));
            } catch (IOException e) {
                log.accept(Level.EMERG, failure(spec, e));
                if (Errno.number(e) != Errno.EADDRINUSE) {
                    return false;
                }
            }
        }
        return true;
    }

    /** nginx's line for an address that cannot be listened on. */
    static String failure(ListenSpec spec, IOException e) {
        String call = e instanceof ErrnoException known ? known.call() : "bind";
        String what = switch (call) {
            case "socket" -> "socket() " + spec.text();
            case "listen" ->
                "listen() to " + spec.text() + ", backlog " + spec.options().backlog();
            default -> "bind() to " + spec.text();
        };
        return what + " failed (" + Errno.text(e) + ")";
    }

    /** Returns false if it was interrupted. */
    private static boolean pause() {
        try {
            return !new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    ListenSocket socket(SocketAddress address) {
        ListenSocket socket = open.get(address);
        if (socket == null) {
            throw new IllegalStateException("not open: " + address);
        }
        return socket;
    }

    /** Closes those that no plan names. */
    void closeOthers(List<SocketPlan> plans) {
        Set<SocketAddress> rest = new HashSet<>(open.keySet());
        plans.forEach(plan -> rest.remove(plan.address()));
        rest.forEach(this::close);
    }

    void closeAll() {
        Set.copyOf(open.keySet()).forEach(this::close);
    }

    private void close(SocketAddress address) {
        ListenSocket socket = open.remove(address);
        if (socket != null) {
            socket.close();
        }
    }
}
