package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;

/**
 * How the streams of a connection end: in order, broken off, left by the client, as a tunnel; what becomes of their exchanges then.
 * On the connection's loop.
 */
final class StreamEnds {
    private final Http2Connection connection;

    StreamEnds(Http2Connection connection) {
        this.connection = connection;
    }

    /** The answer went out as a whole. */
    void finish(Http2Stream stream) {
        if (!stream.remoteEnded) {
            connection.reset(stream.id, ErrorCode.NO_ERROR);
        }
        over(stream);
    }

    /** The exchange of a stream has ended in order; the client has got all, or there is none. */
    void over(Http2Stream stream) {
        connection.remove(stream);
        stream.exchange().sent();
        freed(stream);
    }

    /** Breaks a stream off. The status is for the log; 0 for that of the answer. */
    void abort(Http2Stream stream, int code, int status) {
        if (!stream.isGone()) {
            connection.reset(stream.id, code);
        }
        lose(stream, status);
    }

    /** Ends a stream that the client has left or was thrown out of. */
    void lose(Http2Stream stream, int status) {
        connection.remove(stream);
        stream.exchange().aborted(status);
        freed(stream);
    }

    private void freed(Http2Stream stream) {
        Exchange x = stream.exchange();
        x.request.clear();
        connection.group.giveHead(stream.head);
        stream.head = new byte[0];
        connection.freed();
    }

    // ---------------------------------------------------------------- tunnels

    /** The owner of the tunnel has broken it off. */
    void resetTunnel(Http2Stream stream) {
        if (!stream.isGone()) {
            connection.reset(stream.id, ErrorCode.CANCEL);
            stream.leave();
        }
    }

    /** Nobody uses the tunnel any more. */
    void tunnelEnded(Http2Stream stream) {
        if (stream.isGone()) {
            connection.remove(stream);
            freed(stream);
        } else {
            stream.endTunnel();
            connection.outflow.wrote(stream);
        }
    }

    // ---------------------------------------------------------------- the client

    /** Ends all that are there, at the end of the connection. */
    void loseAll(int status) {
        for (Http2Stream stream : connection.streams.all()) {
            stream.leave(); // no frame for it goes out any more
            leaveTunnel(stream);
            if (connection.streams.get(stream.id) != null) {
                lose(stream, status);
            }
        }
    }

    private static void leaveTunnel(Http2Stream stream) {
        StreamWire tunnel = stream.tunnel;
        if (tunnel != null && tunnel.isTaken()) {
            tunnel.lost();
        }
    }

    /** The client has reset a stream, or is gone. */
    void left(Http2Stream stream) {
        Exchange x = stream.exchange();
        StreamWire tunnel = stream.tunnel;
        if (tunnel != null && tunnel.isTaken()) {
            stream.leave();
            tunnel.lost();
            return;
        }
        boolean sending = stream.body.isBeingRead();
        if (!sending && x.ignoresClientAbort && !x.isDone()) {
            stream.detach();
            return;
        }
        if (sending) {
            x.log(Level.INFO, "client prematurely closed stream");
        }
        stream.leave();
        lose(stream, 499);
    }
}
