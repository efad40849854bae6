package io.gatehouse.wire;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A listening socket of the JDK. It knows fewer options; an IPv6 one takes IPv4 as well. */
final class NioListenSocket extends ListenSocket {
    final ServerSocketChannel channel;
    private final List<ErrnoException> refused = new ArrayList<>();

    private NioListenSocket(ServerSocketChannel channel, SocketAddress address) {
        super(address);
        this.channel = channel;
    }

    static NioListenSocket open(SocketAddress address, ListenOptions options) throws IOException {
        ServerSocketChannel channel = openChannel(address);
        try {
            channel.configureBlocking(false);
            if (address instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                if (options.reusePort() && channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
            }
            channel.bind(address, options.backlog());
            if (address instanceof UnixDomainSocketAddress unix
                    && Files.getFileAttributeView(unix.getPath(), PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(unix.getPath(), PosixFilePermissions.fromString("rw-rw-rw-"));
            }
            NioListenSocket bound = new NioListenSocket(channel, channel.getLocalAddress());
            bound.apply(options);
            return bound;
        } catch (IOException e) {
            channel.close();
            throw Errno.of("bind", e);
        }
    }

    private static ServerSocketChannel openChannel(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        }
        InetAddress inet = ((InetSocketAddress) address).getAddress();
        return ServerSocketChannel.open(
                inet instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    }

    @Override
    public void change(ListenOptions before, ListenOptions now) {
        apply(now);
    }

    private void apply(ListenOptions options) {
        if (options.receiveBuffer() > 0) {
            attempt("SO_RCVBUF", StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
    }

    private <T> void attempt(String name, SocketOption<T> option, T value) {
        try {
            channel.setOption(option, value);
        } catch (IOException | UnsupportedOperationException e) {
            refused.add(new ErrnoException("setsockopt(" + name + ")", 92));
        }
    }

    @Override
    public boolean takesIpv4Too() {
        return address() instanceof InetSocketAddress inet && !(inet.getAddress() instanceof Inet4Address);
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public List<ErrnoException> takeRefused() {
        List<ErrnoException> taken = List.copyOf(refused);
        refused.clear();
        return taken;
    }

    @Override
    void closeDescriptor() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone whatever close says.
        }
    }
}
