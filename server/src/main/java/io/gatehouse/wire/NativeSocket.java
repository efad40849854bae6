package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking stream socket of Linux: the one place, with {@link HiddenCalls}, that touches Netty's native calls, which call
 * themselves internal. Every call checks the bounds that Netty's do not. Errors are {@link ErrnoException}s.
 */
final class NativeSocket {
    private static final int IPPROTO_IP = 0;
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_IPV6 = 41;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int AF_UNIX = 1;
    private static final int AF_INET6 = 10;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_INFO = 11;
    private static final int TCP_FASTOPEN = 23;
    private static final int IPV6_V6ONLY = 26;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int IPV6_TRANSPARENT = 75;

    static {
        Errno.load();
        HiddenCalls.load();
    }

    private final LinuxSocket socket;
    private final boolean unix;

    private NativeSocket(LinuxSocket socket, boolean unix) {
        this.socket = socket;
        this.unix = unix;
    }

    /** A new socket of the family that {@code address} needs. */
    static NativeSocket open(SocketAddress address) throws IOException {
        try {
            if (address instanceof InetSocketAddress inet) {
                boolean v6 = inet.getAddress() instanceof Inet6Address;
                return new NativeSocket(LinuxSocket.newSocketStream(v6), false);
            }
            if (address instanceof UnixDomainSocketAddress) {
                return new NativeSocket(LinuxSocket.newSocketDomain(), true);
            }
        } catch (ChannelException e) {
            throw e.getCause() instanceof IOException cause ? Errno.of("socket", cause) : new IOException(e);
        }
        throw new ErrnoException("socket", Errno.EAFNOSUPPORT);
    }

