package io.gatehouse.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** An application on a real socket: what it accepted, and how that ends. */
final class App implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> accepted = new ArrayList<>();

    App() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(20_000);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    Socket accept() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout(20_000);
        accepted.add(socket);
        return socket;
    }

    /** Waits until the other side has closed the connection. */
    static void awaitEnd(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() != -1) {
                throw new AssertionError("bytes");
            }
        } catch (java.net.SocketException e) {
            // A reset is an end, too: bytes were unread.
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : accepted) {
            socket.close();
        }
        listener.close();
    }
}
