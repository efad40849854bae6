package io.gatehouse.wire;

import io.gatehouse.observe.log.DatagramTarget;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connected unix datagram socket, which the JDK does not have; for a log thread that may wait in it. */
public final class UnixDatagram implements DatagramTarget {
    private final Socket socket;

    private UnixDatagram(Socket socket) {
        this.socket = socket;
    }

    /**
     * Connects to the socket at a path, an octet string.
     *
     * @throws IOException if there is none, or no native library for it
     */
    public static UnixDatagram connect(String path) throws IOException {
        if (!Loops.usesEpoll()) {
            throw new IOException("unix datagram sockets need Linux");
        }
        Socket socket = Socket.newSocketDomainDgram();
        try {
            String text = new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            socket.connect(new DomainSocketAddress(text));
            return new UnixDatagram(socket);
        } catch (IOException e) {
            socket.close();
            throw Errno.of("connect", e);
        }
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        ByteBuffer direct = message;
        if (!message.isDirect()) {
            direct = ByteBuffer.allocateDirect(message.remaining());
            direct.put(message).flip();
        }
        try {
            socket.send(direct, direct.position(), direct.limit());
            message.position(message.limit());
        } catch (IOException e) {
            throw Errno.of("send", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
