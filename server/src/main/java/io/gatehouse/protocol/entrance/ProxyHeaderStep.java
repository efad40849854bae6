package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.listen.ProxyProtocol;
import io.gatehouse.listen.ProxyProtocol.Found;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the PROXY header that comes before everything else on an address with {@code proxy_protocol}, for
 * {@code client_header_timeout} at most. A connection that begins with anything else is closed.
 */
final class ProxyHeaderStep extends ServedConnection implements Sink {
    private static final byte[] NOTHING = {};

    private final Entrance entrance;
    private final ClientConnection client;
    private final ListenPoint point;
    private final Deadline deadline;
    private byte[] octets = NOTHING;
    private int count;
    private boolean over;

    ProxyHeaderStep(Entrance entrance, ClientConnection client, ListenPoint point) {
        this.entrance = entrance;
        this.client = client;
        this.point = point;
        this.deadline = client.loop.deadline(this::timedOut);
    }

    void begin() {
        entrance.connections.counts.up(ConnectionCounts.WAITING);
        deadline.in(Math.max(1, byDefault().settings().clientHeaderTimeout()));
        client.wire.watchForEnd(true);
        client.wire.reading(true);
    }

    private VirtualServer byDefault() {
        return point.names().byDefault();
    }

    @Override
    public void onBytes(Wire wire, ByteBuf in) {
        int before = count;
        int more = Math.min(in.readableBytes(), ProxyProtocol.LONGEST - before);
        octets = Arrays.copyOf(octets, before + more);
        in.getBytes(in.readerIndex(), octets, before, more);
        count = before + more;
        Found found;
        try {
            found = ProxyProtocol.read(octets, count);
        } catch (ProxyProtocol.Broken e) {
            in.skipBytes(in.readableBytes());
            tell(Level.ERROR, e.getMessage());
            close();
            return;
        }
        if (found == null) {
            in.skipBytes(more);
            return;
        }
        in.skipBytes(found.length() - before);
        client.proxyHeader = found.header();
        finish();
        Sink next = entrance.begin(this, client, point);
        wire.sink(next);
        if (in.isReadable()) {
            next.onBytes(wire, in);
        }
    }

    private void finish() {
        over = true;
        octets = NOTHING;
        deadline.clear();
        entrance.connections.counts.down(ConnectionCounts.WAITING);
    }

    @Override
    public void onWritable(Wire wire) {}

    @Override
    public void onEnd(Wire wire) {
        if (!over) {
            tell(Level.INFO, "client closed connection");
            close();
        }
    }

    @Override
    public void onClosed(Wire wire, @Nullable IOException cause) {
        close();
    }

    private void timedOut() {
        tell(Level.INFO, "client timed out (110: Connection timed out)");
        close();
    }

    private void close() {
        if (!over) {
            finish();
            client.wire.close();
            entrance.connections.gone(this);
        }
    }

    @Override
    protected void drain() {}

    @Override
    protected void cut() {
        close();
    }

    private void tell(Level level, String message) {
        byDefault()
                .level()
                .core
                .errorLog()
                .log(
                        level,
                        client.number,
                        message + " while reading PROXY protocol, client: " + client.remoteAddress() + ", server: "
                                + point.spec().text());
    }
}
