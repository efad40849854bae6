package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Joins two wires of one loop and passes bytes both ways, as after {@code 101 Switching Protocols}. A side is not read
 * while the other has much queued; an end of one side is passed on to the other. No buffer is held while nothing flows.
 *
 * <p>On the loop of the wires. It becomes the sink of both.
 */
public final class Tunnel {
    /** A side with more than this queued holds the other back. */
    private static final long MOST_QUEUED = 256 * 1024;

    private final Wire client;
    private final Wire application;
    private final Watcher watcher;
    private final Side fromClient;
    private final Side fromApplication;
    private boolean over;

    /** What the owner of a tunnel hears of it: enough for idle times, logs and cleaning up. */
    public interface Watcher {
        /** Bytes came from a wire and were passed on; moves its idle deadline. Called for every read. */
        default void moved(Wire from, int bytes) {}

        /** The wire takes no more for now: its peer is slow. */
        default void blocked(Wire to) {}

        /** The wire has taken everything that was queued when it was {@link #blocked}. */
        default void drained(Wire to) {}

        /**
         * The tunnel is over and both wires are closed, or closing as soon as what is queued has been sent; {@link
         * Tunnel#close} puts an end to a peer that never takes it.
         *
         * @param side the wire that ended it: the later one of two that ended in order, or the one that broke
         * @param cause the error, or null if both sides ended in order
         */
        void ended(Wire side, @Nullable IOException cause);
    }

    private Tunnel(Wire client, Wire application, Watcher watcher) {
        this.client = client;
        this.application = application;
        this.watcher = watcher;
        this.fromClient = new Side(client, application);
        this.fromApplication = new Side(application, client);
    }

    /**
     * Joins the wires. What is queued on them is sent first.
     *
     * @param client the wire that asked for the tunnel
     * @param application the wire that granted it
     */
    public static Tunnel join(Wire client, Wire application, Watcher watcher) {
        Tunnel tunnel = new Tunnel(client, application, watcher);
        client.sink(tunnel.fromClient);
        application.sink(tunnel.fromApplication);
        client.flush();
        application.flush();
        tunnel.fromClient.begin();
        tunnel.fromApplication.begin();
        return tunnel;
    }

    /** Ends it now, as for a time-out: closes both wires. The watcher is not called. */
    public void close() {
        over = true;
        client.close();
        application.close();
    }

    /** Bytes that the client has sent over its wire, before the tunnel and in it. */
    public long bytesFromClient() {
        return client.bytesReceived();
    }

    /** Bytes that the application has sent over its wire, before the tunnel and in it. */
    public long bytesFromApplication() {
        return application.bytesReceived();
    }

    public Wire client() {
        return client;
    }

    public Wire application() {
        return application;
    }

    private void end(Wire side, @Nullable IOException cause) {
        if (!over) {
            over = true;
            client.reading(false);
            application.reading(false);
            if (cause == null) {
                client.closeWhenSent();
            } else {
                client.breakWhenSent();
            }
            application.closeWhenSent();
            watcher.ended(side, cause);
        }
    }

    /** One direction: the sink of the wire that the bytes come from. */
    private final class Side implements Sink {
        private final Wire from;
        private final Wire to;
        private boolean ended;

        Side(Wire from, Wire to) {
            this.from = from;
            this.to = to;
        }

        private void begin() {
            from.reading(to.queued() <= MOST_QUEUED);
        }

        @Override
        public void onBytes(Wire wire, ByteBuf borrowed) {
            int length = borrowed.readableBytes();
            boolean flowing = to.queued() == 0;
            to.write(borrowed.readRetainedSlice(length));
            to.flush();
            watcher.moved(from, length);
            long queued = to.queued();
            if (queued != 0) {
                if (queued > MOST_QUEUED) {
                    from.reading(false);
                }
                if (flowing) {
                    watcher.blocked(to);
                }
            }
        }

        /** The wire that this side reads from has taken what the other side sent. */
        @Override
        public void onWritable(Wire wire) {
            to.reading(!over);
            watcher.drained(from);
        }

        @Override
        public void onEnd(Wire wire) {
            ended = true;
            to.shutOutput();
            if (fromClient.ended && fromApplication.ended) {
                end(wire, null);
            }
        }

        @Override
        public void onClosed(Wire wire, @Nullable IOException cause) {
            end(wire, cause);
        }
    }
}
