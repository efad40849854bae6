package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.UpstreamConnection;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.gatehouse.wire.tls.TlsEngine;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is said and heard over a connection to a peer, stage by stage, and which time-out counts in each. What is sent is the
 * matter of {@link RequestSender}, what is answered that of {@link AnswerReader}. On the exchange's loop.
 */
final class Conversation implements Sink {
    static final String CONNECTING = "connecting to upstream";
    private static final String HANDSHAKING = "SSL handshaking to upstream";
    private static final String SENDING = "sending request to upstream";
    private static final String READING_HEAD = "reading response header from upstream";
    static final String READING = "reading upstream";

    /** How far it has come. */
    enum Stage {
        /** Nobody is asked yet. */
        CHOOSING,
        CONNECTING,
        /** TLS is being agreed upon. */
        HANDSHAKING,
        /** The request goes out, or is out; the head of an answer has not come. */
        ASKED,
        BODY,
        TUNNEL,
        OVER,
    }

    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private final ProxyGear gear;
    private final Attempts attempts;
    private final RequestSender sender;
    private final Failover failover;
    private final AnswerReader reader;
    private final AnswerBody body;
    Stage stage = Stage.CHOOSING;

    Conversation(Passage passage, Attempts attempts, RequestSender sender, Failover failover, AnswerReader reader) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.gear = passage.gear;
        this.attempts = attempts;
        this.sender = sender;
        this.failover = failover;
        this.reader = reader;
        this.body = reader.body();
    }

    /** Takes a kept connection or makes one, and asks. */
    void begin(PoolKey key) {
        Wire kept = sender.mayUseKept() ? attempts.takeKept(key, this) : null;
        if (kept != null) {
            ask(kept);
            return;
        }
        awaitConnection();
        attempts.open(key, this);
    }

    private void awaitConnection() {
        stage = Stage.CONNECTING;
        gear.deadline.in(settings.connectTimeout);
    }

    @Override
    public void onConnected(Wire wire) {
        wire.noDelay(true);
        if (settings.socketKeepalive) {
            wire.keepAlive(true);
        }
        ProxyTls tls = settings.tls;
        UpstreamConnection made = attempts.connection();
        if (tls != null && made != null && made.key().facts() instanceof TlsTerms terms) {
            // the time for the connection goes on
            stage = Stage.HANDSHAKING;
            x.action = HANDSHAKING;
            wire.secure(tls.engine(made.key(), terms), TlsEngine.RECORD);
            return;
        }
        attempts.connected();
        ask(wire);
    }

    @Override
    public void onSecured(Wire wire) {
        ProxyTls tls = settings.tls;
        UpstreamConnection made = attempts.connection();
        if (tls == null || made == null || !(made.key().facts() instanceof TlsTerms terms)) {
            return;
        }
        String defect = ProxyTls.defect(terms, wire.tls());
        if (defect != null) {
            x.action = HANDSHAKING;
            x.log(Level.ERROR, defect);
            tls.forget(made.key());
            passage.failed(NextUpstream.ERROR);
            return;
        }
        attempts.connected();
        ask(wire);
    }

    private void ask(Wire wire) {
        stage = Stage.ASKED;
        x.action = SENDING;
        reader.begin(wire);
        // a limited rate needs small steps
        wire.readAtMost(settings.limitRate == null ? Integer.MAX_VALUE : settings.bufferSize);
        wire.reading(true);
        sender.begin(wire);
        watchSilence();
    }

    /** Something was sent, or is still to be sent: what may not take too long now. */
    void watchSilence() {
        if (stage != Stage.ASKED && stage != Stage.BODY || body.isWaitingOnPurpose()) {
            return;
        }
        if (body.isHeld()) {
            gear.deadline.clear();
        } else if (sender.isBlocked()) {
            gear.deadline.in(settings.sendTimeout);
        } else if (stage == Stage.BODY || sender.isComplete()) {
            gear.deadline.in(settings.readTimeout);
        } else {
            // the client is to send more of the body; its own time-out counts
            gear.deadline.clear();
        }
    }

    // ---------------------------------------------------------------- what the wire tells

    @Override
    public void onBytes(Wire wire, ByteBuf borrowed) {
        attempts.received(borrowed.readableBytes());
        if (stage == Stage.ASKED) {
            x.action = READING_HEAD;
            reader.head(borrowed);
        } else if (stage == Stage.BODY) {
            x.action = READING;
            body.bytes(borrowed);
        }
        if (stage == Stage.BODY) {
            body.afterRead();
            watchSilence();
        }
    }

    @Override
    public void onWritable(Wire wire) {
        sender.writable();
        watchSilence();
    }

    @Override
    public void onEnd(Wire wire) {
        if (stage == Stage.BODY) {
            x.action = READING;
            body.ended();
        } else if (stage == Stage.ASKED) {
            x.action = READING_HEAD;
            lost("upstream prematurely closed connection");
        }
    }

    @Override
    public void onClosed(Wire wire, @Nullable IOException cause) {
        switch (stage) {
            case CONNECTING -> {
                x.action = CONNECTING;
                x.log(Level.ERROR, failover.reason(cause, "connect"));
                passage.failed(NextUpstream.ERROR);
            }
            case HANDSHAKING -> {
                x.action = HANDSHAKING;
                x.log(Level.ERROR, Failover.handshakeFailed(cause));
                passage.failed(NextUpstream.ERROR);
            }
            case ASKED -> {
                x.action = Failover.whileSending(cause) ? SENDING : READING_HEAD;
                lost(failover.reason(cause, "recv"));
            }
            case BODY -> {
                x.action = READING;
                x.log(Level.ERROR, failover.reason(cause, "recv"));
                passage.breakOff();
            }
            default -> {}
        }
    }

    /** The deadline has passed. */
    void expired() {
        switch (stage) {
            case CONNECTING, HANDSHAKING -> {
                x.action = stage == Stage.CONNECTING ? CONNECTING : HANDSHAKING;
                timedOut();
            }
            case ASKED -> {
                x.action = sender.isBlocked() ? SENDING : READING_HEAD;
                timedOut();
            }
            case BODY -> {
                if (body.isWaitingOnPurpose()) {
                    body.goOn();
                    watchSilence();
                    return;
                }
                x.action = READING;
                x.log(Level.ERROR, "upstream timed out (110: Connection timed out)");
                passage.breakOff();
            }
            default -> {}
        }
    }

    private void timedOut() {
        x.log(Level.ERROR, "upstream timed out (110: Connection timed out)");
        passage.failed(NextUpstream.TIMEOUT);
    }

    /** The connection broke before anything of an answer came. */
    private void lost(String message) {
        UpstreamConnection had = attempts.connection();
        if (had != null && !reader.hasBegun() && failover.mayRepeat(had)) {
            x.log(Level.INFO, message + ", a kept connection; asking again on a new one");
            sender.again();
            reader.again();
            awaitConnection();
            attempts.openAgain(had, this);
            return;
        }
        x.log(Level.ERROR, message);
        passage.failed(NextUpstream.ERROR);
    }
}
