package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.Pace;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One stream: what the client sends on it goes to whom it is for, and what is to be sent goes frame by frame, as far as the windows
 * of the stream and of the connection let it (RFC 9113, 5). The connection takes a frame of each stream in turn. On its loop.
 */
final class Http2Stream {
    /** A DATA frame with fewer bytes, although there are more, is one that a small window forces. */
    private static final int DRIBBLE = 512;

    final int id;
    final Http2Connection connection;
    final Http2Body body;
    final SendQueue queue = new SendQueue(this);
    private final Outflow outflow;
    private final FrameWriter writer;
    private final Exchange exchange;

    /** The array that the request's fields lie in. */
    byte[] head = {};

    private @Nullable WebSocketKey webSocket;

    @Nullable
    StreamWire tunnel;

    /** The client has ended its side. */
    boolean remoteEnded;
    /** Bytes that the client is ready to take. */
    long window;
    /** Whether the connection has it in its round, and the next one there. */
    boolean inRound;

    @Nullable
    Http2Stream nextInRound;

    /** Whether the connection has it among those whose frames the kernel has not taken. */
    boolean isUnsent;
    /** Behind the last byte of its last frame, in all bytes of the connection. */
    private long position;

    private int chunkSize = Frame.DEFAULT_SIZE;
    private final StreamPatience patience = new StreamPatience(this);
    private @Nullable Headers trailers;
    /** The answer was handed over as a whole. */
    private boolean ended;
    /** Whether what was handed over may not be all: the stream ends with a reset. */
    private boolean broken;
    /** The frame that ends the stream was written, or the last one of a broken stream. */
    private boolean endWritten;
    /** Nobody takes anything any more. */
    private boolean gone;

    Http2Stream(Http2Connection connection, int id, long window, int bodyWindow) {
        this.connection = connection;
        this.outflow = connection.outflow;
        this.writer = outflow.writer;
        this.id = id;
        this.window = window;
        this.body = new Http2Body(connection, id, bodyWindow);
        this.exchange = connection.exchange(new Http2Answer(this), body);
        body.of(exchange);
    }

    Exchange exchange() {
        return exchange;
    }

    ByteBuf buffer(int size) {
        return exchange.loop.buffer(size);
    }

    // ---------------------------------------------------------------- the request

    /** The request is a WebSocket's handshake: what follows its head is no body. */
    void openTunnel(WebSocketKey key, int bodyWindow) {
        webSocket = key;
        tunnel = new StreamWire(this, bodyWindow);
    }

    /** The head is read: the exchange begins. */
    void begin(HeadReader reader) {
        if (tunnel != null) {
            body.beginNone();
        } else {
            body.begin(reader.meaning(), remoteEnded);
        }
        if (reader.status() != 0) {
            connection.served.pipeline.refuse(exchange, reader.status());
        } else {
            connection.served.pipeline.begin(exchange);
        }
    }

    /** A DATA frame begins. Returns false if it is more than the window allows. */
    boolean frame(int size, int count, boolean endStream) {
        return tunnel != null ? tunnel.frame(size) : body.frame(size, count, endStream);
    }

    int receiveWindow() {
        return tunnel != null ? tunnel.window() : body.window();
    }

    void take(ByteBuf in, int count) {
        if (tunnel != null) {
            tunnel.take(in, count);
        } else {
            body.take(in, count);
        }
    }

    void endOfRequest() {
        if (tunnel != null) {
            tunnel.end();
        } else {
            body.end();
        }
    }

    void trailers(TrailerReader read) {
        if (read.isMalformed()) {
            body.failByTrailers();
        } else {
            exchange.requestTrailers = read.fields();
            body.endByTrailers();
        }
    }

    // ---------------------------------------------------------------- what is to be sent

    /** What the application has to answer to a WebSocket's handshake; null if the request is none. */
    @Nullable
    WebSocketKey webSocket() {
        return webSocket;
    }

    /** How fast the answer may go, and in pieces of what size. */
    void pace(Exchange x) {
        chunkSize = Http2Settings.of(x.location).chunkSize();
        patience.pace = Pace.of(x);
    }

    /** An interim answer (1xx). */
    void interim(int status, Headers fields) {
        if (!gone) {
            outflow.heads.interim(status, fields);
            writeHead(false);
        }
    }

    /** Writes the block that was encoded last. */
    void writeHead(boolean last) {
        exchange.bytesSent += outflow.head(this, last);
        endWritten = last;
        wrote();
    }

    private void wrote() {
        position = writer.position();
        outflow.wrote(this);
    }

