package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.acme.AcmeFailure.Kind;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * One certificate is asked for: a new order, or one that was interrupted, is brought to its end (RFC 8555, 7.1.6). Blocks; by the
 * one who holds the certificate in the state folder.
 */
final class CertificateOrder {
    /** How often an authority is asked that does not say how often. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(200);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    /** However long an authority wants to be left alone within an order. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** How long names are looked at, and how long a certificate is made, before the next attempt goes on with the order. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Authority authority;
    private final AcmeIssuer issuer;
    private final CertificateWish wish;
    private final String id;
    private final @Nullable IssuedCertificate former;
    private final Challenges challenges;
    private final Consumer<CertificateStatus.Phase> phase;
    private final Account account;

    /**
     * @param former the certificate that is replaced, if it is of this authority
     * @param phase told what is being done
     */
    CertificateOrder(
            Authority authority,
            Account account,
            CertificateWish wish,
            @Nullable IssuedCertificate former,
            Challenges challenges,
            Consumer<CertificateStatus.Phase> phase) {
        this.authority = authority;
        this.issuer = authority.issuer();
        this.account = account;
        this.wish = wish;
        this.id = CertificateFile.id(wish);
        this.former = former;
        this.challenges = challenges;
        this.phase = phase;
    }

    /** Brings a certificate, and keeps it in the state folder. */
    IssuedCertificate run() throws AcmeFailure, IOException, InterruptedException {
        phase.accept(CertificateStatus.Phase.ORDERING);
        account.client().expect();
        try {
            return finish(begin());
        } catch (AcmeException | RuntimeException e) {
            throw account.diagnosis().of(e);
        }
    }

    /** An order and the key that goes with it. */
    private record Begun(Order order, KeyPair key) {}

    private Begun begin() throws AcmeException, AcmeFailure, IOException {
        Login login = account.login();
        Begun interrupted = interrupted(login);
        if (interrupted != null) {
            authority.log().say(Level.NOTICE, "going on with the order for \"" + wish.names() + "\"");
            return interrupted;
        }
        KeyPair key = wish.key().generate();
        authority.budget().ordering(id, wish);
        Order order;
        try {
            order = order(login);
        } catch (AcmeException | RuntimeException | AcmeFailure e) {
            authority.budget().spared(wish.identifiers());
            throw e;
        }
        String owner = account.login().getAccountLocation().toString();
        new PendingOrder(owner, order.getLocation(), key).write(authority.folder(), id);
        return new Begun(order, key);
    }

    /** The order that another attempt has left, if it can still become a certificate. */
    private @Nullable Begun interrupted(Login login) throws AcmeException, IOException {
        PendingOrder pending;
        try {
            pending = PendingOrder.read(authority.folder(), id);
        } catch (DamagedFile e) {
            String aside = authority.folder().setAside(e.file());
            authority.log().say(Level.ERROR, "\"" + aside + "\" has been put aside: " + e.getMessage());
            return null;
        }
        if (pending == null
                || !pending.account().equals(login.getAccountLocation().toString())) {
            return null;
        }
        Order order = login.bindOrder(pending.location());
        try {
            order.fetch();
        } catch (AcmeServerException e) {
            return null; // It is not known any more.
        }
        return order.getStatus() == Status.INVALID ? null : new Begun(order, pending.key());
    }

    private Order order(Login login) throws AcmeException, AcmeFailure, IOException {
        try {
            return order(login, former);
        } catch (AcmeServerException e) {
            if (Diagnosis.isOf(e, "accountDoesNotExist")) {
                account.forget();
                return order(account.login(), former);
            }
            // What it replaces may have been replaced, or forgotten by the authority.
            if (former != null
                    && (Diagnosis.isOf(e, "alreadyReplaced")
                            || String.valueOf(e.getMessage()).contains("replace"))) {
                return order(login, null);
            }
            throw e;
        }
    }

    private Order order(Login login, @Nullable IssuedCertificate replaced) throws AcmeException, AcmeFailure {
        OrderBuilder builder = login.newOrder();
        for (AcmeIdentifier name : wish.identifiers()) {
            builder.identifier(name.isAddress() ? Identifier.ip(name.text()) : Identifier.dns(name.text()));
        }
        Metadata offers = login.getSession().getMetadata();
        AcmeIssuer.Profile profile = issuer.profile();
        if (profile != null && offers.isProfileAllowed(profile.name())) {
            builder.profile(profile.name());
        } else if (profile != null) {
            String missing = "the authority \"" + issuer.name() + "\" has no profile \"" + profile.name() + "\"";
            String others = offers.getProfiles().isEmpty() ? "it has none" : "it has " + offers.getProfiles();
            if (profile.required()) {
                throw new AcmeFailure(missing, others + "; look at \"profile\"");
            }
            authority.log().say(Level.NOTICE, missing + "; " + others);
        }
        if (replaced != null && Renewals.isKnownTo(login)) {
            builder.replaces(replaced.certificate());
        }
        return builder.create();
    }

