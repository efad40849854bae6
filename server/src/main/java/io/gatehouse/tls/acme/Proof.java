package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/** Shows an authority that the names of an order are ours; what there is to answer is answered until this is closed. */
final class Proof implements AutoCloseable {
    private final Account account;
    private final Order order;
    private final AcmeIssuer issuer;
    private final Challenges challenges;
    private final List<Runnable> answered = new ArrayList<>();

    /** acme4j signs the certificates of tls-alpn-01 by RSA; whose key it is means nothing, so one will do. */
    private static final class ProofKey {
        static final KeyPair PAIR = KeyKind.RSA_2048.generate();
    }

    Proof(Account account, Order order, AcmeIssuer issuer, Challenges challenges) {
        this.account = account;
        this.order = order;
        this.issuer = issuer;
        this.challenges = challenges;
    }

    /** Has each name looked at that is not proven yet. */
    void begin() throws AcmeException, AcmeFailure {
        for (Authorization authorization : order.getAuthorizations()) {
            authorization.fetch();
            if (authorization.getStatus() == Status.PENDING) {
                Challenge challenge = challenge(authorization);
                answer(challenge, authorization.getIdentifier());
                if (challenge.getStatus() == Status.PENDING) {
                    challenge.trigger();
                }
            }
        }
    }

    private Challenge challenge(Authorization authorization) throws AcmeFailure {
        return authorization.getChallenges().stream()
                .filter(one -> one.getType().equals(issuer.challenge().text()))
                .findFirst()
                .orElseThrow(() -> new AcmeFailure(
                        "the authority offers no " + issuer.challenge().text() + " for \""
                                + authorization.getIdentifier().getValue() + "\"",
                        "look at \"challenge\""));
    }

    private void answer(Challenge challenge, Identifier whom) throws AcmeFailure {
        switch (challenge) {
            case Http01Challenge http -> {
                challenges.answer(http.getToken(), http.getAuthorization());
                answered.add(() -> challenges.forget(http.getToken()));
            }
            case TlsAlpn01Challenge tls -> {
                AcmeIdentifier name = named(whom);
                TlsIdentity shown = identity(tls, whom);
                challenges.answer(name, shown);
                answered.add(() -> challenges.forget(name, shown));
            }
            default -> throw new IllegalStateException(challenge.getType());
        }
    }

    private static TlsIdentity identity(TlsAlpn01Challenge challenge, Identifier whom) throws AcmeFailure {
        try {
            X509Certificate certificate = challenge.createCertificate(ProofKey.PAIR, whom);
            return TlsIdentity.load(
                    List.of(certificate.getEncoded()),
                    KeyText.write(ProofKey.PAIR.getPrivate()).getBytes(StandardCharsets.US_ASCII),
                    null,
                    null);
        } catch (CertificateEncodingException | TlsSettingsException e) {
            throw new AcmeFailure("no certificate for the challenge: " + e.getMessage(), "");
        }
    }

    /** The names that the authority is content with. */
    List<AcmeIdentifier> proven(CertificateWish wish) throws AcmeException, AcmeFailure {
        List<AcmeIdentifier> bad = new ArrayList<>();
        if (order.getStatus() == Status.INVALID) {
            for (Authorization authorization : order.getAuthorizations()) {
                authorization.fetch();
                if (authorization.getStatus() == Status.INVALID) {
                    bad.add(named(authorization.getIdentifier()));
                }
            }
        }
        return wish.identifiers().stream().filter(name -> !bad.contains(name)).toList();
    }

    /** Whom an authority means, who may write an address in another form. */
    private static AcmeIdentifier named(Identifier whom) throws AcmeFailure {
        try {
            return AcmeIdentifier.of(whom.getValue());
        } catch (InvalidIdentifier e) {
            throw new AcmeFailure("the authority asks for something else: " + e.message(), "");
        }
    }

    /** Why the order has failed: the first name that the authority is not content with. */
    AcmeFailure failure() throws AcmeException {
        for (Authorization authorization : order.getAuthorizations()) {
            String name = authorization.getIdentifier().getValue();
            for (Challenge challenge : authorization.getChallenges()) {
                Problem error = challenge.getError().orElse(null);
                if (error != null) {
                    return account.diagnosis().proof(error, name);
                }
            }
        }
        return order.getError()
                .map(error -> account.diagnosis().proof(error, ""))
                .orElseGet(() ->
                        new AcmeFailure(AcmeFailure.Kind.PROOF, "the authority has closed the order", "", null, null));
    }

    @Override
    public void close() {
        answered.forEach(Runnable::run);
    }
}
