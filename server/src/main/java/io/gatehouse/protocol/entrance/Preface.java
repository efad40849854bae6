package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection in clear of which nobody knows yet what will be spoken on it: HTTP/2, if it begins with the preface (RFC 9113,
 * 3.3), else HTTP/1. On its loop.
 */
final class Preface extends ServedConnection implements Sink {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Entrance entrance;
    private final ClientConnection client;
    private final ListenPoint point;
    private final Wire wire;
    private final Deadline patience;
    /** The beginning of what may become the preface. */
    private @Nullable ByteBuf begun;

    private boolean over;

    Preface(Entrance entrance, ClientConnection client, ListenPoint point) {
        this.entrance = entrance;
        this.client = client;
        this.point = point;
        this.wire = client.wire;
        this.patience = client.loop.deadline(this::timedOut);
    }

    void begin() {
        entrance.connections.counts.up(ConnectionCounts.WAITING);
        patience.in(Math.max(1, point.names().byDefault().settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        ByteBuf before = begun;
        if (before == null) {
            look(in);
            return;
        }
        begun = null;
        before.writeBytes(in);
        try {
            look(before);
        } finally {
            before.release();
        }
    }

    private void look(ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.length);
        int start = in.readerIndex();
        for (int i = 0; i < length; i++) {
            if (in.getByte(start + i) != PREFACE[i]) {
                goOn(entrance.http1.takeOver(this, client, point), in);
                return;
            }
        }
        if (length == PREFACE.length) {
            goOn(entrance.http2.takeOver(this, client, point), in);
        } else {
            begun = client.loop.buffer(PREFACE.length).writeBytes(in);
        }
    }

    /** What was read goes to who understands it. */
    private void goOn(Sink next, ByteBuf in) {
        end();
        wire.sink(next);
        next.onBytes(wire, in);
    }

    private void end() {
        over = true;
        patience.clear();
        ByteBuf left = begun;
        begun = null;
        if (left != null) {
            left.release();
        }
        entrance.connections.counts.down(ConnectionCounts.WAITING);
    }

    private void timedOut() {
        tell("client timed out (110: Connection timed out) while waiting for request");
        cut();
    }

    @Override
    public void onWritable(Wire from) {}

    @Override
    public void onEnd(Wire from) {
        tell("client closed connection while waiting for request, client: " + client.remoteAddress() + ", server: "
                + point.spec().text());
        cut();
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        cut();
    }

    @Override
    protected void drain() {}

    @Override
    protected void cut() {
        if (!over) {
            end();
            wire.close();
            entrance.connections.gone(this);
        }
    }

    private void tell(String message) {
        point.names().byDefault().level().core.errorLog().log(Level.INFO, client.number, message);
    }
}
