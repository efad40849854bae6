package io.gatehouse.module.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An application that does what a test tells it to, over real sockets. Texts are octet strings. */
final class Application implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    /** What happens on one connection, from its first byte to its end. */
    interface Script {
        void run(Connection connection) throws IOException;
    }

    final int port;
    /** Every head that came, in order. */
    final List<String> heads = new CopyOnWriteArrayList<>();

    final AtomicInteger connections = new AtomicInteger();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ServerSocket server;
    private final Thread accepting;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Application(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    private Application(ServerSocket socket, Script script) {
        server = socket;
        port = server.getLocalPort();
        accepting = Thread.ofVirtual().start(() -> accept(script));
    }

    /** One that speaks TLS. */
    static Application secure(SSLContext context, Consumer<SSLServerSocket> setting, Script script) throws IOException {
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        setting.accept(socket);
        return new Application(socket, script);
    }

    /** Answers every request with 200 and this body, for as long as the connection lasts. */
    static Application answering(String body) throws IOException {
        return new Application(connection -> {
            while (true) {
                connection.head();
                connection.answer(body);
            }
        });
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setSoTimeout(PATIENCE_MILLIS);
                sockets.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(script, new Connection(socket, number)));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static void serve(Script script, Connection connection) {
        try (connection) {
            script.run(connection);
        } catch (IOException e) {
            // the peer went away, as many tests want
        }
    }

    /** Notes that something happened. */
    void tell(String event) {
        events.add(event);
    }

    /** The next thing that happened. */
    String event() throws InterruptedException {
        String event = events.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return event == null ? "nothing" : event;
    }

    /** Nobody reaches it from here on: the system lets connections in for as long as a thread still waits for one. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection to the application. */
    final class Connection implements AutoCloseable {
        final int number;
        private final Socket socket;
        private final InputStream in;

        Connection(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
            try {
                this.in = socket.getInputStream();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** The next request's head, without the empty line. */
        String head() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    throw new IOException("end");
                }
                head.write(octet);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            String whole = text.substring(0, text.length() - 4);
            heads.add(whole);
            return whole;
        }

        /** What was agreed upon, if this is a connection over TLS; does the handshake if need be. */
        ExtendedSSLSession tls() {
            return (ExtendedSSLSession) ((SSLSocket) socket).getSession();
        }

        Application application() {
            return Application.this;
        }

        /** The address it comes from. */
        String remote() {
            return socket.getInetAddress().getHostAddress();
        }

        String read(int count) throws IOException {
            return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
        }

        /** Waits until the peer has closed; what comes before is dropped. */
        void awaitEnd() throws IOException {
            byte[] dropped = new byte[8192];
            int count;
            do {
                count = in.read(dropped);
            } while (count >= 0);
        }

        void send(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Nothing more is sent; the peer may. */
        void endSending() throws IOException {
            socket.shutdownOutput();
        }

        /** Closes with a TCP reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void answer(String body, String... fields) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n");
            for (String field : fields) {
                head.append(field).append("\r\n");
            }
            send(head.append("\r\n").append(body).toString());
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // it is closed
            }
        }
    }
}
