package io.gatehouse.wire;

import io.gatehouse.observe.log.DatagramTarget;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected unix datagram socket, which the JDK does not have; for syslog.
 *
 * <p>It blocks: a receiver that is slow takes few datagrams (net.unix.max_dgram_qlen, often 10), and what it has no room
 * for would be lost, although the log's own queue has room and counts. So it is for a thread that may wait.
 */
public final class UnixDatagramSocket implements DatagramTarget {
    private final Socket socket;
    private ByteBuffer direct = ByteBuffer.allocateDirect(2048);

    private UnixDatagramSocket(Socket socket) {
        this.socket = socket;
    }

    /**
     * @param path of the receiving socket, an octet string
     * @throws IOException when nobody is there, or Netty's native library is not for this machine
     */
    public static UnixDatagramSocket connect(String path) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new ErrnoException("socket", Errno.EAFNOSUPPORT);
        }
        Socket socket = Socket.newSocketDomainDgram();
        try {
            socket.connect(new DomainSocketAddress(path));
            DescriptorFlags.nonBlocking(socket.intValue(), false);
            return new UnixDatagramSocket(socket);
        } catch (IOException e) {
            socket.close();
            throw Errno.of("connect", e);
        }
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        if (direct.capacity() < message.remaining()) {
            direct = ByteBuffer.allocateDirect(message.remaining());
        }
        direct.clear().put(message);
        try {
            int _ = socket.write(direct, 0, direct.position());
        } catch (IOException e) {
            throw Errno.of("send", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
