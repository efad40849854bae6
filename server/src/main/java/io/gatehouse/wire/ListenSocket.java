package io.gatehouse.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A bound and listening socket, from which loops accept. From any thread. */
public abstract class ListenSocket {
    private final SocketAddress address;
    private final Set<SocketLoop> loops = new HashSet<>();
    private boolean closing;
    private boolean removePath;

    ListenSocket(SocketAddress address) {
        this.address = address;
    }

    /**
     * Binds and listens. A unix socket's file gets mode 0666; a file that is there already is left alone, as nginx
     * does, and the address is in use.
     *
     * @throws ErrnoException naming the call ({@code socket}, {@code bind}, {@code listen}) and its error
     */
    public static ListenSocket bind(SocketAddress address, ListenOptions options) throws IOException {
        return Platform.ofProcess().bind(address, options);
    }

    /**
     * Takes over a listening socket that another program opened (socket activation, upgrade in place). Only where
     * there is epoll.
     *
     * @throws IOException if the descriptor is no listening stream socket
     */
    public static ListenSocket adopt(int descriptor) throws IOException {
        return Platform.ofProcess().adopt(descriptor);
    }

    /** The address it is bound to, with the port that the kernel chose if 0 was asked for. */
    public final SocketAddress address() {
        return address;
    }

    /** Whether it is bound to an IPv6 address and takes connections over IPv4 as well. */
    public abstract boolean takesIpv4Too();

    /** The descriptor's number where there is one, else -1. */
    public abstract int descriptor();

    /** Options that the system refused since the last call; the socket works without them. */
    public abstract List<ErrnoException> takeRefused();

    /**
     * Sets the options that may change while it listens (a reload): backlog, buffers, keep-alive and so on. Where nothing is
     * said any more, the socket keeps what it had, but for {@code deferred}; so it is in nginx.
     */
    public abstract void change(ListenOptions before, ListenOptions now) throws IOException;

    /** Closes it as soon as every loop has stopped accepting from it, which this asks them to; removes a unix path. */
    public final void close() {
        close(true);
    }

    /** As {@link #close}, but leaves a unix socket's file where it is, for a successor. */
    public final void closeKeepingPath() {
        close(false);
    }

    abstract void closeDescriptor();

    private void close(boolean remove) {
        List<SocketLoop> accepting;
        synchronized (loops) {
            if (closing) {
                return;
            }
            closing = true;
            removePath = remove;
            accepting = List.copyOf(loops);
        }
        if (accepting.isEmpty()) {
            end();
        } else {
            accepting.forEach(loop -> loop.stopAccepting(this));
        }
    }

    private void end() {
        closeDescriptor();
        if (removePath && address instanceof UnixDomainSocketAddress unix) {
            try {
                Files.deleteIfExists(unix.getPath());
            } catch (IOException e) {
                // Nobody listens there any more; the next bind will tell.
            }
        }
    }

    /** A loop begins to accept; false if the socket is closed or the loop accepts from it already. */
    final boolean join(SocketLoop loop) {
        synchronized (loops) {
            return !closing && loops.add(loop);
        }
    }

    final void leave(SocketLoop loop) {
        boolean last;
        synchronized (loops) {
            last = loops.remove(loop) && loops.isEmpty() && closing;
        }
        if (last) {
            end();
        }
    }

    /** Whether more than one loop accepts from it. */
    final boolean isShared() {
        synchronized (loops) {
            return loops.size() > 1;
        }
    }
}
