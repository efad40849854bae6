package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.ConnectionLine;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of which something must be read before it is known who serves it, and what all such steps have in common: they count
 * as waiting, take {@code client_header_timeout} at most, and end by giving the connection to the next one or by closing it. On
 * its loop.
 */
abstract class EntranceStep extends ServedConnection implements Sink {
    final Entrance entrance;
    final ClientConnection client;
    final ListenPoint point;
    final Wire wire;
    /** Whose settings and error log are in force: at first the default server of the address. */
    VirtualServer server;

    /** What is being done, as log lines say it. */
    private final String action;

    private final Deadline patience;
    private boolean over;

    EntranceStep(Entrance entrance, ClientConnection client, ListenPoint point, String action) {
        this.entrance = entrance;
        this.client = client;
        this.point = point;
        this.wire = client.wire;
        this.server = point.names().byDefault();
        this.action = action;
        this.patience = client.loop.deadline(this::timedOut);
    }

    final void begin() {
        entrance.connections.counts.up(ConnectionCounts.WAITING);
        patience.in(Math.max(1, server.settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    final boolean isOver() {
        return over;
    }

    /** Frees what was kept of the bytes that have come; it is needed no more. */
    abstract void forget();

    /** The next one has the connection, and gets what was read. */
    final void pass(Sink next, ByteBuf in) {
        pass(next);
        if (in.isReadable()) {
            next.onBytes(wire, in);
        }
    }

    /** The next one has the connection. */
    final void pass(Sink next) {
        end();
        wire.sink(next);
    }

    private void end() {
        over = true;
        patience.clear();
        forget();
        entrance.connections.counts.down(ConnectionCounts.WAITING);
    }

    private void timedOut() {
        tell(Level.INFO, "client timed out (110: Connection timed out)");
        cut();
    }

    @Override
    public final void onWritable(Wire from) {}

    @Override
    public void onEnd(Wire from) {
        tell(Level.INFO, "client closed connection");
        cut();
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        cut();
    }

    /** Who has just come is about to ask, and nobody is cut short for a reload; this takes a limited time. */
    @Override
    protected void drain() {}

    @Override
    protected final void cut() {
        if (!over) {
            wire.close();
            leave();
        }
    }

    /** The connection is closed, or will be as soon as everything was sent. */
    final void leave() {
        if (!over) {
            end();
            entrance.connections.gone(this);
        }
    }

    /** A line of the error log, with what is being done. */
    final void tell(Level level, String message) {
        ConnectionLine.log(server, client, level, ConnectionLine.during(message, action, client, point));
    }
}
