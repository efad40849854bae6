package io.gatehouse.wire;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A listening socket of Linux. */
final class EpollListenSocket extends ListenSocket {
    final NativeSocket socket;
    private final List<ErrnoException> refused = new ArrayList<>();

    private EpollListenSocket(NativeSocket socket, SocketAddress address) {
        super(address);
        this.socket = socket;
    }

    static EpollListenSocket open(SocketAddress address, ListenOptions options) throws IOException {
        NativeSocket socket = NativeSocket.open(address);
        try {
            if (address instanceof InetSocketAddress inet) {
                socket.reuseAddress();
                if (options.reusePort()) {
                    socket.reusePort();
                }
                if (inet.getAddress() instanceof Inet6Address) {
                    socket.ipv6Only(options.ipv6Only());
                }
            }
            socket.bind(address);
            if (address instanceof UnixDomainSocketAddress unix) {
                Files.setPosixFilePermissions(unix.getPath(), PosixFilePermissions.fromString("rw-rw-rw-"));
            }
            EpollListenSocket bound = new EpollListenSocket(
                    socket, address instanceof UnixDomainSocketAddress ? address : socket.local());
            bound.apply(options);
            return bound;
        } catch (IOException e) {
            socket.close();
            throw Errno.of("setsockopt", e);
        }
    }

    static EpollListenSocket takeOver(int descriptor) throws IOException {
        NativeSocket socket = NativeSocket.adopt(descriptor);
        return new EpollListenSocket(socket, socket.local());
    }

    @Override
    public void change(ListenOptions before, ListenOptions now) throws IOException {
        if (!socket.isUnix()) {
            if (now.reusePort() && !before.reusePort()) {
                attempt("setsockopt(SO_REUSEPORT)", socket::reusePort);
            }
            if (before.deferred() && !now.deferred()) {
                attempt("setsockopt(TCP_DEFER_ACCEPT, 0)", () -> socket.deferAccept(false));
            }
        }
        apply(now);
    }

    private void apply(ListenOptions options) throws IOException {
        if (options.receiveBuffer() > 0) {
            attempt(
                    "setsockopt(SO_RCVBUF, " + options.receiveBuffer() + ")",
                    () -> socket.receiveBuffer(options.receiveBuffer()));
        }
        if (options.sendBuffer() > 0) {
            attempt(
                    "setsockopt(SO_SNDBUF, " + options.sendBuffer() + ")",
                    () -> socket.sendBuffer(options.sendBuffer()));
        }
        if (!socket.isUnix()) {
            applyTcp(options);
        }
        socket.listen(options.backlog());
    }

    private void applyTcp(ListenOptions options) {
        ListenOptions.KeepAlive keepAlive = options.keepAlive();
        if (keepAlive.set()) {
            socket.keepAlive(keepAlive.on());
            if (keepAlive.on()) {
                attempt(
                        "setsockopt(TCP_KEEPIDLE)",
                        () -> socket.keepAliveTimes(keepAlive.idle(), keepAlive.interval(), keepAlive.count()));
            }
        }
        if (options.fastOpen() > 0) {
            attempt("setsockopt(TCP_FASTOPEN, " + options.fastOpen() + ")", () -> socket.fastOpen(options.fastOpen()));
        }
        if (options.deferred()) {
            attempt("setsockopt(TCP_DEFER_ACCEPT, 1)", () -> socket.deferAccept(true));
        }
    }

    private interface Setting {
        void apply() throws IOException;
    }

    private void attempt(String call, Setting setting) {
        try {
            setting.apply();
        } catch (IOException e) {
            synchronized (refused) {
                refused.add(new ErrnoException(call, Errno.number(e)));
            }
        }
    }

    @Override
    public boolean takesIpv4Too() {
        try {
            return !socket.isUnix() && socket.isIpv6() && !socket.isIpv6Only();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int descriptor() {
        return socket.number();
    }

    @Override
    public List<ErrnoException> takeRefused() {
        synchronized (refused) {
            List<ErrnoException> taken = List.copyOf(refused);
            refused.clear();
            return taken;
        }
    }

    @Override
    void closeDescriptor() {
        socket.close();
    }
}
