package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.UpstreamTry;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.Octets;
import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.Peers;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.Selection;
import io.gatehouse.upstream.UpstreamConnection;
import io.gatehouse.upstream.UpstreamGroup;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's way to an application: choosing a peer, connecting, attempt after attempt until one answers, and the end.
 * What is sent is the matter of {@link RequestSender}, what is answered that of {@link AnswerReader}. On the exchange's loop.
 */
final class Passage implements Sink, Runnable, Exchange.UpstreamUrl {
    static final String CONNECTING = "connecting to upstream";
    static final String SENDING = "sending request to upstream";
    static final String READING_HEAD = "reading response header from upstream";
    static final String READING = "reading upstream";

    private enum Stage {
        CHOOSING,
        CONNECTING,
        ASKED,
        BODY,
        TUNNEL,
        OVER,
    }

    final Exchange x;
    final ProxySettings settings;
    final ProxyGear gear;
    private final Place place;
    private final RequestSender sender;
    private final AnswerReader reader;
    private Stage stage = Stage.CHOOSING;
    private @Nullable UpstreamConnection connection;
    private @Nullable UpstreamTry attempt;
    private @Nullable NameLookup lookup;
    private long begunNanos;
    private long connectNanos;
    private boolean gearReturned;

    Passage(Exchange x, ProxySettings settings, Place place, boolean streaming) {
        this.x = x;
        this.settings = settings;
        this.place = place;
        this.gear = settings.racks.of(x.loop).take();
        this.sender = new RequestSender(this, streaming);
        this.reader = new AnswerReader(this);
    }

    void begin() {
        x.ignoresClientAbort = settings.ignoreClientAbort || settings.store.on();
        x.whenAborted(this);
        x.whenDone(this);
        x.upstreamUrl = this;
        gear.give(this);
        begunNanos = x.loop.nanos();
        if (!x.upstreamTries.isEmpty()) {
            x.upstreamTries.getLast().redirected = true;
        }
        if (!sender.prepare(place)) {
            finish(500);
            return;
        }
        if (stage == Stage.OVER) {
            return; // the body could not be had
        }
        UpstreamGroup group = place.group();
        if (group == null) {
            lookup = NameLookup.begin(this, place);
            return;
        }
        Selection selection = gear.selection;
        if (group.key() != null) {
            selection.key(group.key().eval(x));
        }
        if (group.byClient()) {
            selection.client(ClientAddress.of(x));
        }
        choose(group.peers().onLoop(x.loop.index()));
    }

    /** The peers are known. */
    void choose(Peers peers) {
        lookup = null;
        begunNanos = x.loop.nanos();
        gear.selection.begin(peers);
        gear.selection.limitTries(settings.next.tries());
        connect();
    }

    // ---------------------------------------------------------------- connecting

