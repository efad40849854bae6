package io.gatehouse.wire;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Accepting with epoll: level-triggered, and exclusive so that one connection wakes one loop. */
final class EpollListening extends Listening {
    private static final EpollIoOps EXCLUSIVE_INPUT = EpollIoOps.valueOf(EpollIoOps.EPOLLIN.value() | 1 << 28);

    private final NativeSocket listener;
    private final byte[] peer = new byte[26];

    EpollListening(SocketLoop loop, EpollListenSocket socket, Acceptor acceptor) {
        super(loop, socket, acceptor);
        this.listener = socket.socket;
    }

    @Override
    void register() throws IOException {
        IoRegistration made = loop.register(new Handle());
        try {
            made.submit(EXCLUSIVE_INPUT);
        } catch (UncheckedIOException e) {
            made.cancel();
            throw Errno.of("epoll_ctl", e);
        }
        registration = made;
    }

    @Override
    boolean acceptOne() throws IOException {
        NativeSocket accepted = listener.accept(peer);
        if (accepted == null) {
            return false;
        }
        EpollSocket under = new EpollSocket(loop);
        under.socket(accepted);
        SocketWire wire = new SocketWire(loop, under, listener.peer(peer), ClosedSink.INSTANCE);
        try {
            under.register(wire, false);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
        give(wire);
        return true;
    }

    private final class Handle implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return listener.fd();
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            event();
        }

        @Override
        public void close() {
            loop.stopAccepting(socket);
        }
    }
}
