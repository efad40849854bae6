package io.gatehouse.module.proxy;

import io.gatehouse.exchange.DebugLines;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.UpstreamTry;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.Credentials;
import io.gatehouse.upstream.Outcome;
import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.SocketName;
import io.gatehouse.upstream.UpstreamConnection;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one passage, one after the other: the peer that is asked now, the connection to it, and what the
 * {@code $upstream_*} variables will tell of it. On the exchange's loop.
 */
final class Attempts {
    private final Exchange x;
    private final ProxySettings settings;
    private final ProxyGear gear;
    private @Nullable UpstreamConnection connection;
    private @Nullable UpstreamTry current;
    /** What this request shows to applications that ask for a certificate; null for what the place says, or nothing. */
    private @Nullable Credentials credentials;

    private long begunNanos;

    Attempts(Exchange x, ProxySettings settings, ProxyGear gear) {
        this.x = x;
        this.settings = settings;
        this.gear = gear;
    }

    /** Chooses the peer to ask next; null if there is none, which the variables tell as well. */
    @Nullable
    Peer next() {
        begunNanos = x.loop.nanos();
        Peer peer = gear.selection.pick(millis());
        UpstreamTry next = new UpstreamTry(peer == null ? gear.selection.groupName() : peer.name(), begunNanos);
        current = next;
        if (x.upstreamTries.isEmpty()) {
            x.upstreamTries = new ArrayList<>(2);
        }
        x.upstreamTries.add(next);
        return peer;
    }

    /** What a connection to this peer must have in common with one that is kept. */
    PoolKey key(Place place, Peer peer) {
        LocalAddress bind = settings.bind;
        ProxyTls tls = place.isSecure() ? settings.tls : null;
        if (bind == null && settings.target.fixed() != null && (tls == null || tls.isFixed())) {
            return settings.key(place, peer, x.loop.index());
        }
        SocketAddress local = bind == null ? null : bind.of(x);
        boolean transparent = bind != null && local != null && bind.transparent();
        String tag = place.group() != null && place.group().local() ? settings.tag : null;
        Object facts = tls == null ? tag : tls.terms(x, place, credentials, tag);
        return new PoolKey(peer.address(), local, transparent, facts, settings.keepAlive(place));
    }

    void credentials(@Nullable Credentials shown) {
        credentials = shown;
    }

    /** Takes a kept connection; null if there is none. */
    @Nullable
    Wire takeKept(PoolKey key, Sink sink) {
        UpstreamConnection kept = gear.rack.pool.take(key, sink);
        if (kept == null) {
            return null;
        }
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "get keepalive peer: using connection to " + SocketName.of(key.address()));
        }
        connection = kept;
        if (current != null) {
            current.connectMillis = 0;
        }
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTED, begunNanos);
        return kept.wire();
    }

    /** Begins a connection. */
    void open(PoolKey key, Sink sink) {
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTING, begunNanos);
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "connect to " + SocketName.of(key.address()));
        }
        connection = gear.rack.pool.connect(key, settings.buffers, sink);
    }

    /** Begins another connection to the same peer in place of a kept one that was being closed. */
    void openAgain(UpstreamConnection had, Sink sink) {
        had.close();
        begunNanos = x.loop.nanos();
        open(had.key(), sink);
    }

    /** The connection can be asked over, after a handshake if it is one over TLS. */
    void connected() {
        if (current != null) {
            current.connectMillis = sinceBegin();
        }
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTED, x.loop.nanos());
    }

    void received(int count) {
        if (current != null) {
            current.bytesReceived += count;
        }
    }

    void bodyBytes(int count) {
        if (current != null) {
            current.bodyBytes += count;
        }
    }

    /** The status that this attempt counts for. */
    void status(int status) {
        if (current != null) {
            current.status = status;
        }
    }

    /** The answer leads to an internal redirect. */
    void redirected() {
        if (current != null) {
            current.redirected = true;
        }
    }

    /** The head of the answer is complete. */
    void headArrived(int status) {
        if (current != null) {
            current.status = status;
            current.headerMillis = sinceBegin();
        }
        x.timeline.mark(Timeline.Instant.UPSTREAM_HEADERS, x.loop.nanos());
        gear.selection.headerArrived(millis());
    }

    /** Tells the balancer how the attempt ended; further calls do nothing. */
    void release(Outcome outcome) {
        if (gear.selection.current() != null && gear.selection.release(outcome, millis())) {
            x.log(Level.WARN, "upstream server temporarily disabled");
        }
    }

    /** Notes how long the attempt took and what was sent; further calls do nothing. */
    void end(long bytesSent) {
        UpstreamTry ended = current;
        if (ended != null && ended.responseMillis < 0) {
            ended.responseMillis = sinceBegin();
            ended.bytesSent = bytesSent;
        }
    }

    /** As {@link #end}, after a tunnel: what came through it was not counted piece by piece. */
    void endTunnel(long bytesSent) {
        UpstreamTry ended = current;
        UpstreamConnection had = connection;
        if (ended != null && ended.responseMillis < 0 && had != null) {
            ended.bytesReceived = had.wire().bytesReceived();
        }
        end(bytesSent);
    }

    /** Gives the connection back for another request. */
    void giveBack() {
        UpstreamConnection had = connection;
        connection = null;
        if (had != null) {
            had.giveBack();
        }
    }

    void close() {
        UpstreamConnection had = connection;
        connection = null;
        if (had != null) {
            had.close();
        }
    }

    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    /** The peer as log lines and variables name it; null before the first attempt. */
    @Nullable
    String address() {
        return current == null ? null : current.address;
    }

    private long sinceBegin() {
        return TimeUnit.NANOSECONDS.toMillis(x.loop.nanos() - begunNanos);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(x.loop.nanos());
    }
}
