package io.gatehouse.tls.ocsp;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.CertificateReader;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.wire.Loop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the responder last said of one certificate. Asked again by nginx's rules: five minutes before the response is old, at the
 * latest after an hour, never within five minutes, whatever came of it. It outlives the configuration. From any thread.
 */
public final class Staple {
    /** For an address. */
    private static final long TIMEOUT = TimeUnit.SECONDS.toMillis(60);

    private static final long LEAST = TimeUnit.MINUTES.toMillis(5);
    private static final long MOST = TimeUnit.HOURS.toMillis(1);

    private final Subject subject;
    private final String name;
    private final ResponderUrl url;
    private final Trust trust;
    private final AtomicBoolean loading = new AtomicBoolean();
    private volatile @Nullable Response response;
    private volatile long refreshed;

    /**
     * A good response in DER, to be sent along.
     *
     * @param validUntil milliseconds since 1970
     */
    record Response(byte[] der, long validUntil) {}

    /** @param name of the certificate's file */
    public Staple(Subject subject, String name, ResponderUrl url, Trust trust) {
        this.subject = subject;
        this.name = name;
        this.url = url;
        this.trust = trust;
    }

    /** What to send along at that time; the same object until there is another; or null. */
    @Nullable
    Response current(long wallMillis) {
        Response last = response;
        return last != null && last.validUntil >= wallMillis ? last : null;
    }

    /** Asks the responder if it is time to and nobody is asking; on a loop, which goes on at once. */
    void update(Loop loop, ResolverSettings names, ErrorLog errors) {
        if (refreshed >= loop.wallMillis() || !loading.compareAndSet(false, true)) {
            return;
        }
        FetchLog log = new FetchLog(errors, 0, name);
        log.responder = url.host();
        beside(loop, log, () -> {
            byte[] request = Ocsp.request(subject);
            loop.execute(() -> new Fetch(loop, url, request, TIMEOUT, log, receiver(loop, log)).begin(names));
        });
    }

    private Fetch.Receiver receiver(Loop loop, FetchLog log) {
        return new Fetch.Receiver() {
            @Override
            public void answered(byte[] body) {
                long now = loop.wallMillis();
                beside(loop, log, () -> {
                    Response good = read(body, now, log);
                    if (good == null) {
                        asked(now + LEAST);
                    } else {
                        response = good;
                        asked(Math.max(Math.min(good.validUntil - LEAST, now + MOST), now + LEAST));
                    }
                });
            }

            @Override
            public void failed() {
                asked(loop.wallMillis() + LEAST);
            }
        };
    }

    private @Nullable Response read(byte[] body, long now, FetchLog log) {
        try {
            Verdict verdict = Ocsp.read(body, subject, trust, now);
            if (verdict.status() == Status.GOOD) {
                return new Response(body, verdict.validUntil());
            }
            log.tell(Level.ERROR, "certificate status \"" + verdict.status().word + "\" in the OCSP response");
        } catch (UnusableResponse e) {
            log.tell(Level.ERROR, e.message());
        }
        return null;
    }

    private void asked(long nextTime) {
        refreshed = nextTime;
        loading.set(false);
    }

    /** Runs beside the loops; if that cannot be now, it is tried again later. */
    private void beside(Loop loop, FetchLog log, Runnable work) {
        long later = loop.wallMillis() + LEAST;
        try {
            CertificateReader.execute(() -> {
                try {
                    work.run();
                } catch (RejectedExecutionException e) {
                    asked(later); // The loop has ended, and with it the process.
                } catch (RuntimeException e) {
                    log.tell(Level.ERROR, e.toString());
                    asked(later);
                }
            });
        } catch (RejectedExecutionException e) {
            asked(later);
        }
    }
}
