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

    /** Tells the client that nothing more is read or sent on the stream. */
    void reset(int stream, int code) {
        connection.blocks.rememberReset(stream);
        connection.outflow.writer.reset(stream, code);
        connection.outflow.plan();
    }

    /** The kernel has taken every frame of the stream. */
    void sent(Http2Stream stream) {
        if (stream.isGone()) {
            return;
        }
        if (stream.isComplete()) {
            if (!stream.isHalfOpen()) {
                finish(stream);
            }
            return;
        }
        if (stream.queue.length() == 0) {
            StreamWire tunnel = stream.tunnel;
            if (tunnel != null && tunnel.isTaken()) {
                tunnel.drained();
            } else {
                stream.exchange().onDrained();
            }
        }
    }

    /** The answer, or what there is of it, went out. */
    private void finish(Http2Stream stream) {
        if (stream.isBroken()) {
            reset(stream.id, ErrorCode.CANCEL);
        } else if (!stream.remoteEnded) {
            reset(stream.id, ErrorCode.NO_ERROR);
        }
        over(stream);
    }

    /** The exchange of a stream has ended in order; the client has got all, or there is none. */
    void over(Http2Stream stream) {
        remove(stream);
        stream.exchange().sent();
        freed(stream);
    }

    /** Breaks a stream off. The status is for the log; 0 for that of the answer. */
    void abort(Http2Stream stream, int code, int status) {
        if (!stream.isGone()) {
            reset(stream.id, code);
        }
        lose(stream, status);
    }

    /** Ends a stream that the client has left or was thrown out of. */
    void lose(Http2Stream stream, int status) {
        remove(stream);
        stream.exchange().aborted(status);
        freed(stream);
    }

    /** The client has made us reset a stream; whoever does that often means harm. */
    void offend(Http2Stream stream, int code) {
        abort(stream, code, 400);
        if (connection.floods.exceeds(Floods.RESETS)) {
            connection.flood(Floods.RESETS);
        }
    }

    /** The client was too slow. */
    void timedOut(int id) {
        Http2Stream stream = connection.streams.get(id);
        if (stream != null) {
            stream.exchange().log(Level.INFO, Http2Connection.TIMED_OUT);
            abort(stream, ErrorCode.PROTOCOL_ERROR, 408);
        }
    }

    /** The stream is none of the connection's any more. */
    private void remove(Http2Stream stream) {
        connection.streams.remove(stream.id);
        connection.blocks.left(stream);
        connection.events.left(stream);
        stream.close();
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
            reset(stream.id, ErrorCode.CANCEL);
            stream.leave();
            StreamWire tunnel = stream.tunnel;
            if (tunnel != null && tunnel.isReleased()) {
                dismiss(stream);
            }
        }
    }

    /** Nobody uses the tunnel any more. */
    void tunnelEnded(Http2Stream stream) {
        if (stream.isGone()) {
            dismiss(stream);
        } else {
            stream.endTunnel();
            connection.outflow.wrote(stream);
        }
    }

    /** Neither side has the tunnel any more. */
    private void dismiss(Http2Stream stream) {
        remove(stream);
        freed(stream);
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
            boolean last = tunnel.isReleased();
            stream.leave();
            tunnel.lost();
            if (last) {
                dismiss(stream); // Its exchange ended before, and only what was queued kept it.
            }
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
