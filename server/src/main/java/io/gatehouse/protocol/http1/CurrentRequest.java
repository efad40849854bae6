package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.RequestFields;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The request that a connection is at, one after another: its head is read with a parser that is borrowed for it, and what it
 * says makes an exchange and a body. Belongs to one connection; on its loop.
 */
final class CurrentRequest {
    private final Http1Connection connection;

    private @Nullable RequestHeadParser parser;
    /** Null where none is under way, or it was lost. */
    private @Nullable Exchange exchange;
    /** Stays when the exchange is over, until all of it has come. */
    private @Nullable Http1Body body;

    private int result;
    private boolean refused;
    private boolean lingers;
    /** Whether bytes of the next request came while this one was being answered. */
    private boolean behind;

    CurrentRequest(Http1Connection connection) {
        this.connection = connection;
    }

    @Nullable
    Exchange exchange() {
        return exchange;
    }

    @Nullable
    Http1Body body() {
        return body;
    }

    // ---------------------------------------------------------------- the head

    /** Passes over empty lines before a request (RFC 9112, 2.2). Returns whether its first byte has come. */
    static boolean comesIn(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.getByte(in.readerIndex());
            if (b != '\r' && b != '\n') {
                return true;
            }
            in.skipBytes(1);
        }
        return false;
    }

    /** Its first byte has come. */
    void begin(ListenPoint point) {
        ClientConnection client = connection.client;
        Responder responder = connection.responder;
        client.requests++;
        Http1Body ofRequest = new Http1Body(connection);
        Exchange x =
                new Exchange(client, point.names().byDefault(), responder, connection.served.pipeline, ofRequest, null);
        ofRequest.of(x);
        x.timeline.mark(Timeline.Instant.FIRST_BYTE, client.loop.nanos());
        x.pipelined = behind;
        behind = false;
        refused = false;
        lingers = false;
        RequestHeadParser reader = connection.group.takeParser();
        reader.begin(x, point.names());
        parser = reader;
        exchange = x;
        body = ofRequest;
        responder.begin(x, ofRequest);
    }

    /** Reads of the head what has come. Returns whether that is all of it, or enough to refuse it. */
    boolean readHead(ByteBuf in) {
        RequestHeadParser reader = parser;
        if (reader == null) {
            throw new IllegalStateException();
        }
        result = reader.read(in);
        return result != RequestHeadParser.MORE;
    }

    /** The head is read: the exchange begins. */
    void answer(ByteBuf in) {
        RequestHeadParser reader = parser;
        Exchange x = exchange;
        Http1Body ofRequest = body;
        if (reader == null || x == null || ofRequest == null) {
            throw new IllegalStateException();
        }
        ServedConnections served = connection.served;
        if (result == RequestHeadParser.REFUSED) {
            refused = true;
            lingers = reader.lingers() || in.isReadable();
            in.skipBytes(in.readableBytes());
            served.pipeline.refuse(x, reader.status());
            return;
        }
        RequestFields fields = reader.meaning();
        ofRequest.begin(fields);
        x.keepAlive =
                !fields.close && (fields.keepAlive || x.version >= Exchange.HTTP_11) && x.version != Exchange.HTTP_09;
        served.pipeline.begin(x);
    }

    /** Milliseconds that the head may take in all ({@code client_header_timeout}). */
    long headTimeout() {
        Exchange x = exchange;
        return x == null ? 1 : Math.max(1, x.server.settings().clientHeaderTimeout());
    }

    /** Nobody needs the head any more. */
    void freeHead() {
        RequestHeadParser used = parser;
        if (used != null) {
            parser = null;
            connection.group.giveParser(used);
        }
    }

    // ---------------------------------------------------------------- what comes behind it

    /** Hands the body what it wants of the bytes. Returns whether it took any. */
    boolean takeBody(ByteBuf in) {
        Http1Body to = body;
        return to != null && to.take(in);
    }

    /** Whether it was refused: what follows it is not looked at. */
    boolean isRefused() {
        return refused;
    }

    /** Bytes have come that are not this request's. */
    void followed() {
        behind = true;
    }

    /** Its body will not be read to its end. */
    void leavesBody() {
        lingers = true;
    }

    /** Whether the client is known to be sending something that nobody will read. */
    boolean isFollowed() {
        return lingers || behind;
    }

    // ---------------------------------------------------------------- its end

    /** The answer has been taken by the kernel: nothing of the exchange is needed any more. */
    void finish(Exchange x) {
        forget();
        x.sent();
        x.request.clear();
        freeHead();
    }

    private void forget() {
        exchange = null;
        connection.responder.clear();
    }

    /** The exchange cannot be answered to its end. */
    void lose(Exchange x, int status) {
        forget();
        x.aborted(status);
    }

    /** The client has gone while there is an exchange. Returns whether that loses it. */
    boolean loseWithClient(boolean withinHead, String message) {
        Exchange x = exchange;
        if (x == null) {
            return false;
        }
        boolean sending = withinHead || body != null && body.isBeingRead();
        if (!sending && x.ignoresClientAbort) {
            return false;
        }
        if (sending || !x.hearsOfAbort()) {
            x.log(Level.INFO, message);
        }
        lose(x, sending ? 400 : 499);
        return true;
    }

    /** The whole body has come, or nobody waits for it. */
    void loseBody() {
        body = null;
    }

    /** The connection is closed. */
    void close() {
        forget();
        body = null;
        freeHead();
    }
}
