package io.gatehouse.protocol.http2;

/**
 * How much the client may still send on one stream (RFC 9113, 5.2): at first what the server is ready to keep, and more, from the
 * connection's budget, once somebody takes it. In bytes; on the connection's loop.
 */
final class ReceiveWindow {
    /** What each is given that is taken, though the budget is spent: it would never end otherwise. */
    private static final int LEAST = Frame.DEFAULT_SIZE;

    private final Http2Connection connection;
    private final int stream;
    private int left;
    /** How much it may be at most. */
    private int target;
    /** What of that is the budget's. */
    private int lent;

    ReceiveWindow(Http2Connection connection, int stream, int first) {
        this.connection = connection;
        this.stream = stream;
        this.left = first;
        this.target = first;
    }

    int left() {
        return left;
    }

    /** So much is coming. Returns false if it is more than was allowed. */
    boolean take(int size) {
        if (size > left) {
            return false;
        }
        left -= size;
        return true;
    }

    /** Somebody takes what comes: it may be up to {@code most}, if the budget has that much; a frame's worth in any case. */
    void widen(int most) {
        lent = connection.budget.take(most - target);
        target = Math.max(target + lent, LEAST);
    }

    /** Lets the client send more, in steps that are worth a frame; {@code kept} bytes have come and wait. */
    void open(int kept) {
        int more = target - left - kept;
        if (more > 0 && (more >= target / 2 || left == 0)) {
            left += more;
            connection.openWindow(stream, more);
        }
    }

    /** The stream is over. */
    void close() {
        connection.budget.giveBack(lent);
        lent = 0;
    }
}
