package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Sink;
import java.util.ArrayDeque;

/** Begins connections of HTTP/2, and keeps what those of one loop and one generation share. On its loop only. */
public final class Http2Connections {
    private static final int SPARE_HEADS = 128;
    private static final int HEAD_SIZE = 1024;
    /** An array that grew larger is not kept. */
    private static final int HEAD_KEPT = 8 * 1024;

    final ServedConnections served;
    final HeadReader reader = new HeadReader();
    final BlockWriter writer = new BlockWriter();
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

    public Http2Connections(ServedConnections served) {
        this.served = served;
    }

    /** Begins with a connection that was just accepted, and with reading. */
    public Sink open(ClientConnection client, ListenPoint point) {
        Http2Connection connection = new Http2Connection(this, point, client);
        served.add(connection);
        connection.begin();
        return connection;
    }

    /**
     * Goes on with a connection on which something came before HTTP/2. Bytes that were read already are put back before, or
     * given to the sink.
     *
     * @param from what served the connection so far
     */
    public Sink takeOver(ServedConnection from, ClientConnection client, ListenPoint point) {
        Http2Connection connection = new Http2Connection(this, point, client);
        served.pass(from, connection);
        connection.begin();
        return connection;
    }

    byte[] takeHead() {
        byte[] head = spare.poll();
        return head == null ? new byte[HEAD_SIZE] : head;
    }

    void giveHead(byte[] head) {
        if (head.length > 0 && head.length <= HEAD_KEPT && spare.size() < SPARE_HEADS) {
            spare.push(head);
        }
    }
}
