package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.Level;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An issuer that is dealt with: its folder, its budget, and the conversation while there is one. From any thread. */
final class Authority {
    private final AcmeIssuer issuer;
    private final StateFolder folder;
    private final Budget budget;
    private final Clock clock;
    private final Pause pause;
    private final AcmeLog log;
    private @Nullable Account account;
    private int speakers;

    Authority(AcmeIssuer issuer, StateFolder folder, Clock clock, Pause pause, AcmeLog log) {
        this.issuer = issuer;
        this.folder = folder;
        this.clock = clock;
        this.pause = pause;
        this.log = log;
        this.budget = new Budget(
                folder,
                clock,
                pause,
                aside -> log.say(Level.ERROR, "\"" + aside + "\" was damaged and has been put aside"));
    }

    AcmeIssuer issuer() {
        return issuer;
    }

    StateFolder folder() {
        return folder;
    }

    Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    Pause pause() {
        return pause;
    }

    AcmeLog log() {
        return log;
    }

    /** Begins to speak with it, or joins who does; to be ended by {@link #leave}. Sends nothing yet. */
    synchronized Account speak() throws IOException {
        Account there = account;
        if (there == null) {
            there = new Account(this, new AcmeClient(issuer, clock));
            account = there;
        }
        speakers++;
        return there;
    }

    /** The last one to leave closes the connections: for weeks there is nothing to say. */
    synchronized void leave() {
        if (--speakers == 0 && account != null) {
            account.client().close();
            account = null;
        }
    }
}
