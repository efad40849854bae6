package io.gatehouse.cli.up;

import io.gatehouse.tls.acme.Acme;
import io.gatehouse.tls.acme.CertificateStatus;
import io.gatehouse.tls.acme.Failure;
import io.gatehouse.tls.acme.ManagedCertificate;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Tells how it stands with the certificates of a site that an authority is asked for, in a thread of its own. */
public final class CertificateWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    /** What was told of one: what it has, and what failed. */
    private record Told(
            @Nullable Instant validUntil, @Nullable Instant failedAt) {}

    private final Acme acme;
    private final BiConsumer<String, String> teller;
    private final Map<ManagedCertificate, Told> told = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param teller takes a label and what there is to say */
    public CertificateWatch(Acme acme, BiConsumer<String, String> teller) {
        this.acme = acme;
        this.teller = teller;
    }

    public void start() {
        Thread.ofPlatform().daemon().name("certificate-watch").start(this::watch);
    }

    private void watch() {
        try {
            do {
                acme.certificates().forEach(this::look);
            } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(ManagedCertificate certificate) {
        CertificateStatus status = certificate.status();
        Failure failure = status.lastFailure();
        Told now = new Told(status.validUntil(), failure == null ? null : failure.at());
        Told before = told.put(certificate, now);
        if (now.equals(before)) {
            return;
        }
        String names = certificate.wish().names();
        if (failure != null && (before == null || !failure.at().equals(before.failedAt()))) {
            teller.accept("certificate", failed(names, status, failure));
        } else if (status.validUntil() == null) {
            teller.accept(
                    "certificate",
                    "awaited: " + status.issuer() + " is asked for " + names
                            + "; until it is there no browser gets in");
        } else if (before == null || !status.validUntil().equals(before.validUntil())) {
            teller.accept(
                    "certificate",
                    (before == null ? "" : "obtained: ") + "for " + names + " from " + status.issuer()
                            + ", valid until " + TIME.format(status.validUntil()) + ", renewed by itself");
        }
    }

    private static String failed(String names, CertificateStatus status, Failure failure) {
        Instant next = status.nextAttempt();
        Instant until = status.validUntil();
        return "failed: " + failure.issuer() + " gives none for " + names + ": " + failure.words()
                + (failure.meaning().isEmpty() ? "" : "\n              " + failure.meaning())
                + (until == null ? "" : "\n              the one that is there serves until " + TIME.format(until))
                + (next == null
                        ? ""
                        : "\n              tried again at " + TIME.format(next.truncatedTo(ChronoUnit.MINUTES)));
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
