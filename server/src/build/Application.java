import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What the server stands in front of: answers everything, and echoes what comes through an upgrade. */
final class Application implements AutoCloseable {
    /** More than one buffer of the server. */
    private static final String LARGE = "hello, hello, hello, hello, hello\n".repeat(1000);

    private final ServerSocket listening;

    Application() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                if (head.contains("Upgrade: websocket")) {
                    Clients.send(
                            socket,
                            "HTTP/1.1 101 Switching Protocols\r\n"
                                    + "Connection: upgrade\r\n"
                                    + "Upgrade: websocket\r\n\r\n");
                    in.transferTo(socket.getOutputStream());
                    return;
                }
                if (head.startsWith("POST")) {
                    in.readNBytes(5);
                }
                Clients.send(socket, head.contains("/large ") ? answer(LARGE) : answer("hello\n"));
            }
        } catch (IOException e) {
            // The client went away; nothing is lost.
        }
    }

    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A head with its empty line; nothing at the end of the stream. */
    static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                return "";
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
