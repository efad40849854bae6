package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Level;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one certificate new: decides when one is asked for and whom to ask, and learns from what came of it. Used by one thread at
 * a time, which {@link Acme} sees to.
 */
final class Renewal {
    /** After so many failures in a row the next authority is tried too. */
    private static final int FAILURES_TO_GO_ON = 2;

    /** How often to look whether another process has got what it is at. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(2);

    /** A certificate that begins later than that is none of the future: this machine's clock is wrong. */
    private static final Duration CLOCK_SLACK = Duration.ofDays(1);

    /**
     * A certificate is not renewed at once after it has come, whatever clocks and authorities say: so long, or a twentieth of its
     * life if that is less.
     */
    private static final Duration LONGEST_REST = Duration.ofDays(1);

    private final ManagedCertificate certificate;
    private final CertificateWish wish;
    private final String id;
    private final List<Authority> authorities;
    private final Challenges challenges;
    private final AcmeLog log;

    private @Nullable Instant awaitedSince;
    private @Nullable Failure lastFailure;
    /** Of whom the certificate at hand is. */
    private @Nullable Authority source;
    /** When it is renewed, and whether its authority has said so. */
    private Instant renewAt = Instant.MAX;

    private boolean suggested;
    private Instant restsUntil = Instant.EPOCH;
    private Instant askAt = Instant.MAX;
    /** Failures of before do not count for the first attempt. */
    private volatile boolean afresh;

    Renewal(ManagedCertificate certificate, List<Authority> authorities, Challenges challenges, AcmeLog log) {
        this.certificate = certificate;
        this.wish = certificate.wish();
        this.id = CertificateFile.id(wish);
        this.authorities = authorities;
        this.challenges = challenges;
        this.log = log;
    }

    List<Authority> authorities() {
        return authorities;
    }

    ManagedCertificate certificate() {
        return certificate;
    }

    private Instant now() {
        return Instant.ofEpochMilli(authorities.get(0).clock().wallMillis());
    }

    /** Takes what was obtained before. Reads files. */
    void load() {
        for (Authority authority : authorities) {
            IssuedCertificate kept = kept(authority);
            IssuedCertificate there = certificate.current();
            if (kept != null && (there == null || kept.notBefore().isAfter(there.notBefore()))) {
                take(authority, kept);
            }
        }
        if (certificate.current() == null) {
            awaitedSince = now();
        }
        retryNow();
        tell(CertificateStatus.Phase.WAITING, now());
    }

    /** Somebody may have mended what was wrong: the wait after failures ends, the budget stays. From any thread. */
    void retryNow() {
        afresh = true;
    }

    private @Nullable IssuedCertificate kept(Authority authority) {
        StateFolder folder = authority.folder();
        try {
            return CertificateFile.read(folder, id, authority.issuer());
        } catch (DamagedFile e) {
            try {
                log.say(Level.ERROR, "\"" + folder.setAside(e.file()) + "\" has been put aside: " + e.getMessage());
            } catch (IOException again) {
                log.say(Level.ERROR, "\"" + folder.name(e.file()) + "\" is damaged: " + e.getMessage());
            }
        } catch (IOException e) {
            log.say(Level.ERROR, "\"" + folder.name(id) + "\" cannot be read: " + e);
        }
        return null;
    }

    private void take(Authority authority, IssuedCertificate issued) {
        source = authority;
        awaitedSince = null;
        renewAt = Times.byAge(issued.certificate());
        suggested = false;
        // Not all at once when a server starts with many.
        askAt = now().plusMillis(ThreadLocalRandom.current().nextLong(600_000));
        certificate.set(issued);
    }

