package io.gatehouse.wire;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepting with a selector. */
final class NioListening extends Listening {
    private final ServerSocketChannel listener;

    NioListening(SocketLoop loop, NioListenSocket socket, Acceptor acceptor) {
        super(loop, socket, acceptor);
        this.listener = socket.channel;
    }

    @Override
    void register() throws IOException {
        IoRegistration made = registration;
        if (made == null) {
            registration = made = loop.register(new Handle());
        }
        made.submit(NioIoOps.ACCEPT);
    }

    @Override
    boolean linesUpAgain() {
        return false;
    }

    @Override
    boolean acceptOne() throws IOException {
        SocketChannel accepted = listener.accept();
        if (accepted == null) {
            return false;
        }
        accepted.configureBlocking(false);
        NioSocket under = new NioSocket(loop);
        under.channel(accepted);
        SocketWire wire = new SocketWire(loop, under, accepted.getRemoteAddress(), ClosedSink.INSTANCE);
        try {
            under.register(wire, false);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
        give(wire);
        return true;
    }

    private final class Handle implements NioIoHandle {
        @Override
        public SelectableChannel selectableChannel() {
            return listener;
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