    private void connect() {
        x.action = CONNECTING;
        connectNanos = x.loop.nanos();
        Peer peer = gear.selection.pick(millis());
        UpstreamTry next = new UpstreamTry(peer == null ? gear.selection.groupName() : peer.name(), connectNanos);
        attempt = next;
        if (x.upstreamTries.isEmpty()) {
            x.upstreamTries = new ArrayList<>(2);
        }
        x.upstreamTries.add(next);
        if (peer == null) {
            x.log(Level.ERROR, "no live upstreams");
            failed(NextUpstream.NO_LIVE);
            return;
        }
        PoolKey key = key(peer);
        UpstreamConnection kept = sender.mayUseKept() ? gear.rack.pool.take(key, this) : null;
        if (kept == null) {
            open(key);
            return;
        }
        connection = kept;
        next.connectMillis = 0;
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTED, connectNanos);
        ask(kept.wire());
    }

    private PoolKey key(Peer peer) {
        LocalAddress bind = settings.bind;
        if (bind == null) {
            return settings.target.fixed() != null
                    ? settings.key(place, peer, x.loop.index())
                    : PoolKey.of(peer.address(), settings.keepAlive(place));
        }
        SocketAddress local = bind.of(x);
        return new PoolKey(peer.address(), local, local != null && bind.transparent(), null, settings.keepAlive(place));
    }

    private void open(PoolKey key) {
        stage = Stage.CONNECTING;
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTING, connectNanos);
        connection = gear.rack.pool.connect(key, this);
        gear.deadline.in(settings.connectTimeout);
    }

    @Override
    public void onConnected(Wire wire) {
        wire.noDelay(true);
        if (settings.socketKeepalive) {
            wire.keepAlive(true);
        }
        if (attempt != null) {
            attempt.connectMillis = since(connectNanos);
        }
        x.timeline.mark(Timeline.Instant.UPSTREAM_CONNECTED, x.loop.nanos());
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
        if (stage != Stage.ASKED && stage != Stage.BODY || reader.isWaitingOnPurpose()) {
            return;
        }
        if (reader.isHeld()) {
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
        if (attempt != null) {
            attempt.bytesReceived += borrowed.readableBytes();
        }
        if (stage == Stage.ASKED) {
            x.action = READING_HEAD;
            reader.head(borrowed);
        } else if (stage == Stage.BODY) {
            x.action = READING;
            reader.body(borrowed);
        }
        if (stage == Stage.BODY) {
            reader.afterRead();
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
            reader.ended();
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
                x.log(Level.ERROR, callFailed(cause, "connect"));
                failed(NextUpstream.ERROR);
            }
            case ASKED -> {
                x.action = cause instanceof ErrnoException e && isSend(e) ? SENDING : READING_HEAD;
                lost(callFailed(cause, "recv"));
            }
            case BODY -> {
                x.action = READING;
                x.log(Level.ERROR, callFailed(cause, "recv"));
                breakOff();
            }
            default -> {}
        }
    }

    private static boolean isSend(ErrnoException e) {
        return e.call().startsWith("send") || e.call().startsWith("write");
    }

    private String callFailed(@Nullable IOException cause, String usual) {
        if (cause == null) {
            return "upstream prematurely closed connection";
        }
        String call = usual;
        if (cause instanceof ErrnoException e) {
            call = e.call();
            if (call.equals("bind") && connection != null && connection.key().local() != null) {
                String local =
                        io.gatehouse.upstream.SocketName.of(connection.key().local());
                return "bind(" + local + ") failed (" + e.getMessage() + ")";
            }
        }
        return call + "() failed (" + cause.getMessage() + ")";
    }

    /** The deadline has passed. */
    void expired() {
        switch (stage) {
            case CONNECTING -> {
                x.action = CONNECTING;
                timedOut();
            }
            case ASKED -> {
                x.action = sender.isBlocked() ? SENDING : READING_HEAD;
                timedOut();
            }
            case BODY -> {
                if (reader.isWaitingOnPurpose()) {
                    reader.goOn();
                    watchSilence();
                    return;
                }
                x.action = READING;
                x.log(Level.ERROR, "upstream timed out (110: Connection timed out)");
                breakOff();
            }
            default -> {}
        }
    }

    private void timedOut() {
        x.log(Level.ERROR, "upstream timed out (110: Connection timed out)");
        failed(NextUpstream.TIMEOUT);
    }

    // ---------------------------------------------------------------- failing, and the next attempt

    /** The connection broke before anything of an answer came. */
    private void lost(String message) {
        UpstreamConnection had = connection;
        if (had != null && had.reused() && !reader.hasBegun() && mayRepeat()) {
            x.log(Level.INFO, message + ", a kept connection; asking again on a new one");
            PoolKey key = had.key();
            had.close();
            connectNanos = x.loop.nanos();
            sender.again();
            reader.again();
            open(key);
            return;
        }
        x.log(Level.ERROR, message);
        failed(NextUpstream.ERROR);
    }

    /**
     * Whether a request that met a kept connection just being closed may be sent again (RFC 9110, 9.2.2; RFC 9112, 9.3.1).
     */
    private boolean mayRepeat() {
        return sender.canRepeat() && !x.isDone();
    }

    /** The attempt came to nothing, for this reason; the reason was logged. */
    void failed(int failure) {
        release(
                failure == NextUpstream.HTTP_403 || failure == NextUpstream.HTTP_404
                        ? io.gatehouse.upstream.Outcome.NEXT
                        : io.gatehouse.upstream.Outcome.FAILED);
        int status = NextUpstream.statusOf(failure);
        UpstreamTry failedTry = attempt;
        if (failedTry != null) {
            failedTry.status = status;
        }
        if (x.isDone()) {
            finish(0);
            return;
        }
        int reason = failure;
        if (sender.hasSent() && NextUpstream.isNonIdempotent(x.method)) {
            reason |= NextUpstream.NON_IDEMPOTENT;
        }
        if (gear.selection.tries() == 0
                || !settings.next.allows(reason, since(begunNanos))
                || sender.hasSent() && !sender.canRepeat()) {
            finish(status);
            return;
        }
        endTry();
        closeConnection();
        sender.again();
        reader.again();
        connect();
    }

    /** Whether an answer with an error's status is to be asked of another peer instead; it was told so already if true. */
    boolean asksAnother(int status) {
        int condition = NextUpstream.ofStatus(status);
        if (condition == 0) {
            return false;
        }
        int reason = condition;
        if (sender.hasSent() && NextUpstream.isNonIdempotent(x.method)) {
            reason |= NextUpstream.NON_IDEMPOTENT;
        }
        if (gear.selection.tries() > 1 && settings.next.allows(reason, since(begunNanos)) && sender.canRepeat()) {
            failed(condition);
            return true;
        }
        return false;
    }

    private void release(io.gatehouse.upstream.Outcome outcome) {
        if (gear.selection.current() != null && gear.selection.release(outcome, millis())) {
            x.log(Level.WARN, "upstream server temporarily disabled");
        }
    }

    // ---------------------------------------------------------------- the end

    /** The head of the answer is complete and understood. */
    void headArrived(int status) {
        UpstreamTry answered = attempt;
        if (answered != null) {
            answered.status = status;
            answered.headerMillis = since(connectNanos);
        }
        x.timeline.mark(Timeline.Instant.UPSTREAM_HEADERS, x.loop.nanos());
        gear.selection.headerArrived(millis());
    }

    void bodyBegins() {
        stage = Stage.BODY;
    }

    void bodyBytes(int count) {
        if (attempt != null) {
            attempt.bodyBytes += count;
        }
    }

    /** The application's answer is complete; {@code reusable} says whether its side allows another request. */
    void answered(boolean reusable) {
        release(io.gatehouse.upstream.Outcome.OK);
        endTry();
        stage = Stage.OVER;
        gear.deadline.clear();
        x.timeline.mark(Timeline.Instant.UPSTREAM_END, x.loop.nanos());
        UpstreamConnection had = connection;
        connection = null;
        boolean whole = sender.end();
        if (had != null) {
            if (reusable && whole) {
                had.giveBack();
            } else {
                had.close();
            }
        }
        x.whenAborted(null);
        x.action = "sending to client";
        returnGearIfOver();
    }

    /** The answer cannot be completed: the client must notice. */
    void breakOff() {
        release(io.gatehouse.upstream.Outcome.OK);
        endTry();
        stage = Stage.OVER;
        closeConnection();
        sender.end();
        reader.breakOff();
        returnGearIfOver();
    }

    /** Ends without an application's answer: the client gets this status; 0 if there is no client any more. */
    void finish(int status) {
        release(io.gatehouse.upstream.Outcome.OK);
        endTry();
        stage = Stage.OVER;
        gear.deadline.clear();
        closeConnection();
        sender.end();
        cancelLookup();
        x.whenAborted(null);
        x.action = "sending to client";
        returnGearIfOver();
        if (status != 0) {
            x.resume(Outcome.status(status));
        }
    }

    /** Ends with an internal redirect that the application asked for. */
    void redirected(Outcome outcome, boolean reusable) {
        if (attempt != null) {
            attempt.redirected = true;
        }
        answered(reusable);
        x.resume(outcome);
    }

    /** Hands the connection over to a tunnel. */
    @Nullable
    Wire becomeTunnel() {
        stage = Stage.TUNNEL;
        gear.deadline.clear();
        sender.end();
        x.whenAborted(null);
        return connection == null ? null : connection.wire();
    }

    /** The tunnel has ended. */
    void tunnelEnded() {
        release(io.gatehouse.upstream.Outcome.OK);
        endTry();
        stage = Stage.OVER;
        closeConnection();
        x.sent();
    }

    private void endTry() {
        UpstreamTry ended = attempt;
        UpstreamConnection had = connection;
        if (ended != null && ended.responseMillis < 0) {
            ended.responseMillis = since(connectNanos);
            ended.bytesSent = sender.bytesSent();
            if (stage == Stage.TUNNEL && had != null) {
                ended.bytesReceived = had.wire().bytesReceived();
            }
        }
    }

    private void closeConnection() {
        UpstreamConnection had = connection;
        connection = null;
        if (had != null) {
            had.close();
        }
    }

    private void cancelLookup() {
        NameLookup asked = lookup;
        lookup = null;
        if (asked != null) {
            asked.cancel();
        }
    }

    /** The exchange tells: the client has gone, or everything is over. */
    @Override
    public void run() {
        if (!x.isDone()) {
            clientGone();
            return;
        }
        reader.clientOver();
        if (stage != Stage.OVER) {
            finish(0);
        }
        returnGearIfOver();
    }

    private void clientGone() {
        if (stage == Stage.OVER || stage == Stage.TUNNEL) {
            return;
        }
        if (connection != null) {
            x.log(
                    Level.INFO,
                    "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed"
                            + " too");
        } else {
            x.log(Level.INFO, "epoll_wait() reported that client prematurely closed connection");
        }
        if (attempt != null && stage == Stage.ASKED) {
            attempt.status = 0;
        }
        finish(0);
    }

    private void returnGearIfOver() {
        if (stage == Stage.OVER && x.isDone() && !gearReturned) {
            gearReturned = true;
            gear.putBack();
        }
    }

    // ---------------------------------------------------------------- the rest

    RequestSender sender() {
        return sender;
    }

    Place place() {
        return place;
    }

    @Nullable
    Wire wire() {
        return connection == null ? null : connection.wire();
    }

    private long since(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(x.loop.nanos() - nanos);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(x.loop.nanos());
    }

    @Override
    public String upstreamUrl() {
        Octets uri = new Octets(128);
        RequestHead.uri(x, place, settings.target.location(), uri);
        String peer = attempt == null ? place.url().text() : attempt.address;
        return place.scheme() + peer + (peer.startsWith("unix:") ? ":" : "") + uri;
    }
}
