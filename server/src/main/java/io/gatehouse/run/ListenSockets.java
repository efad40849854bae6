package io.gatehouse.run;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
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

    private final Map<SocketAddress, Listener> open = new HashMap<>();

    /**
     * Binds what is not bound yet. An address in use is tried five times, half a second apart. Nothing new stays bound
     * if one of them fails. What is bound gets the options that the plans give it.
     *
     * @param loops how many loops will accept
     * @param log takes what happens, in nginx's words
     * @return whether all of them are bound
     */
    boolean open(List<SocketPlan> plans, int loops, BiConsumer<Level, String> log) {
        Map<SocketAddress, Listener> fresh = new HashMap<>();
        Map<SocketAddress, ListenSpec> missing = new LinkedHashMap<>();
        for (SocketPlan plan : plans) {
            if (!open.containsKey(plan.address())) {
                missing.put(plan.address(), plan.point().spec());
            }
        }
        for (int attempt = 1; !missing.isEmpty(); attempt++) {
            boolean hopeless = !bindAll(missing, fresh, loops, log);
            if (missing.isEmpty()) {
                break;
            }
            if (hopeless) {
                fresh.values().forEach(Listener::close);
                return false;
            }
            log.accept(Level.NOTICE, "try again to bind() after " + PAUSE_MILLIS + "ms");
            if (!pause() || attempt == TRIES) {
                log.accept(Level.EMERG, "still could not bind()");
                fresh.values().forEach(Listener::close);
                return false;
            }
        }
        for (SocketPlan plan : plans) {
            Listener listener = open.get(plan.address());
            if (listener != null) {
                listener.become(plan.point().spec(), loops, log);
            }
        }
        open.putAll(fresh);
        return true;
    }

    /** Returns false if one cannot be bound and trying again would not help. */
    private static boolean bindAll(
            Map<SocketAddress, ListenSpec> missing,
            Map<SocketAddress, Listener> fresh,
            int loops,
            BiConsumer<Level, String> log) {
        for (ListenSpec spec : List.copyOf(missing.values())) {
            try {
                fresh.put(spec.address(), Listener.open(spec, loops, log));
                missing.remove(spec.address());
            } catch (IOException e) {
                log.accept(Level.EMERG, Listener.failure(spec, e));
                if (Errno.number(e) != Errno.EADDRINUSE) {
                    return false;
                }
            }
        }
        return true;
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

    /** The socket from which a loop accepts what comes to an address. */
    ListenSocket socket(SocketAddress address, int loop) {
        Listener listener = open.get(address);
        if (listener == null) {
            throw new IllegalStateException("not open: " + address);
        }
        return listener.of(loop);
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
        Listener listener = open.remove(address);
        if (listener != null) {
            listener.close();
        }
    }
}
