package io.gatehouse.echo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One client's connection: its requests one after the other, each answered before the next is read. */
final class EchoConnection {
    private static final int OUTPUT_BUFFER = 16 * 1024;
    private static final long MAX_LINGER_BYTES = 64L << 20;

    private final EchoServer server;
    private final Socket socket;
    private final EchoSettings settings;
    private final long number;
    private final boolean surplus;
    private final Input in;
    private final OutputStream out;

    EchoConnection(EchoServer server, Socket socket, EchoSettings settings, long number, boolean surplus)
            throws IOException {
        this.server = server;
        this.socket = socket;
        this.settings = settings;
        this.number = number;
        this.surplus = surplus;
        socket.setTcpNoDelay(true);
        in = new Input(socket, settings.nanos());
        out = new BufferedOutputStream(socket.getOutputStream(), OUTPUT_BUFFER);
    }

    /** Serves until either side ends it. */
    void serve() {
        try {
            if (surplus) {
                refuse(
                        new Answer(out, settings, false, 1, false),
                        new RequestRefused(503, settings.maxConnections() + " connections are open already"));
                return;
            }
            long request = 0;
            do {
                request++;
            } while (next(request));
        } catch (IOException ended) {
            // The client is gone; there is nobody to tell.
        } finally {
            cut();
        }
    }

    /** Answers one request; false if the connection ends with it. */
    private boolean next(long request) throws IOException {
        Answer answer = new Answer(out, settings, false, 1, false);
        try {
            RequestHead head = RequestHead.read(in, settings, request == 1);
            if (head == null) {
                return false;
            }
            boolean keepAlive = head.keepsAlive() && !server.isClosing();
            answer = new Answer(out, settings, head.isHead(), head.minor(), keepAlive);
            RequestBody body = new RequestBody(in, head, answer, settings);
            Exchange exchange =
                    new Exchange(head, Target.of(head.target()), body, answer, in, this, settings, number, request);
            Routes.answer(exchange);
            boolean stays = answer.keepsAlive() && body.isFinished();
            if (!stays && answer.hasBegun() && !socket.isClosed()) {
                linger();
            }
            return stays;
        } catch (RequestRefused refused) {
            refuse(answer, refused);
            return false;
        } catch (RuntimeException fault) {
            refuse(answer, new RequestRefused(500, "a fault of the echo application: " + fault));
            return false;
        }
    }

    private void refuse(Answer answer, RequestRefused refused) throws IOException {
        if (!answer.hasBegun()) {
            answer.forget()
                    .close()
                    .send(refused.status(), Exchange.TEXT, refused.status() + ": " + refused.why() + "\n");
        }
        linger();
    }

    /**
     * Ends our side and reads on until the client ends its own: a socket closed with bytes unread is reset, and the reset
     * can overtake the answer (RFC 9112, section 9.6).
     */
    private void linger() throws IOException {
        out.flush();
        socket.shutdownOutput();
        long deadline = settings.in(settings.lingerMillis());
        byte[] dropped = new byte[16 * 1024];
        try {
            long total = 0;
            int count = 0;
            while (count >= 0 && total < MAX_LINGER_BYTES) {
                count = in.read(dropped, 0, dropped.length, deadline);
                total += count;
            }
        } catch (SocketTimeoutException enough) {
            return;
        }
    }

    boolean serverIsClosing() {
        return server.isClosing();
    }

    OutputStream out() {
        return out;
    }

    String remoteAddress() {
        return socket.getInetAddress().getHostAddress();
    }

    int remotePort() {
        return socket.getPort();
    }

    /** Ends it with a reset instead of an orderly end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Makes whoever waits for the client's next bytes see an end. Any thread. */
    void hangUp() {
        try {
            socket.shutdownInput();
        } catch (IOException closedAlready) {
            // That is what was wanted.
        }
    }

    /** Closes the socket. Any thread. */
    void cut() {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            // That is what was wanted.
        }
    }
}
