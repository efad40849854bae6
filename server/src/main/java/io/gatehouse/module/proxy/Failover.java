package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.upstream.Outcome;
import io.gatehouse.upstream.SocketName;
import io.gatehouse.upstream.UpstreamConnection;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.tls.TlsException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows when an attempt came to nothing: another peer ({@code proxy_next_upstream}), the same one over a new
 * connection, or an error for the client. On the exchange's loop.
 */
final class Failover {
    private final Exchange x;
    private final ProxySettings settings;
    private final ProxyGear gear;
    private final Attempts attempts;
    private final RequestSender sender;
    private long begunNanos;

    Failover(Passage passage, Attempts attempts, RequestSender sender) {
        this.x = passage.x;
        this.settings = passage.settings;
        this.gear = passage.gear;
        this.attempts = attempts;
        this.sender = sender;
    }

    /** The time that {@code proxy_next_upstream_timeout} bounds begins. */
    void begin() {
        begunNanos = x.loop.nanos();
    }

    /** Books a failure with the peer. Returns whether another one is to be asked. */
    boolean goesOn(int failure) {
        attempts.release(
                failure == NextUpstream.HTTP_403 || failure == NextUpstream.HTTP_404 ? Outcome.NEXT : Outcome.FAILED);
        attempts.status(NextUpstream.statusOf(failure));
        return !x.isDone()
                && gear.selection.tries() > 0
                && allows(failure)
                && (!sender.hasSent() || sender.canRepeat());
    }

    /** Whether an answer with this condition is rather asked of another peer. */
    boolean wantsAnother(int condition) {
        return condition != 0 && gear.selection.tries() > 1 && allows(condition) && sender.canRepeat();
    }

    private boolean allows(int failure) {
        int reason = failure;
        if (sender.hasSent() && NextUpstream.isNonIdempotent(x.method)) {
            reason |= NextUpstream.NON_IDEMPOTENT;
        }
        return settings.next.allows(reason, TimeUnit.NANOSECONDS.toMillis(x.loop.nanos() - begunNanos));
    }

    /**
     * Whether a request that met a kept connection just being closed may be sent again (RFC 9110, 9.2.2; RFC 9112, 9.3.1).
     */
    boolean mayRepeat(UpstreamConnection had) {
        return had.reused() && sender.canRepeat() && !x.isDone();
    }

    // ---------------------------------------------------------------- what is said of it

    /** What to log of a connection that broke; {@code usual} is the call to blame where nothing names one. */
    String reason(@Nullable IOException cause, String usual) {
        if (cause == null) {
            return "upstream prematurely closed connection";
        }
        if (cause instanceof TlsException) {
            return String.valueOf(cause.getMessage());
        }
        String call = usual;
        if (cause instanceof ErrnoException e) {
            call = e.call();
            UpstreamConnection had = attempts.connection();
            if (call.equals("bind") && had != null && had.key().local() != null) {
                return "bind(" + SocketName.of(had.key().local()) + ") failed (" + e.getMessage() + ")";
            }
        }
        return call + "() failed (" + cause.getMessage() + ")";
    }

    /** What to log of a handshake that came to nothing. */
    static String handshakeFailed(@Nullable IOException cause) {
        if (cause instanceof TlsException) {
            return String.valueOf(cause.getMessage());
        }
        return "peer closed connection in SSL handshake" + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    /** Whether it broke while something was sent. */
    static boolean whileSending(@Nullable IOException cause) {
        return cause instanceof ErrnoException e
                && (e.call().startsWith("send") || e.call().startsWith("write"));
    }
}
