package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.protocol.http1.Http1Connections;
import io.gatehouse.protocol.http2.Http2Connections;
import io.gatehouse.protocol.http2.Http2Settings;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Acceptor;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of one loop come in for one generation of the configuration: what is spoken on a connection is
 * found out here, step by step, and the connection is given to who speaks it. On its loop only, but for the constructor and
 * {@link #acceptor}.
 */
public final class Entrance {
    private static final AtomicLong NUMBER = new AtomicLong();

    final ServedConnections connections;
    final Http1Connections http1;
    final Http2Connections http2;

    /** @param whenEmpty told once, on the loop, when after {@link #drain} the last connection has gone */
    public Entrance(Loop loop, Pipeline pipeline, Runnable whenEmpty) {
        this.connections = new ServedConnections(loop, pipeline, whenEmpty);
        this.http1 = new Http1Connections(connections);
        this.http2 = new Http2Connections(connections);
    }

    /** Takes connections of one address; from any thread. */
    public Acceptor acceptor(ListenPoint point) {
        return (wire, from) -> accepted(wire, point);
    }

    private Sink accepted(Wire wire, ListenPoint point) {
        ClientConnection client = new ClientConnection(
                NUMBER.incrementAndGet(),
                connections.loop,
                wire,
                "http",
                point.spec().address());
        if (point.spec().protocols().proxyProtocol()) {
            ProxyHeaderStep step = new ProxyHeaderStep(this, client, point);
            connections.add(step);
            step.begin();
            return step;
        }
        return begin(null, client, point);
    }

    /**
     * Begins with what is spoken on a connection itself.
     *
     * @param from the step that has read what came before; null if nothing did
     */
    Sink begin(@Nullable ServedConnection from, ClientConnection client, ListenPoint point) {
        if (point.spec().protocols().ssl()) {
            Handshake handshake = new Handshake(this, client, point);
            enter(from, handshake);
            handshake.begin();
            return handshake;
        }
        if (speaksHttp2(point, point.names().byDefault())) {
            Preface preface = new Preface(this, client, point);
            enter(from, preface);
            preface.begin();
            return preface;
        }
        return from == null ? http1.open(client, point) : http1.takeOver(from, client, point);
    }

    private void enter(@Nullable ServedConnection from, ServedConnection next) {
        if (from == null) {
            connections.add(next);
        } else {
            connections.pass(from, next);
        }
    }

    /** Gives a connection whose handshake has ended to who speaks the protocol that was agreed on (RFC 7301). */
    Sink behindHandshake(Handshake from, ClientConnection client, ListenPoint point, String protocol) {
        return protocol.equals("h2") ? http2.takeOver(from, client, point) : http1.takeOver(from, client, point);
    }

    /** Whether a server of an address speaks HTTP/2. */
    static boolean speaksHttp2(ListenPoint point, VirtualServer server) {
        return point.spec().protocols().http2()
                || Http2Settings.of(server.level()).enabled();
    }

    /** How many there are, tunnels included. */
    public int size() {
        return connections.size();
    }

    /** Closes idle connections now and lets the others end with the answer they are at. */
    public void drain() {
        connections.drain();
    }

    /** Closes every connection, whatever it is at ({@code worker_shutdown_timeout}). */
    public void closeAll() {
        connections.closeAll();
    }
}