    private IssuedCertificate finish(Begun begun) throws AcmeException, AcmeFailure, IOException, InterruptedException {
        Order order = begun.order();
        if (order.getStatus() == Status.PENDING) {
            phase.accept(CertificateStatus.Phase.PROVING);
            try (Proof proof = new Proof(account, order, issuer, challenges)) {
                proof.begin();
                await(order, EnumSet.complementOf(EnumSet.of(Status.PENDING)));
                authority.budget().spared(proof.proven(wish));
                if (order.getStatus() == Status.INVALID) {
                    PendingOrder.delete(authority.folder(), id);
                    throw proof.failure();
                }
            }
        }
        phase.accept(CertificateStatus.Phase.FINISHING);
        if (order.getStatus() == Status.READY) {
            order.execute(begun.key(), request -> {
                if (issuer.commonName() && !wish.identifiers().get(0).isAddress()) {
                    request.setCommonName(wish.identifiers().get(0).text());
                }
            });
            order.fetch();
        }
        await(order, EnumSet.of(Status.VALID, Status.INVALID));
        if (order.getStatus() == Status.INVALID) {
            PendingOrder.delete(authority.folder(), id);
            Problem error = order.getError().orElse(null);
            throw error == null
                    ? new AcmeFailure("the authority has closed the order", "")
                    : account.diagnosis().proof(error, wish.identifiers().get(0).text());
        }
        return keep(choose(order.getCertificate()), begun.key());
    }

    /** Asks until the order is in one of the states. */
    private void await(Order order, Set<Status> states) throws AcmeException, AcmeFailure, InterruptedException {
        long end = authority.clock().nanos() + PATIENCE.toNanos();
        Duration look = FIRST_LOOK;
        while (!states.contains(order.getStatus())) {
            if (authority.clock().nanos() > end) {
                throw new AcmeFailure(
                        Kind.OTHER,
                        "the order is still " + order.getStatus() + " after " + Times.text(PATIENCE),
                        "the authority takes long; the next attempt goes on with the same order",
                        null,
                        null);
            }
            AcmeClient.Answer answer = account.client().last();
            Duration wanted = answer == null ? null : answer.retryAfter();
            authority.pause().await(wanted == null ? look : Times.clamp(wanted, FIRST_LOOK, LONGEST_WAIT));
            look = Times.clamp(look.multipliedBy(3).dividedBy(2), FIRST_LOOK, LONGEST_LOOK);
            order.fetch();
        }
    }

    /** The chain that ends as it is wanted, or the one that the authority gives first. */
    private Certificate choose(Certificate first) throws AcmeException, IOException {
        first.download();
        String wanted = issuer.preferredChain();
        if (wanted == null || endsWith(first, wanted)) {
            return first;
        }
        for (Certificate other : first.getAlternateCertificates()) {
            other.download();
            if (endsWith(other, wanted)) {
                return other;
            }
        }
        authority.log().say(Level.NOTICE, "no chain of \"" + issuer.name() + "\" ends at \"" + wanted + "\"");
        return first;
    }

    private static boolean endsWith(Certificate certificate, String name) throws IOException {
        try {
            return List.of(new JcaX509CertificateHolder(
                                    certificate.getCertificateChain().getLast())
                            .getIssuer()
                            .getRDNs(BCStyle.CN))
                    .stream()
                    .anyMatch(rdn ->
                            IETFUtils.valueToString(rdn.getFirst().getValue()).equals(name));
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private IssuedCertificate keep(Certificate certificate, KeyPair key) throws AcmeFailure, IOException {
        IssuedCertificate issued;
        try {
            issued = CertificateFile.of(certificate.getCertificateChain(), KeyText.write(key.getPrivate()));
        } catch (IOException e) {
            PendingOrder.delete(authority.folder(), id);
            throw new AcmeFailure(
                    String.valueOf(e.getMessage()), "the authority has made a certificate that is of no use");
        }
        authority.budget().issued(id, wish, former != null);
        CertificateFile.write(authority.folder(), id, issuer, issued);
        PendingOrder.delete(authority.folder(), id);
        return issued;
    }
}
