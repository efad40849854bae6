package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.UpstreamUrl;
import io.gatehouse.module.proxy.Conversation.Stage;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.Octets;
import io.gatehouse.tls.Credentials;
import io.gatehouse.tls.CredentialsSource;
import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.Peers;
import io.gatehouse.upstream.Selection;
import io.gatehouse.upstream.UpstreamConnection;
import io.gatehouse.upstream.UpstreamGroup;
import io.gatehouse.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's way to an application: the choice of a peer, one attempt after the other until one answers, and the end. What is
 * said and heard in an attempt is the matter of a {@link Conversation}. On the exchange's loop.
 */
final class Passage implements Runnable, UpstreamUrl, CredentialsSource.Answer {
    final Exchange x;
    final ProxySettings settings;
    final ProxyGear gear;
    private final Place place;
    private final Attempts attempts;
    private final RequestSender sender;
    private final Failover failover;
    private final AnswerReader reader;
    private final Conversation talk;
    private @Nullable NameLookup lookup;
    private boolean gearReturned;

    Passage(Exchange x, ProxySettings settings, Place place, boolean streaming) {
        this.x = x;
        this.settings = settings;
        this.place = place;
        this.gear = settings.racks.of(x.loop).take();
        this.attempts = new Attempts(x, settings, gear);
        this.sender = new RequestSender(this, streaming);
        this.failover = new Failover(this, attempts, sender);
        this.reader = new AnswerReader(this);
        this.talk = new Conversation(this, attempts, sender, failover, reader);
    }

    void begin() {
        x.ignoresClientAbort = settings.ignoreClientAbort || settings.store.on();
        x.whenAborted(this);
        x.whenDone(this);
        x.upstreamUrl = this;
        gear.give(talk);
        failover.begin();
        if (!x.upstreamTries.isEmpty()) {
            x.upstreamTries.getLast().redirected = true;
        }
        if (!sender.prepare(place)) {
            finish(500);
            return;
        }
        if (talk.stage == Stage.OVER) {
            return; // the body could not be had
        }
        ProxyTls.Chosen chosen = place.isSecure() && settings.tls != null ? settings.tls.chosen() : null;
        if (chosen != null) {
            askForCredentials(chosen);
        } else {
            findPeers();
        }
    }

    private void askForCredentials(ProxyTls.Chosen chosen) {
        x.action = Conversation.CONNECTING;
        String certificate = chosen.certificate().eval(x);
        if (certificate.isEmpty()) {
            findPeers();
            return;
        }
        String key = chosen.key().eval(x);
        Credentials known = chosen.source().atHand(x.loop, certificate, key);
        if (known != null) {
            loaded(known);
        } else {
            chosen.source().load(x.loop, certificate, key, this);
        }
    }

    @Override
    public void loaded(Credentials credentials) {
        if (talk.stage != Stage.OVER) {
            attempts.credentials(credentials);
            findPeers();
        }
    }

    @Override
    public void unusable(String message) {
        if (talk.stage != Stage.OVER) {
            x.log(Level.ERROR, message);
            finish(500);
        }
    }

    private void findPeers() {
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
        failover.begin();
        gear.selection.begin(peers);
        gear.selection.limitTries(settings.next.tries());
        connect();
    }

    // ---------------------------------------------------------------- attempts

    private void connect() {
        x.action = Conversation.CONNECTING;
        Peer peer = attempts.next();
        if (peer == null) {
            x.log(Level.ERROR, "no live upstreams");
            failed(NextUpstream.NO_LIVE);
            return;
        }
        talk.begin(attempts.key(place, peer));
    }

    /** The attempt came to nothing, for this reason; the reason was logged. */
    void failed(int failure) {
        if (!failover.goesOn(failure)) {
            finish(x.isDone() ? 0 : NextUpstream.statusOf(failure));
            return;
        }
        attempts.end(sender.bytesSent());
        attempts.close();
        sender.again();
        reader.again();
        connect();
    }

