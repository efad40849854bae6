package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.Tunnel;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What follows 101: bytes both ways, until a side ends or both were idle for too long. */
final class ProxyTunnel implements Tunnel.Watcher {
    private final Passage passage;
    private final Exchange x;
    private final Wire client;
    private final Deadline idle;
    private final long sentBefore;
    private @Nullable Tunnel tunnel;
    private boolean clientTakesNothing;

    private ProxyTunnel(Passage passage, Wire client) {
        this.passage = passage;
        this.x = passage.x;
        this.client = client;
        this.idle = x.loop.deadline(this::expired);
        this.sentBefore = client.bytesWritten();
    }

    /** Joins client and application; {@code first} are bytes that came right behind the head. */
    static void join(Passage passage, ByteBuf first) {
        Exchange x = passage.x;
        Wire client = x.sink().takeWire(x);
        Wire application = passage.wire();
        if (client == null || application == null) {
            passage.breakOff();
            return;
        }
        passage.becomeTunnel();
        x.action = "proxying upgraded connection";
        ProxyTunnel watcher = new ProxyTunnel(passage, client);
        if (first.isReadable()) {
            passage.bodyBytes(first.readableBytes());
            client.write(first.readRetainedSlice(first.readableBytes()));
        }
        client.noDelay(true);
        watcher.idle.in(passage.settings.readTimeout);
        watcher.tunnel = Tunnel.join(client, application, watcher);
    }

    @Override
    public void moved(Wire from, int bytes) {
        idle.in(passage.settings.readTimeout);
        if (!isClient(from)) {
            passage.bodyBytes(bytes);
        }
    }

    @Override
    public void blocked(Wire to) {
        clientTakesNothing |= isClient(to);
        long most = isClient(to) ? x.location.core.sendTimeout() : passage.settings.sendTimeout;
        idle.in(Math.min(most, passage.settings.readTimeout));
    }

    @Override
    public void drained(Wire to) {
        clientTakesNothing &= !isClient(to);
        idle.in(passage.settings.readTimeout);
    }

    @SuppressWarnings("ReferenceEquality") // a wire is itself only
    private boolean isClient(Wire wire) {
        return wire == client;
    }

    /** No error for nginx, nor here: nobody waits for an answer. */
    private void expired() {
        String who = clientTakesNothing ? "client" : "upstream";
        x.log(Level.INFO, who + " timed out (110: Connection timed out)");
        Tunnel joined = tunnel;
        if (joined != null) {
            joined.close();
        }
        over();
    }

    @Override
    public void ended(Wire side, @Nullable IOException cause) {
        if (cause != null) {
            String call = cause instanceof ErrnoException e ? e.call() + "() failed" : "connection lost";
            x.log(isClient(side) ? Level.INFO : Level.ERROR, call + " (" + cause.getMessage() + ")");
        }
        over();
    }

    private void over() {
        idle.clear();
        long bytes = client.bytesSent() - sentBefore;
        x.bodyBytesSent += bytes;
        x.bytesSent += bytes;
        passage.tunnelEnded();
    }
}
