package io.gatehouse.run;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.ListenOptions;
import io.gatehouse.wire.ListenSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What listens on one address: a socket from which all loops accept, or, with {@code reuseport}, one for each loop, among
 * which the kernel spreads the connections. Used by the thread that starts and reloads.
 */
final class Listener {
    private final List<ListenSocket> sockets = new ArrayList<>();
    private final GivenSockets.@Nullable Given given;
    private ListenSpec spec;

    private Listener(ListenSpec spec, GivenSockets.@Nullable Given given) {
        this.spec = spec;
        this.given = given;
    }

    /**
     * Binds. Nothing stays bound if it fails.
     *
     * @param loops how many loops will accept
     * @throws ErrnoException naming the call
     */
    static Listener open(ListenSpec spec, int loops, BiConsumer<Level, String> log) throws IOException {
        Listener made = new Listener(spec, null);
        try {
            made.sockets.add(ListenSocket.bind(spec.address(), spec.options()));
            made.bindRest(spec, loops);
        } catch (IOException e) {
            GivenSockets.Given _ = made.close(false);
            throw e;
        }
        made.tellRefused(spec, log);
        return made;
    }

    /** Takes a socket that was opened for this process, and gives it the options of the configuration. */
    static Listener over(GivenSockets.Given given, ListenSpec spec, int loops, BiConsumer<Level, String> log) {
        ListenSocket socket = given.socket();
        Listener made = new Listener(spec, given);
        made.sockets.add(socket);
        made.change(socket, ListenOptions.DEFAULT, log);
        made.addRest(spec, loops, log);
        made.tellRefused(spec, log);
        if (socket.takesIpv4Too() == spec.options().ipv6Only()
                && spec.address() instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet6Address) {
            log.accept(
                    Level.WARN,
                    "the socket of " + spec.text() + " was passed to this process as one that takes "
                            + (socket.takesIpv4Too() ? "IPv4 too" : "no IPv4") + ", whatever \"ipv6only\" says");
        }
        return made;
    }

    /** A socket for each loop that has none. One that cannot be bound leaves things as they were. */
    private void bindRest(ListenSpec wanted, int loops) throws IOException {
        ListenSocket first = sockets.getFirst();
        if (!wanted.options().reusePort() || !(first.address() instanceof InetSocketAddress)) {
            return;
        }
        while (sockets.size() < loops) {
            sockets.add(ListenSocket.bind(first.address(), wanted.options()));
        }
    }

    /** The socket that a loop accepts from. */
    ListenSocket of(int loop) {
        return sockets.get(loop % sockets.size());
    }

    /**
     * Gives the open sockets the options of a new configuration, as nginx does; what a bound socket cannot change any more
     * is told.
     */
    void become(ListenSpec next, int loops, BiConsumer<Level, String> log) {
        ListenSpec before = spec;
        spec = next;
        if (before.options().equals(next.options())) {
            return;
        }
        if (before.options().ipv6Only() != next.options().ipv6Only()) {
            log.accept(Level.WARN, "\"ipv6only\" of " + next.text() + " stays as it is until the next start");
        }
        for (ListenSocket socket : sockets) {
            change(socket, before.options(), log);
        }
        addRest(next, loops, log);
        if (!next.options().reusePort()) {
            while (sockets.size() > 1) {
                close(sockets.removeLast(), false);
            }
        }
        tellRefused(next, log);
    }

    private void addRest(ListenSpec wanted, int loops, BiConsumer<Level, String> log) {
        try {
            bindRest(wanted, loops);
        } catch (IOException e) {
            log.accept(
                    Level.ALERT,
                    "a socket of its own for each worker cannot be had: " + failure(wanted, e) + ", ignored");
        }
    }

    private void change(ListenSocket socket, ListenOptions before, BiConsumer<Level, String> log) {
        try {
            socket.change(before, spec.options());
        } catch (IOException e) {
            log.accept(Level.ALERT, failure(spec, e) + ", ignored");
        }
    }

    private void tellRefused(ListenSpec of, BiConsumer<Level, String> log) {
        for (ListenSocket socket : sockets) {
            for (ErrnoException e : socket.takeRefused()) {
                log.accept(Level.ALERT, e.call() + " for " + of.text() + " failed (" + Errno.text(e) + "), ignored");
            }
        }
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

    /** What another process needs to listen on the same address. */
    GivenSockets.Passed toPass() {
        return given == null
                ? GivenSockets.own(sockets.getFirst())
                : new GivenSockets.Passed(sockets.getFirst().descriptor(), given.name());
    }

    /**
     * Closes what is this process's own.
     *
     * @param keepPath whether another process listens there now
     * @return what is another's, if it has that
     */
    GivenSockets.@Nullable Given close(boolean keepPath) {
        boolean isOwn = given == null || given.isOwn();
        if (!isOwn) {
            sockets.removeFirst();
        }
        sockets.forEach(socket -> close(socket, isOwn && !keepPath));
        sockets.clear();
        return isOwn ? null : given;
    }

    /** The path is not left to the loop that leaves last: perhaps only this thread may remove anything in its folder. */
    private static void close(ListenSocket socket, boolean withPath) {
        socket.closeKeepingPath();
        if (withPath && socket.address() instanceof UnixDomainSocketAddress unix) {
            try {
                Files.deleteIfExists(unix.getPath());
            } catch (IOException e) {
                // Nobody listens there any more; the next bind will tell.
            }
        }
    }
}