    /** Does what is due; returns when to be called again. Blocks for as long as an order takes. */
    Instant work() throws InterruptedException {
        IssuedCertificate there = certificate.current();
        Instant due;
        if (there != null && now().isBefore(there.notBefore().minus(CLOCK_SLACK))) {
            log.say(
                    Level.ERROR,
                    "the certificate for \"" + wish.names() + "\" begins on " + Times.text(there.notBefore())
                            + ", but here it is " + Times.text(now()) + ": is the clock wrong? Nothing is asked for");
            due = now().plus(Times.USUAL_ASK);
        } else {
            if (there != null && !askAt.isAfter(now()) && renewAt.isAfter(now())) {
                askWhen(there);
            }
            due = there != null && renewAt.isAfter(now()) ? earlier(renewAt, askAt) : obtain();
        }
        tell(CertificateStatus.Phase.WAITING, due);
        return due;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private void askWhen(IssuedCertificate there) throws InterruptedException {
        Authority authority = source;
        if (authority == null) {
            return;
        }
        try {
            Renewals.Window window = speaking(authority, account -> Renewals.ask(account, there));
            if (window == null) {
                askAt = now().plus(Times.LONGEST_ASK);
                return;
            }
            askAt = now().plus(window.askAgain());
            boolean fits = !renewAt.isBefore(window.start()) && !renewAt.isAfter(window.end());
            if (!suggested || !fits) {
                renewAt = later(
                        restsUntil,
                        Times.within(window.start(), window.end(), there.certificate(), ThreadLocalRandom.current()));
                suggested = true;
                log.say(
                        window.explanation() == null ? Level.INFO : Level.NOTICE,
                        "\"" + authority.issuer().name() + "\" suggests to renew the certificate for \"" + wish.names()
                                + "\" from " + Times.text(window.start()) + " to " + Times.text(window.end())
                                + "; it will be on "
                                + Times.text(renewAt)
                                + (window.explanation() == null ? "" : "; see " + window.explanation()));
            }
        } catch (AcmeFailure | IOException e) {
            askAt = now().plus(Times.USUAL_ASK);
            log.say(Level.INFO, "\"" + authority.issuer().name() + "\" does not say when to renew: " + e.getMessage());
        }
    }

    /** Something that is said to an authority. */
    private interface Talk<T extends @Nullable Object> {
        T with(Account account) throws AcmeFailure, IOException, InterruptedException;
    }

    private <T extends @Nullable Object> T speaking(Authority authority, Talk<T> talk)
            throws AcmeFailure, IOException, InterruptedException {
        Account account = authority.speak();
        try {
            return talk.with(account);
        } catch (AcmeFailure | IOException e) {
            if (authority.pause().isOver() || Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        } finally {
            authority.leave();
        }
    }

    /** Asks the first authority that is not to be left alone; the next ones too, while those before keep failing. */
    private Instant obtain() throws InterruptedException {
        boolean first = afresh;
        afresh = false;
        Instant due = Instant.MAX;
        for (Authority authority : authorities) {
            Attempt attempt = attempt(authority, first);
            if (attempt.done) {
                return attempt.next;
            }
            due = earlier(due, attempt.next);
            if (!attempt.goOn) {
                break;
            }
        }
        return due;
    }

    /**
     * What became of an attempt.
     *
     * @param done whether there is a certificate, or somebody else is at it
     * @param next when to look again
     * @param goOn whether the next authority is to be tried
     */
    private record Attempt(boolean done, Instant next, boolean goOn) {}

    private Attempt attempt(Authority authority, boolean first) throws InterruptedException {
        try {
            authority.folder().open(authority.clock().wallMillis());
        } catch (IOException e) {
            return fail(authority, unusable(authority, e));
        }
        try (StateFolder.Hold hold = authority.folder().tryHold(id)) {
            if (hold == null) {
                if (first) {
                    afresh = true; // That was no attempt.
                }
                tell(CertificateStatus.Phase.ELSEWHERE, null);
                return new Attempt(true, now().plus(ELSEWHERE), false);
            }
            IssuedCertificate kept = kept(authority);
            if (kept != null && Times.byAge(kept.certificate()).isAfter(now()) && isNewer(kept)) {
                log.say(Level.NOTICE, "another process has got a certificate for \"" + wish.names() + "\"");
                take(authority, kept);
                return new Attempt(true, earlier(renewAt, askAt), false);
            }
            return order(authority, first);
        } catch (IOException e) {
            return fail(authority, unusable(authority, e));
        }
    }

    private static AcmeFailure unusable(Authority authority, IOException e) {
        return new AcmeFailure(
                "the folder \"" + authority.folder().name("") + "\" cannot be used: " + e,
                "it has to belong to the user as whom the server runs; nothing is asked for that could not be kept");
    }

    private boolean isNewer(IssuedCertificate kept) {
        IssuedCertificate there = certificate.current();
        return there == null || kept.notBefore().isAfter(there.notBefore());
    }

    private Attempt order(Authority authority, boolean first) throws IOException, InterruptedException {
        Budget budget = authority.budget();
        Budget.Standing standing = budget.standing(id);
        IssuedCertificate former = source == authority ? certificate.current() : null;
        Budget.Leave leave = budget.leave(id, wish, former == null ? Duration.ZERO : life());
        if (leave.from().isAfter(now())) {
            log.say(
                    Level.WARN,
                    "no certificate for \"" + wish.names() + "\" is asked for at \""
                            + authority.issuer().name() + "\" before " + Times.text(leave.from()) + ": "
                            + leave.because());
            return new Attempt(false, leave.from(), true);
        }
        if (!first && standing.retryAt().isAfter(now())) {
            return new Attempt(false, standing.retryAt(), standing.failures() >= FAILURES_TO_GO_ON);
        }
        try {
            IssuedCertificate issued = speaking(
                    authority,
                    account -> new CertificateOrder(
                                    authority, account, wish, former, challenges, phase -> tell(phase, null))
                            .run());
            lastFailure = null;
            take(authority, issued);
            rest();
            log.say(
                    Level.NOTICE,
                    "certificate for \"" + wish.names() + "\" from \""
                            + authority.issuer().name() + "\", valid until " + Times.text(issued.notAfter()));
            return new Attempt(true, now(), false);
        } catch (AcmeFailure e) {
            return fail(authority, e);
        }
    }

    /** A new certificate has come. */
    private void rest() {
        askAt = now();
        restsUntil = now().plus(Times.clamp(life().dividedBy(20), Duration.ZERO, LONGEST_REST));
        if (renewAt.isBefore(restsUntil)) {
            log.say(
                    Level.WARN,
                    "the new certificate for \"" + wish.names() + "\" is old already: here it is " + Times.text(now())
                            + ", is the clock right?");
            renewAt = restsUntil;
        }
    }

    private Attempt fail(Authority authority, AcmeFailure failure) {
        int failures = 1;
        Duration wait = Times.afterFailures(1, life(), ThreadLocalRandom.current());
        Instant next = now().plus(wait);
        try {
            failures = authority.budget().standing(id).failures() + 1;
            next = now().plus(Times.afterFailures(failures, life(), ThreadLocalRandom.current()));
            Duration asked = failure.retryAfter();
            if (asked != null && failure.kind() == AcmeFailure.Kind.LIMIT) {
                Instant until = now().plus(Times.clamp(asked, Times.SHORTEST_ASK, Times.LONGEST_LIMIT));
                authority.budget().leaveAlone(id, until);
                next = next.isBefore(until) ? until : next;
            }
            authority.budget().failed(id, failures, next);
        } catch (IOException e) {
            log.say(Level.ERROR, "\"" + authority.folder().name("") + "\" cannot be written: " + e);
        }
        lastFailure = new Failure(now(), authority.issuer().name(), failure.words(), failure.meaning());
        IssuedCertificate there = certificate.current();
        log.say(
                Level.ERROR,
                "no certificate for \"" + wish.names() + "\" from \""
                        + authority.issuer().name() + "\": "
                        + failure.words() + (failure.meaning().isEmpty() ? "" : ". This means: " + failure.meaning())
                        + (there == null ? "" : ". The old one stays, until " + Times.text(there.notAfter()))
                        + ". The next attempt is on " + Times.text(next));
        return new Attempt(false, next, failures >= FAILURES_TO_GO_ON || failure.kind() == AcmeFailure.Kind.LIMIT);
    }

    private Duration life() {
        IssuedCertificate there = certificate.current();
        return there == null ? Duration.ZERO : Duration.between(there.notBefore(), there.notAfter());
    }

    private void tell(CertificateStatus.Phase phase, @Nullable Instant next) {
        IssuedCertificate there = certificate.current();
        Authority of = source == null ? authorities.get(0) : source;
        certificate.status(new CertificateStatus(
                phase, of.issuer().name(), awaitedSince, there == null ? null : there.notAfter(), next, lastFailure));
    }
}
