package io.gatehouse.tls.ocsp;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Location;
import io.gatehouse.tls.ClientStatus;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.wire.tls.PeerVerifier;
import io.gatehouse.wire.tls.TlsFacts;
import org.jspecify.annotations.Nullable;

/** How one server asks about its clients' certificates. Immutable. */
public final class ClientResponders implements ClientStatus {
    final boolean leafOnly;
    final @Nullable ResponderUrl responder;
    final @Nullable StatusCache cache;
    final PeerVerifier verifier;
    final Trust trust;

    /**
     * @param leafOnly whether only the client's own certificate is asked about, and not those of authorities
     * @param responder who is asked; null for whom each certificate names
     * @param cache of answers, or null
     * @param verifier that has verified the client's certificate
     * @param trust in signatures of responders
     */
    public ClientResponders(
            boolean leafOnly,
            @Nullable ResponderUrl responder,
            @Nullable StatusCache cache,
            PeerVerifier verifier,
            Trust trust) {
        this.leafOnly = leafOnly;
        this.responder = responder;
        this.cache = cache;
        this.verifier = verifier;
        this.trust = trust;
    }

    @Override
    public @Nullable Question begin(ClientConnection client, Location level, Runnable answered) {
        TlsFacts facts = client.wire.tls();
        byte[][] chain = facts == null ? null : facts.peerChain();
        if (facts == null || chain == null || !facts.verification().isOk()) {
            return null;
        }
        ResolverSettings names = level.settings(ResolverSettings.KEY);
        FetchLog log = new FetchLog(level.core.errorLog(), client.number, null);
        ClientQuestion question = new ClientQuestion(
                this, client.loop, facts, names == null ? ResolverSettings.NONE : names, log, answered);
        question.begin(chain);
        return question;
    }
}