    /** A listening socket that was opened elsewhere; made non-blocking. */
    static NativeSocket adopt(int descriptor) throws IOException {
        LinuxSocket socket = new NativeSocket(LinuxSocket.newSocket(descriptor), false).socket;
        try {
            if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
                throw new ErrnoException("getsockopt(SO_ACCEPTCONN)", Errno.EINVAL);
            }
            boolean unix = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
            DescriptorFlags.nonBlocking(descriptor, true);
            return new NativeSocket(socket, unix);
        } catch (IOException e) {
            throw Errno.of("getsockopt", e);
        }
    }

    FileDescriptor fd() {
        return socket;
    }

    int number() {
        return socket.intValue();
    }

    boolean isUnix() {
        return unix;
    }

    boolean isIpv6() throws IOException {
        return socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_INET6;
    }

    // -- listening

    void reuseAddress() throws IOException {
        socket.setReuseAddress(true);
    }

    void reusePort() throws IOException {
        socket.setReusePort(true);
    }

    void ipv6Only(boolean on) throws IOException {
        socket.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, on ? 1 : 0);
    }

    boolean isIpv6Only() throws IOException {
        return socket.getIntOpt(IPPROTO_IPV6, IPV6_V6ONLY) != 0;
    }

    void receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
    }

    void sendBuffer(int bytes) throws IOException {
        socket.setSendBufferSize(bytes);
    }

    void keepAliveTimes(int idle, int interval, int count) throws IOException {
        if (idle > 0) {
            socket.setIntOpt(IPPROTO_TCP, TCP_KEEPIDLE, idle);
        }
        if (interval > 0) {
            socket.setIntOpt(IPPROTO_TCP, TCP_KEEPINTVL, interval);
        }
        if (count > 0) {
            socket.setIntOpt(IPPROTO_TCP, TCP_KEEPCNT, count);
        }
    }

    void fastOpen(int queue) throws IOException {
        socket.setIntOpt(IPPROTO_TCP, TCP_FASTOPEN, queue);
    }

    void deferAccept(boolean on) throws IOException {
        socket.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, on ? 1 : 0);
    }

    void bind(SocketAddress address) throws IOException {
        try {
            socket.bind(nettys(address));
        } catch (IOException e) {
            throw Errno.of("bind", e);
        }
    }

    void listen(int backlog) throws IOException {
        try {
            socket.listen(backlog);
        } catch (IOException e) {
            throw Errno.of("listen", e);
        }
    }

    /** The next connection, null if none waits. {@code peer} (26 bytes or more) receives its address. */
    @Nullable
    NativeSocket accept(byte[] peer) throws IOException {
        int descriptor;
        try {
            descriptor = socket.accept(peer);
        } catch (IOException e) {
            throw Errno.of("accept", e);
        }
        return descriptor < 0 ? null : new NativeSocket(LinuxSocket.newSocket(descriptor), unix);
    }

    /** The address that {@link #accept} left in {@code peer}. */
    SocketAddress peer(byte[] peer) {
        return unix ? UnixDomainSocketAddress.of("") : NativeInetAddress.address(peer, 1, peer[0]);
    }

    // -- connecting

    /** Lets this socket be bound to, or reached at, an address that is not this machine's. */
    void transparent(boolean v6) throws IOException {
        try {
            if (v6) {
                socket.setIntOpt(IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
            } else {
                socket.setIntOpt(IPPROTO_IP, IP_TRANSPARENT, 1);
            }
        } catch (IOException e) {
            throw Errno.of("setsockopt(IP_TRANSPARENT)", e);
        }
    }

    /** The port is chosen at connect, so that one is shared by connections to different peers. */
    void bindAddressNoPort() {
        try {
            socket.setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        } catch (IOException e) {
            // Older kernels lack it; binding works without.
        }
    }

    /** Begins to connect; true if it is established at once. */
    boolean connect(SocketAddress remote) throws IOException {
        if (HiddenCalls.canConnect() && remote instanceof InetSocketAddress inet) {
            return HiddenCalls.connect(socket, inet);
        }
        try {
            return socket.connect(nettys(remote));
        } catch (IOException e) {
            throw Errno.of("connect", e);
        }
    }

    /** Takes the pending error: 0 if there is none. */
    int takeError() {
        try {
            return socket.getSoError();
        } catch (IOException e) {
            return Math.max(1, Errno.number(e));
        }
    }

    // -- bytes

    /** Receives into [index, index + length) of a direct buffer: the number of bytes; 0: none now; -1: end of stream. */
    int receive(ByteBuf into, int index, int length) throws IOException {
        if (index < 0 || length <= 0 || index > into.capacity() - length) {
            throw new IndexOutOfBoundsException();
        }
        try {
            if (into.hasMemoryAddress()) {
                return socket.recvAddress(into.memoryAddress(), index, index + length);
            }
            ByteBuffer nio = into.internalNioBuffer(index, length);
            return socket.recv(nio, nio.position(), nio.limit());
        } catch (IOException e) {
            throw Errno.of("recv", e);
        }
    }

    /** Sends what is readable of one direct buffer; the number of bytes taken, 0 if none now. */
    int send(ByteBuf buffer) throws IOException {
        int index = buffer.readerIndex();
        int length = buffer.readableBytes();
        try {
            if (buffer.hasMemoryAddress()) {
                return socket.sendAddress(buffer.memoryAddress(), index, index + length);
            }
            ByteBuffer nio = buffer.internalNioBuffer(index, length);
            return socket.send(nio, nio.position(), nio.limit());
        } catch (IOException e) {
            throw Errno.of("send", e);
        }
    }

    /** Sends gathered buffers; the number of bytes taken, 0 if none now. */
    long send(IovArray buffers) throws IOException {
        try {
            return socket.writevAddresses(buffers.memoryAddress(0), buffers.count());
        } catch (IOException e) {
            throw Errno.of("writev", e);
        }
    }

    static boolean canSendFiles() {
        return HiddenCalls.canSendFiles();
    }

    /** Sends part of a file; the number of bytes taken, 0 if none now or the file ends before {@code offset}. */
    long sendFile(DefaultFileRegion file, long offset, long length) throws IOException {
        return HiddenCalls.sendFile(socket, file, offset, length);
    }

    // -- the rest

    void shutdownOutput() {
        try {
            socket.shutdown(false, true);
        } catch (IOException | NotYetConnectedException e) {
            // The peer has reset it; the event that says so is on its way.
        }
    }

    void lingerZero() {
        try {
            socket.setSoLinger(0);
        } catch (IOException e) {
            // Then it is closed the ordinary way.
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is gone whatever close says.
        }
    }

    void noDelay(boolean on) {
        try {
            socket.setTcpNoDelay(on);
        } catch (IOException e) {
            // A reset socket refuses options; the event that says so is on its way.
        }
    }

    void keepAlive(boolean on) {
        try {
            socket.setKeepAlive(on);
        } catch (IOException e) {
            // As above.
        }
    }

    SocketAddress local() {
        if (unix) {
            DomainSocketAddress path = socket.localDomainSocketAddress();
            return UnixDomainSocketAddress.of(path == null ? "" : path.path());
        }
        InetSocketAddress address = socket.localAddress();
        return address != null ? address : new InetSocketAddress(0);
    }

    /** As {@link Wire#tcpInfo}. */
    long @Nullable [] tcpInfo() {
        if (unix) {
            return null;
        }
        ByteBuffer info = ByteBuffer.allocate(104).order(ByteOrder.nativeOrder());
        try {
            socket.getRawOpt(IPPROTO_TCP, TCP_INFO, info);
        } catch (IOException e) {
            return null;
        }
        return new long[] {unsigned(info, 68), unsigned(info, 72), unsigned(info, 80), unsigned(info, 96)};
    }

    private static long unsigned(ByteBuffer info, int offset) {
        return Integer.toUnsignedLong(info.getInt(offset));
    }

    private static SocketAddress nettys(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }
}
