package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import java.util.ArrayDeque;

/** Begins connections of HTTP/1, and keeps what those of one loop and one generation share. On its loop only. */
public final class Http1Connections {
    private static final int SPARE_PARSERS = 64;

    final ServedConnections served;
    final HeadWriter heads = new HeadWriter();
    private final ArrayDeque<RequestHeadParser> spare = new ArrayDeque<>();

    public Http1Connections(ServedConnections served) {
        this.served = served;
    }

    /** Begins with a connection that was just accepted, and with reading. */
    public Sink open(ClientConnection client, ListenPoint point) {
        Http1Connection connection = new Http1Connection(this, point, client);
        served.add(connection);
        connection.begin();
        return connection;
    }

    /**
     * Goes on with a connection on which something came before HTTP (a PROXY header, a handshake). Bytes of HTTP that were
     * read already are put back with {@link Wire#unread} before.
     *
     * @param from what served the connection so far
     */
    public Sink takeOver(ServedConnection from, ClientConnection client, ListenPoint point) {
        Http1Connection connection = new Http1Connection(this, point, client);
        served.pass(from, connection);
        connection.begin();
        return connection;
    }

    RequestHeadParser takeParser() {
        RequestHeadParser parser = spare.poll();
        return parser == null ? new RequestHeadParser() : parser;
    }

    void giveParser(RequestHeadParser parser) {
        if (spare.size() < SPARE_PARSERS) {
            parser.end();
            spare.push(parser);
        }
    }
}
