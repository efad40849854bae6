package io.gatehouse.echo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The echo application on one listening socket, from {@link #start} to {@link #close}; a virtual thread a connection. It
 * prints nothing. Any thread may use it.
 */
public final class EchoServer implements AutoCloseable {
    private static final int BACKLOG = 511;
    /** Of connections beyond the limit, as many are told so; more are just closed. */
    private static final int REFUSALS = 64;

    private final ServerSocket listener;
    private final EchoSettings settings;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("echo-", 0).factory());
    private final Set<EchoConnection> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    private EchoServer(ServerSocket listener, EchoSettings settings) {
        this.listener = listener;
        this.settings = settings;
    }

    /**
     * Listens there and answers from then on; port 0 takes any free one.
     *
     * @throws IOException if it cannot listen there; the message says where and why
     */
    public static EchoServer start(InetSocketAddress address) throws IOException {
        return start(address, EchoSettings.standard());
    }

    static EchoServer start(InetSocketAddress address, EchoSettings settings) throws IOException {
        EchoServer server = new EchoServer(listen(address), settings);
        server.threads.execute(server::accept);
        return server;
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        String where = address.getHostString() + ":" + address.getPort();
        if (address.isUnresolved()) {
            throw new IOException("echo cannot listen on " + where + ": no address is known for that name");
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(address, BACKLOG);
            return socket;
        } catch (IOException failed) {
            socket.close();
            String message = String.valueOf(failed.getMessage());
            String why = message;
            if (failed instanceof BindException && message.contains("in use")) {
                why = "the port is in use by another program";
            } else if (message.contains("Permission denied")) {
                why = "ports below 1024 need a privilege that this user lacks";
            } else if (message.contains("Cannot assign")) {
                why = "this machine does not have that address";
            }
            throw new IOException("echo cannot listen on " + where + ": " + why, failed);
        }
    }

    /** The port it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void accept() {
        long number = 0;
        boolean ended = false;
        while (!ended) {
            try {
                Socket socket = listener.accept();
                number++;
                admit(socket, number);
            } catch (IOException failed) {
                // Closed by close(), or out of file descriptors: then others must end first.
                ended = awaitClosing();
            }
        }
    }

    /** Waits a tenth of a second, or until it closes. */
    private boolean awaitClosing() {
        try {
            return closing.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void admit(Socket socket, long number) throws IOException {
        int count = open.size();
        if (count >= settings.maxConnections() + REFUSALS) {
            socket.close();
            return;
        }
        try {
            EchoConnection connection =
                    new EchoConnection(this, socket, settings, number, count >= settings.maxConnections());
            open.add(connection);
            threads.execute(() -> serve(connection));
        } catch (SocketException | RejectedExecutionException tooLate) {
            // The client is gone already, or close() was faster.
            socket.close();
        }
    }

    private void serve(EchoConnection connection) {
        try {
            connection.serve();
        } finally {
            open.remove(connection);
        }
    }

    /** Stops listening, says goodbye on WebSockets (1001), and ends every connection within a second. */
    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
        } catch (IOException ignored) {
            // It is closed whatever it says.
        }
        open.forEach(EchoConnection::hangUp);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
                // An interrupted virtual thread closes the socket it waits for.
                threads.shutdownNow();
                open.forEach(EchoConnection::cut);
            }
        } catch (InterruptedException hurried) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
