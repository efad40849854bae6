import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Many connections of HTTP/2 at once, each with many streams, as a busy server has them: answers gather, queues are full, and
 * what a connection is done with comes in other orders than with the polite client of the JDK.
 */
final class Http2Clients {
    private static final int CONNECTIONS = 8;
    private static final int STREAMS = 32;
    private static final int REQUESTS = 1_500;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final SSLContext trusting;
    private final int port;

    Http2Clients(SSLContext trusting, int port) {
        this.trusting = trusting;
        this.port = port;
    }

    /** One connection after the other in each of several threads, until the time is over. */
    void useSteadily(long nanos) throws IOException, InterruptedException {
        long end = System.nanoTime() + nanos;
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int number = i;
                all.add(() -> {
                    for (int turn = number; System.nanoTime() < end; turn++) {
                        try (Connection connection = new Connection(turn % 2 == 0)) {
                            connection.ask(turn % 3 == 0 ? "/kept/page" : "/guide/page", REQUESTS, end);
                            if (turn % 4 == 0) {
                                connection.ask("/kept/large", STREAMS, end);
                            }
                            connection.leave(turn % 3 == 0);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> one : threads.invokeAll(all)) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private final class Connection implements AutoCloseable {
        private final SSLSocket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
        private final boolean wide;
        private int stream = -1;

        /** @param wide whether it lets the server send without end, or as much as the protocol's small windows allow */
        Connection(boolean wide) throws IOException {
            this.wide = wide;
            socket = (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(5_000);
            socket.setTcpNoDelay(true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = socket.getOutputStream();
            toSend.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            if (wide) {
                // ENABLE_PUSH 0, INITIAL_WINDOW_SIZE
                frame(SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 0, 0, 4, 0x3f, -1, -1, -1});
                frame(WINDOW_UPDATE, 0, 0, number(0x3fff0000));
            } else {
                frame(SETTINGS, 0, 0, new byte[0]);
            }
        }

        private static byte[] number(int number) {
            return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        }

        private void frame(int type, int flags, int of, byte[] payload) {
            int length = payload.length;
            toSend.writeBytes(new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length});
            toSend.writeBytes(new byte[] {(byte) type, (byte) flags});
            toSend.writeBytes(number(of));
            toSend.writeBytes(payload);
        }

        /** GET by HTTPS; what the first request puts into the table (RFC 7541) the others refer to. */
        private void request(String path) {
            boolean first = stream < 0;
            stream += 2;
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x87});
            block.write(0x04); // :path, to be kept in no table
            text(block, path);
            if (first) {
                block.write(0x41);
                text(block, "localhost");
                block.write(0x7a);
                text(block, "training/1");
            } else {
                block.writeBytes(new byte[] {(byte) 0xbf, (byte) 0xbe});
            }
            frame(HEADERS, END_HEADERS | END_STREAM, stream, block.toByteArray());
        }

        private static void text(ByteArrayOutputStream block, String text) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private void send() throws IOException {
            out.write(toSend.toByteArray());
            out.flush();
            toSend.reset();
        }

        /** Asks again as soon as something was answered, so that there are always as many streams, until there were enough requests. */
        void ask(String path, int enough, long end) throws IOException {
            int asked = 0;
            for (; asked < STREAMS; asked++) {
                request(path);
            }
            send();
            for (int answered = 0; answered < asked; ) {
                if (endsStream()) {
                    answered++;
                    if (asked < enough && System.nanoTime() < end) {
                        request(path);
                        asked++;
                    }
                }
                if (in.available() == 0 && toSend.size() > 0) {
                    send();
                }
            }
        }

        /** Reads a frame. Returns whether it is the last one of an answer. */
        private boolean endsStream() throws IOException {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int of = in.readInt();
            in.skipNBytes(length);
            if (type == SETTINGS && (flags & ACK) == 0) {
                frame(SETTINGS, ACK, 0, new byte[0]);
            } else if (type == DATA && !wide && length > 0) {
                frame(WINDOW_UPDATE, 0, 0, number(length));
                if ((flags & END_STREAM) == 0) {
                    frame(WINDOW_UPDATE, 0, of, number(length));
                }
            }
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** @param politely with a last word; else while it is answered */
        void leave(boolean politely) throws IOException {
            if (politely) {
                frame(GOAWAY, 0, 0, new byte[8]);
            } else {
                for (int i = 0; i < STREAMS; i++) {
                    request("/kept/large");
                }
            }
            send();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
