package io.gatehouse.wire;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** Anywhere the JDK runs. What only Linux can (an end noticed while not reading, sockets taken over) is not there. */
final class NioPlatform implements Platform {
    @Override
    public IoHandlerFactory handlers() {
        return NioIoHandler.newFactory();
    }

    @Override
    public Wire connect(
            SocketLoop loop,
            SocketAddress remote,
            @Nullable SocketAddress local,
            boolean transparent,
            SocketBuffers buffers,
            Sink sink,
            boolean ending) {
        NioSocket under = new NioSocket(loop);
        SocketWire wire = new SocketWire(loop, under, remote, sink);
        wire.beginConnecting();
        try {
            if (ending) {
                throw new ErrnoException("connect", Errno.ECANCELED);
            }
            if (transparent) {
                throw new ErrnoException("setsockopt(IP_TRANSPARENT)", 92);
            }
            SocketChannel channel = open(remote);
            under.channel(channel);
            channel.configureBlocking(false);
            size(channel, buffers);
            if (local != null) {
                step("bind", () -> channel.bind(local));
            }
            boolean[] atOnce = new boolean[1];
            step("connect", () -> atOnce[0] = channel.connect(remote));
            under.register(wire, !atOnce[0]);
            if (atOnce[0]) {
                wire.connectEndedAtOnce(null);
            }
        } catch (IOException e) {
            wire.connectEndedAtOnce(e);
        } catch (UnresolvedAddressException | UnsupportedAddressTypeException e) {
            wire.connectEndedAtOnce(new ErrnoException("connect", Errno.EAFNOSUPPORT));
        }
        return wire;
    }

    private static void size(SocketChannel channel, SocketBuffers buffers) throws IOException {
        if (buffers.receive() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, buffers.receive());
        }
        if (buffers.send() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, buffers.send());
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void step(String call, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw Errno.of(call, e);
        }
    }

    private static SocketChannel open(SocketAddress remote) throws IOException {
        if (remote instanceof UnixDomainSocketAddress) {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
        return SocketChannel.open();
    }

    @Override
    public ListenSocket bind(SocketAddress address, ListenOptions options) throws IOException {
        if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
            throw new ErrnoException("socket", Errno.EAFNOSUPPORT);
        }
        return NioListenSocket.open(address, options);
    }

    @Override
    public ListenSocket adopt(int descriptor) throws IOException {
        throw new IOException("listening sockets can be taken over on Linux only");
    }

    @Override
    public Listening listen(SocketLoop loop, ListenSocket socket, Acceptor acceptor) {
        return new NioListening(loop, (NioListenSocket) socket, acceptor);
    }
}
