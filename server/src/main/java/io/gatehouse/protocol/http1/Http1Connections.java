package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Acceptor;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connections of HTTP/1 that one loop serves for one generation of the configuration. On its loop only, but for the
 * constructor and {@link #acceptor}.
 */
public final class Http1Connections {
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final int SPARE_PARSERS = 64;

    final Loop loop;
    final Pipeline pipeline;
    final ConnectionCounts counts;
    final HeadWriter heads = new HeadWriter();
    private final Runnable whenEmpty;
    private final ArrayDeque<RequestHeadParser> spare = new ArrayDeque<>();

    private @Nullable Http1Connection first;
    private int size;
    private boolean draining;
    private boolean emptyTold;

    /** @param whenEmpty told once, on the loop, when after {@link #drain} the last connection has gone */
    public Http1Connections(Loop loop, Pipeline pipeline, Runnable whenEmpty) {
        this.loop = loop;
        this.pipeline = pipeline;
        this.whenEmpty = whenEmpty;
        this.counts = ConnectionCounts.of(loop);
    }

    /** Takes connections of one address; from any thread. */
    public Acceptor acceptor(ListenPoint point) {
        return (wire, from) -> open(wire, point, "http");
    }

    /**
     * Begins with a connection, and with reading. Whoever has read bytes of it before (a PROXY header, a TLS handshake)
     * gives the rest to the sink, or puts it back with {@link Wire#unread}.
     *
     * @param scheme "http", or "https" over TLS
     */
    public Sink open(Wire wire, ListenPoint point, String scheme) {
        ClientConnection client = new ClientConnection(
                NUMBER.incrementAndGet(), loop, wire, scheme, point.spec().address());
        Http1Connection connection = new Http1Connection(this, point, client);
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        size++;
        connection.begin();
        return connection;
    }

    void gone(Http1Connection connection) {
        Http1Connection before = connection.previous;
        Http1Connection behind = connection.next;
        if (before == null) {
            first = behind;
        } else {
            before.next = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        connection.previous = null;
        connection.next = null;
        size--;
        tellIfEmpty();
    }

    private void tellIfEmpty() {
        if (draining && size == 0 && !emptyTold) {
            emptyTold = true;
            whenEmpty.run();
        }
    }

    /** How many there are, tunnels included. */
    public int size() {
        return size;
    }

    boolean isDraining() {
        return draining;
    }

    /** Closes idle connections now and lets the others end with the answer they are at. */
    public void drain() {
        draining = true;
        Http1Connection next;
        for (Http1Connection c = first; c != null; c = next) {
            next = c.next;
            c.drain();
        }
        tellIfEmpty();
    }

    /** Closes every connection, whatever it is at ({@code worker_shutdown_timeout}). */
    public void closeAll() {
        draining = true;
        Http1Connection next;
        for (Http1Connection c = first; c != null; c = next) {
            next = c.next;
            c.cut();
        }
        tellIfEmpty();
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