    /** Whether anything more can be sent. */
    boolean takes() {
        return !gone && !endWritten;
    }

    /** Nothing more is handed over. */
    void handedOver() {
        ended = true;
    }

    /** The answer was handed over as a whole, with these fields behind its body. */
    void end(@Nullable Headers fields) {
        ended = true;
        if (gone) {
            connection.ends.over(this);
            return;
        }
        trailers = fields;
        if (endWritten) {
            outflow.wrote(this);
        } else {
            outflow.ready(this);
        }
    }

    /** Bytes that the kernel has not taken. */
    long queued() {
        return queue.length() + Math.clamp(position - writer.sentPosition(), 0, writer.unsent());
    }

    /** Breaks it off, unless the client has got all. */
    void abort() {
        if (endWritten && !gone) {
            ended = true;
            outflow.wrote(this);
        } else {
            connection.ends.abort(this, ErrorCode.INTERNAL_ERROR, 0);
        }
    }

    // ---------------------------------------------------------------- frame by frame

    /** Whether everything was handed over and written. */
    boolean isComplete() {
        return ended && endWritten;
    }

    /** Whether it is a tunnel whose client may still send, though the application has ended its side. */
    boolean isHalfOpen() {
        return tunnel != null && tunnel.isTaken() && !exchange.isDone();
    }

    boolean isGone() {
        return gone;
    }

    /** Whether the kernel has taken all of its frames. */
    boolean isSent() {
        return position - writer.sentPosition() <= 0;
    }

    /** Whether it has anything to send, a frame that ends it included. */
    boolean hasMore() {
        return !gone && !endWritten && (queue.length() > 0 || ended);
    }

    /** Writes one frame. Returns whether there is more that can go now. */
    boolean sendFrame() {
        if (!hasMore()) {
            return false;
        }
        if (queue.length() == 0) {
            writeEnd();
            return false;
        }
        int room = room();
        if (room <= 0) {
            patience.blocked();
            return false;
        }
        int count;
        try {
            count = queue.available(room);
        } catch (IOException e) {
            exchange.log(Level.CRIT, "pread() failed (" + e.getMessage() + ")");
            abort();
            return false;
        }
        boolean last = ended && !broken && trailers == null && count == queue.length();
        writer.data(id, count, last);
        queue.write(writer, count);
        window -= count;
        outflow.window -= count;
        connection.floods.sentData(
                count < DRIBBLE && count == room && queue.length() > 0 && count < chunkSize && patience.pace == null);
        patience.sent(count);
        StreamWire bytes = tunnel;
        if (bytes != null && bytes.isTaken()) {
            bytes.sent(count); // Whoever has the tunnel counts them.
            exchange.bytesSent += Frame.HEAD;
        } else {
            exchange.bytesSent += Frame.HEAD + count;
        }
        endWritten = last;
        wrote();
        return !last && (queue.length() > 0 || ended);
    }

    /** How many bytes the next frame may have. */
    private int room() {
        long room = Math.min(window, outflow.window);
        room = Math.min(room, Math.min(chunkSize, outflow.maxFrame));
        return (int) (room > 0 ? patience.allowed(room) : room);
    }

    private void writeEnd() {
        if (broken) {
            endWritten = true;
            wrote();
            return;
        }
        Headers last = trailers;
        if (last != null && last.size() > 0) {
            outflow.heads.trailers(last);
            writeHead(true);
            return;
        }
        writer.data(id, 0, true);
        exchange.bytesSent += Frame.HEAD;
        endWritten = true;
        wrote();
    }

    // ---------------------------------------------------------------- the end

    /** What a tunnel gives for the client is all; the stream ends when it is sent. */
    void endTunnel() {
        if (!gone && !ended) {
            ended = true;
            outflow.ready(this);
        }
    }

    /** As {@link #endTunnel}, but the client is to learn that it may not have got all (RFC 8441, 5). */
    void breakTunnel() {
        broken = true;
        endTunnel();
    }

    boolean isBroken() {
        return broken;
    }

    /** A tunnel is broken off. */
    void leave() {
        gone = true;
        queue.release();
        patience.clear();
    }

    /** The client takes nothing any more, but the exchange goes on ({@code proxy_ignore_client_abort}). */
    void detach() {
        leave();
        exchange.onDrained();
        if (ended) {
            connection.ends.over(this);
        }
    }

    /** It is over: frees what it holds. */
    void close() {
        leave();
        body.close();
        if (tunnel != null) {
            tunnel.over();
        }
    }
}
