package io.gatehouse.protocol.http2;

import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.ClientBody;
import io.gatehouse.protocol.RequestFields;
import io.gatehouse.wire.Deadline;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of one stream's request. The client may send as much as its window lets it: at first what the server is ready to keep
 * ({@code http2_body_preread_size}), and more once somebody takes it. What comes while nobody takes it is kept here, and is
 * never more than the window.
 */
final class Http2Body extends ClientBody {
    /** How far the window of a body that is being read opens, if the connection has that much left to give. */
    static final int WINDOW = 1 << 20;

    private final Http2Connection connection;
    private final int stream;
    private final ReceiveWindow window;
    /** The client has sent all. */
    private boolean ended;

    private @Nullable ByteBuf early;
    private boolean skips;
    private @Nullable Deadline deadline;

    Http2Body(Http2Connection connection, int stream, int window) {
        this.connection = connection;
        this.stream = stream;
        this.window = new ReceiveWindow(connection, stream, window);
    }

    /** What the head said of it. */
    void begin(RequestFields head, boolean endStream) {
        expectsContinue = head.expectsContinue;
        length = head.contentLength >= 0 ? head.contentLength : endStream ? 0 : UNKNOWN_LENGTH;
        complete = endStream || length == 0;
        ended = endStream;
    }

    /** There is none, whatever the client sends: the stream becomes a tunnel. */
    void beginNone() {
        length = 0;
        complete = true;
    }

    // ---------------------------------------------------------------- who takes it

    @Override
    public void read(Receiver to) {
        begin(to);
        if (failure != 0) {
            to.onBodyFailed(exchange, failure);
            return;
        }
        if (complete) {
            to.onBodyEnd(exchange);
            return;
        }
        if (expectsContinue && !exchange.isHeadSent() && !ended && early == null) {
            expectsContinue = false;
            connection.sendContinue(stream, exchange);
        }
        if (!ended) {
            window.widen(WINDOW);
        }
        demand(true);
    }

    @Override
    public void demand(boolean on) {
        if (demanded == on || isSettled() || receiver == null) {
            return;
        }
        demanded = on;
        if (on) {
            deliverEarly();
            openWindow();
        }
        watch();
    }

    @Override
    public int discard() {
        receiver = null;
        if (complete || discarding) {
            return 0;
        }
        discarding = true;
        complete = ended;
        releaseEarly();
        watch();
        return failure;
    }

    /** What was kept goes to who takes it now. */
    private void deliverEarly() {
        ByteBuf kept = early;
        early = null;
        if (kept != null) {
            try {
                deliver(kept, kept.readableBytes());
            } finally {
                kept.release();
            }
        }
        if (ended && early == null) {
            completed();
        }
    }

    // ---------------------------------------------------------------- what the client sends

    /** A DATA frame begins. Returns false if it is more than the window allows. */
    boolean frame(int size, int count, boolean endStream) {
        if (!window.take(size)) {
            return false;
        }
        skips = isSettled();
        if (!skips && length >= 0) {
            checkLength(received + kept() + count, endStream);
        }
        return true;
    }

    int window() {
        return window.left();
    }

    private int kept() {
        return early == null ? 0 : early.readableBytes();
    }

    private void checkLength(long total, boolean endStream) {
        if (total > length) {
            exchange.log(Level.INFO, "client intended to send body data larger than declared");
            fail(400);
        } else if (endStream && total < length) {
            exchange.log(
                    Level.INFO,
                    "client prematurely closed stream: only " + total + " out of " + length
                            + " bytes of request body received");
            fail(400);
        }
    }

    /** Takes {@code count} bytes, or drops them. */
    void take(ByteBuf in, int count) {
        if (skips || isSettled()) {
            in.skipBytes(count);
        } else if (receiver != null && demanded && early == null) {
            deliver(in, count);
            openWindow();
            watch();
        } else {
            ByteBuf kept = early;
            if (kept == null) {
                kept = exchange.loop.buffer(Math.max(count, 1024));
                early = kept;
            }
            kept.writeBytes(in, count);
        }
    }

    /** The client has sent all. */
    void end() {
        ended = true;
        if (complete || failure != 0) {
            return;
        }
        if (discarding || receiver == null && early == null) {
            complete = true;
        } else if (receiver != null && early == null) {
            completed();
        }
        watch();
    }

    /** The client has ended its side by trailers, which tell no length. */
    void endByTrailers() {
        if (!complete && failure == 0 && !discarding && length >= 0) {
            checkLength(received + kept(), true);
        }
        end();
    }

    /** The client's trailers have come and are malformed. */
    void failByTrailers() {
        if (!complete && failure == 0) {
            fail(400);
        }
    }

    private void deliver(ByteBuf in, int count) {
        received += count;
        if (isTooLarge()) {
            in.skipBytes(count);
        } else {
            hand(in, count);
        }
    }

    private boolean isTooLarge() {
        long limit = exchange.location.core.clientMaxBodySize();
        if (length >= 0 || limit == 0 || received <= limit) {
            return false;
        }
        exchange.log(Level.ERROR, "client intended to send too large chunked body: " + received + " bytes");
        fail(413);
        return true;
    }

    @Override
    protected void changed() {
        if (failure != 0) {
            releaseEarly();
        }
        watch();
    }

    // ---------------------------------------------------------------- the window, and patience

    /** Lets the client send more, in steps that are worth a frame. */
    private void openWindow() {
        if (demanded && !ended && !isSettled()) {
            window.open(kept());
        }
    }

    private void watch() {
        if (isBeingRead()) {
            Deadline patience = deadline;
            if (patience == null) {
                patience = exchange.loop.deadline(this::timedOut);
                deadline = patience;
            }
            patience.in(Math.max(1, exchange.location.core.clientBodyTimeout()));
        } else if (deadline != null) {
            deadline.clear();
        }
    }

    private void timedOut() {
        connection.ends.timedOut(stream);
    }

    /** The stream is over. */
    void close() {
        discarding = true;
        receiver = null;
        releaseEarly();
        if (deadline != null) {
            deadline.clear();
        }
        window.close();
    }

    private void releaseEarly() {
        ByteBuf kept = early;
        early = null;
        if (kept != null) {
            kept.release();
        }
    }
}