    /** Whether an answer with an error's status is to be asked of another peer instead; it was told so already if true. */
    boolean asksAnother(int status) {
        int condition = NextUpstream.ofStatus(status);
        if (!failover.wantsAnother(condition)) {
            return false;
        }
        failed(condition);
        return true;
    }

    // ---------------------------------------------------------------- the end

    /** The head of the answer is complete and understood. */
    void headArrived(int status) {
        attempts.headArrived(status);
    }

    void bodyBegins() {
        talk.stage = Stage.BODY;
    }

    void bodyBytes(int count) {
        attempts.bodyBytes(count);
    }

    /** The application's answer is complete; {@code reusable} says whether its side allows another request. */
    void answered(boolean reusable) {
        endAttempt();
        gear.deadline.clear();
        x.timeline.mark(Timeline.Instant.UPSTREAM_END, x.loop.nanos());
        if (sender.end() && reusable) {
            attempts.giveBack();
        } else {
            attempts.close();
        }
        x.whenAborted(null);
        x.action = "sending to client";
        returnGearIfOver();
    }

    /** The answer cannot be completed: the client must notice. */
    void breakOff() {
        endAttempt();
        attempts.close();
        sender.end();
        reader.body().breakOff();
        returnGearIfOver();
    }

    /** Ends without an application's answer: the client gets this status; 0 if there is no client any more. */
    void finish(int status) {
        endAttempt();
        gear.deadline.clear();
        attempts.close();
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
        attempts.redirected();
        answered(reusable);
        x.resume(outcome);
    }

    /** Hands the connection over to a tunnel. */
    @Nullable
    Wire becomeTunnel() {
        talk.stage = Stage.TUNNEL;
        gear.deadline.clear();
        sender.end();
        x.whenAborted(null);
        // It may last for days, and the logs will want to know.
        gear.compact();
        x.request.compact();
        x.response.headers.compact();
        return wire();
    }

    /** The tunnel has ended. */
    void tunnelEnded() {
        endAttempt();
        attempts.close();
        x.sent();
    }

    private void endAttempt() {
        attempts.release(io.gatehouse.upstream.Outcome.OK);
        if (talk.stage == Stage.TUNNEL) {
            attempts.endTunnel(sender.bytesSent());
        } else {
            attempts.end(sender.bytesSent());
        }
        talk.stage = Stage.OVER;
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
        reader.body().clientOver();
        if (talk.stage != Stage.OVER) {
            finish(0);
        }
        returnGearIfOver();
    }

    private void clientGone() {
        if (talk.stage == Stage.OVER || talk.stage == Stage.TUNNEL) {
            return;
        }
        if (attempts.connection() != null) {
            x.log(
                    Level.INFO,
                    "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed"
                            + " too");
        } else {
            x.log(Level.INFO, "epoll_wait() reported that client prematurely closed connection");
        }
        if (talk.stage == Stage.ASKED) {
            attempts.status(0);
        }
        finish(0);
    }

    private void returnGearIfOver() {
        if (talk.stage == Stage.OVER && x.isDone() && !gearReturned) {
            gearReturned = true;
            gear.putBack();
        }
    }

    // ---------------------------------------------------------------- the rest

    /** Something was sent, or is still to be sent: what may not take too long now. */
    void watchSilence() {
        talk.watchSilence();
    }

    RequestSender sender() {
        return sender;
    }

    Place place() {
        return place;
    }

    @Nullable
    Wire wire() {
        UpstreamConnection had = attempts.connection();
        return had == null ? null : had.wire();
    }

    @Override
    public String upstreamUrl() {
        Octets uri = new Octets(128);
        RequestHead.uri(x, place, settings.target.location(), uri);
        String asked = attempts.address();
        String peer = asked == null ? place.url().text() : asked;
        return place.scheme() + peer + (peer.startsWith("unix:") ? ":" : "") + uri;
    }
}
