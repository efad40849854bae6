package io.gatehouse.tls.acme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogTime;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What gets certificates, as a process has it, with a clock that can be set and a log that can be read. */
final class Engine implements AutoCloseable {
    static final long PATIENCE_SECONDS = 30;

    final MovedClock clock;
    final Acme acme;
    final List<String> log = new CopyOnWriteArrayList<>();

    Engine(MovedClock clock) {
        this.clock = clock;
        this.acme = new Acme(clock);
    }

    void begin() {
        ErrorLog.Target target = (level, line, length) -> log.add(new String(line, 0, length, ISO_8859_1));
        acme.begin(new ErrorLog(
                List.of(new ErrorLog.Entry(target, Level.DEBUG)), clock, new LogTime(TimeZone.getTimeZone("UTC")), 1));
    }

    /** Wants a certificate, and waits for it. */
    ManagedCertificate get(CertificateWish wish) throws InterruptedException {
        ManagedCertificate certificate = acme.use(wish);
        begin();
        await(
                "a certificate for " + wish.names(),
                () -> certificate.current() != null && certificate.status().nextAttempt() != null);
        return certificate;
    }

    void await(String what, BooleanSupplier until) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not come; the log: " + String.join("", log));
            }
            never.await(10, TimeUnit.MILLISECONDS);
        }
    }

    boolean said(String... parts) {
        return log.stream().anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
    }

    /** An issuer that a test changes as it needs. */
    static final class Issuer {
        String name = "pebble";
        String directory;
        List<X509Certificate> trusted;
        ChallengeType challenge = ChallengeType.HTTP_01;
        Path state;
        String preferredChain;
        AcmeIssuer.Profile profile;
        AcmeIssuer.ExternalAccount external;
        AcmeIssuer.AccountKey key = new AcmeIssuer.AccountKey.Made(KeyKind.ECDSA_256);
        boolean terms = true;
        boolean verify = true;

        Issuer(String directory, List<X509Certificate> trusted, Path state) {
            this.directory = directory;
            this.trusted = trusted;
            this.state = state;
        }

        AcmeIssuer build() {
            return new AcmeIssuer(
                    name,
                    URI.create(directory),
                    key,
                    List.of(URI.create("mailto:admin@example.com")),
                    external,
                    challenge,
                    preferredChain,
                    profile,
                    trusted,
                    verify,
                    state,
                    terms,
                    false);
        }
    }

    static CertificateWish wish(AcmeIssuer issuer, String... names) throws InvalidIdentifier {
        return wish(List.of(issuer), names);
    }

    static CertificateWish wish(List<AcmeIssuer> issuers, String... names) throws InvalidIdentifier {
        AcmeIdentifier[] identifiers = new AcmeIdentifier[names.length];
        for (int i = 0; i < names.length; i++) {
            identifiers[i] = AcmeIdentifier.of(names[i]);
        }
        return new CertificateWish(List.of(identifiers), KeyKind.ECDSA_256, issuers);
    }

    @Override
    public void close() {
        acme.end();
    }
}
