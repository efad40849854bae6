package io.gatehouse.run;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ListenSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
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
    private final GivenSockets given;

    /** @param given what is open already, and is taken instead of binding */
    ListenSockets(GivenSockets given) {
        this.given = given;
    }

    /**
     * Binds what is not bound yet. An address in use is tried five times, half a second apart. Nothing new stays bound
     * if one of them fails. What was open before the process began is taken and not bound. What is bound gets the options that the plans give it.
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
        takeGiven(missing, fresh, loops, log);
        for (int attempt = 1; !missing.isEmpty(); attempt++) {
            boolean hopeless = !bindAll(missing, fresh, loops, log);
            if (missing.isEmpty()) {
                break;
            }
            if (hopeless) {
                return failed(fresh, log);
            }
            log.accept(Level.NOTICE, "try again to bind() after " + PAUSE_MILLIS + "ms");
            if (!pause() || attempt == TRIES) {
                log.accept(Level.EMERG, "still could not bind()");
                return failed(fresh, log);
            }
        }
        for (SocketPlan plan : plans) {
            Listener listener = open.get(plan.address());
            if (listener != null) {
                listener.become(plan.point().spec(), loops, log);
            }
        }
        open.putAll(fresh);
        given.closeOwn();
        return true;
    }

    private void takeGiven(
            Map<SocketAddress, ListenSpec> missing,
            Map<SocketAddress, Listener> fresh,
            int loops,
            BiConsumer<Level, String> log) {
        for (ListenSpec spec : List.copyOf(missing.values())) {
            GivenSockets.Given found = given.take(spec.address());
            if (found != null) {
                fresh.put(spec.address(), Listener.over(found, spec, loops, log));
                missing.remove(spec.address());
            }
        }
    }

    private boolean failed(Map<SocketAddress, Listener> fresh, BiConsumer<Level, String> log) {
        fresh.values().forEach(listener -> close(listener, false));
        tellUnused(log);
        return false;
    }

    /** What was given to this process and is named by no configuration. */
    void tellUnused(BiConsumer<Level, String> log) {
        given.unused().forEach(line -> log.accept(Level.WARN, line));
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

    /** What a process that is to take over needs. */
    List<GivenSockets.Passed> toPass() {
        List<GivenSockets.Passed> all = new ArrayList<>(given.toPass());
        open.values().forEach(listener -> all.add(listener.toPass()));
        return all;
    }

    /** Closes those that no plan names. */
    void closeOthers(List<SocketPlan> plans) {
        Set<SocketAddress> rest = new HashSet<>(open.keySet());
        plans.forEach(plan -> rest.remove(plan.address()));
        rest.forEach(address -> close(address, false));
    }

    /** @param keepPaths whether another process listens there now, whose files they are */
    void closeAll(boolean keepPaths) {
        Set.copyOf(open.keySet()).forEach(address -> close(address, keepPaths));
        given.close();
    }

    private void close(SocketAddress address, boolean keepPath) {
        Listener listener = open.remove(address);
        if (listener != null) {
            close(listener, keepPath);
        }
    }

    private void close(Listener listener, boolean keepPath) {
        GivenSockets.Given another = listener.close(keepPath);
        if (another != null) {
            given.giveBack(another);
        }
    }
}
