package io.gatehouse.run;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ListenSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The listening sockets of the process. They outlive configurations: one is kept as long as the configuration in force names
 * its address. Used by the thread that starts and reloads.
 */
final class ListenSockets {
    private static final int TRIES = 5;
    private static final long PAUSE_MILLIS = 500;

    private final Map<SocketAddress, ListenSocket> open = new HashMap<>();

    /** What could not be bound, in nginx's words. */
    static final class BindFailed extends Exception {
        private static final long serialVersionUID = 1L;

        BindFailed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Binds what is not bound yet. An address in use is tried five times, half a second apart. Nothing new stays bound
     * if one of them fails.
     */
    void open(List<ListenPoint> points, ErrorLog log) throws BindFailed {
        Map<SocketAddress, ListenSocket> fresh = new HashMap<>();
        Map<SocketAddress, ListenSpec> missing = new HashMap<>();
        for (ListenPoint point : points) {
            if (!open.containsKey(point.spec().address())) {
                missing.put(point.spec().address(), point.spec());
            }
        }
        for (int attempt = 1; !missing.isEmpty(); attempt++) {
            bindAll(missing, fresh, log);
            if (missing.isEmpty()) {
                break;
            }
            if (attempt == TRIES) {
                fresh.values().forEach(ListenSocket::close);
                throw new BindFailed("still could not bind()");
            }
            log.log(Level.NOTICE, 0, "try again to bind() after " + PAUSE_MILLIS + "ms");
            pause();
        }
        open.putAll(fresh);
    }

    private static void bindAll(
            Map<SocketAddress, ListenSpec> missing, Map<SocketAddress, ListenSocket> fresh, ErrorLog log)
            throws BindFailed {
        for (ListenSpec spec : List.copyOf(missing.values())) {
            try {
                fresh.put(spec.address(), ListenSocket.bind(spec.address(), spec.options()));
                missing.remove(spec.address());
            } catch (IOException e) {
                String message = "bind() to " + spec.text() + " failed (" + Errno.text(e) + ")";
                log.log(Level.EMERG, 0, message);
                if (Errno.number(e) != Errno.EADDRINUSE) {
                    fresh.values().forEach(ListenSocket::close);
                    throw new BindFailed("");
                }
            }
        }
    }

    private static void pause() {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            while (left > 0) {
                left = never.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    ListenSocket socket(SocketAddress address) {
        ListenSocket socket = open.get(address);
        if (socket == null) {
            throw new IllegalStateException("not open: " + address);
        }
        return socket;
    }

    /** Closes those among {@code addresses}. */
    void close(Set<SocketAddress> addresses) {
        for (SocketAddress address : addresses) {
            ListenSocket socket = open.remove(address);
            if (socket != null) {
                socket.close();
            }
        }
    }

    /** Closes those that no point names. */
    Set<SocketAddress> notNamed(List<ListenPoint> points) {
        Set<SocketAddress> rest = new HashSet<>(open.keySet());
        points.forEach(point -> rest.remove(point.spec().address()));
        return rest;
    }

    Set<SocketAddress> all() {
        return Set.copyOf(open.keySet());
    }
}
