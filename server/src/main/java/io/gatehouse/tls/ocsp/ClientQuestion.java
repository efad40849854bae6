package io.gatehouse.tls.ocsp;

import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.CertificateReader;
import io.gatehouse.tls.ClientStatus;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.TlsFacts;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What responders say of the certificates of one client, its own first, one after the other until one is not good. Requests and
 * responses are made and read beside the loop; never both at once. What is not said to be on the loop is beside it.
 */
final class ClientQuestion implements ClientStatus.Question, Fetch.Receiver {
    private static final String FAILED = "certificate status request failed";

    private final ClientResponders how;
    private final Loop loop;
    private final TlsFacts facts;
    private final ResolverSettings names;
    private final FetchLog log;
    private final Runnable told;

    private List<X509Certificate> way = List.of();
    /** The certificate of {@link #way} that is asked about. */
    private int asked = -1;

    private @Nullable Subject subject;
    private String key = "";

    /** On the loop only, as is {@link #cancelled}. */
    private @Nullable Fetch fetch;

    private boolean cancelled;

    ClientQuestion(
            ClientResponders how, Loop loop, TlsFacts facts, ResolverSettings names, FetchLog log, Runnable told) {
        this.how = how;
        this.loop = loop;
        this.facts = facts;
        this.names = names;
        this.log = log;
        this.told = told;
    }

    // -- on the loop

    /** @param chain as the client has sent it */
    void begin(byte[][] chain) {
        long now = loop.wallMillis();
        beside(() -> {
            way = how.verifier.way(Certificates.ofDers(Arrays.asList(chain)));
            next(now);
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        Fetch open = fetch;
        if (open != null) {
            fetch = null;
            open.cancel();
        }
    }

    private void ask(ResponderUrl url, byte[] request) {
        if (!cancelled) {
            Fetch begun = new Fetch(loop, url, request, 0, log, this);
            fetch = begun;
            begun.begin(names);
        }
    }

    @Override
    public void answered(byte[] response) {
        fetch = null;
        long now = loop.wallMillis();
        beside(() -> hear(response, now));
    }

    @Override
    public void failed() {
        fetch = null;
        loop.defer(() -> end(FAILED));
    }

    private void end(@Nullable String doubt) {
        if (!cancelled) {
            if (doubt != null) {
                facts.doubt(doubt);
            }
            told.run();
        }
    }

    private void beside(Work work) {
        try {
            CertificateReader.execute(() -> run(work));
        } catch (RejectedExecutionException e) {
            log.tell(Level.ERROR, "too many connections wait");
            loop.defer(() -> end(FAILED));
        }
    }

    // -- beside it

    private interface Work {
        void run() throws GeneralSecurityException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (GeneralSecurityException | RuntimeException e) {
            log.tell(Level.ERROR, e.toString());
            finish(FAILED);
        }
    }

    private void finish(@Nullable String doubt) {
        onLoop(() -> end(doubt));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the connection.
        }
    }

    /** Goes on with the next certificate, and with the one after it if it is known to be good. */
    private void next(long now) {
        while (true) {
            asked++;
            if (asked >= way.size() - 1 || how.leafOnly && asked == 1) {
                finish(null); // Nobody is asked about a root.
                return;
            }
            Subject about = new Subject(way.get(asked), way.get(asked + 1), way);
            subject = about;
            ResponderUrl url = responder(about);
            if (url == null) {
                finish(FAILED);
                return;
            }
            log.responder = url.host();
            log.peer = "";
            StatusCache cache = how.cache;
            Status known = null;
            if (cache != null) {
                key = key(about);
                known = cache.find(key, now);
            }
            if (known == null) {
                byte[] request = Ocsp.request(about);
                onLoop(() -> ask(url, request));
                return;
            }
            if (known != Status.GOOD) {
                finish(doubt(known));
                return;
            }
        }
    }

    private @Nullable ResponderUrl responder(Subject about) {
        if (how.responder != null) {
            return how.responder;
        }
        String named = Ocsp.responder(about.certificate());
        if (named == null) {
            log.tell(Level.ERROR, "no OCSP responder URL in certificate");
            return null;
        }
        try {
            return ResponderUrl.parse(named, false);
        } catch (ResponderUrl.Invalid e) {
            log.tell(Level.ERROR, e.message() + " in certificate");
            return null;
        }
    }

    private void hear(byte[] response, long now) {
        Subject about = subject;
        if (about == null) {
            throw new IllegalStateException("nothing was asked");
        }
        Verdict verdict;
        try {
            verdict = Ocsp.read(response, about, how.trust, now);
        } catch (UnusableResponse e) {
            log.tell(Level.ERROR, e.message());
            finish(FAILED);
            return;
        }
        StatusCache cache = how.cache;
        if (cache != null) {
            cache.keep(key, verdict, now);
        }
        if (verdict.status() == Status.GOOD) {
            next(now);
        } else {
            finish(doubt(verdict.status()));
        }
    }

    private static String doubt(Status status) {
        return status == Status.REVOKED ? "certificate revoked" : "certificate status unknown";
    }

    /** What a certificate is known by: its issuer's name and key, and its number. */
    private static String key(Subject about) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(about.issuer().getSubjectX500Principal().getEncoded());
            digest.update(about.issuer().getPublicKey().getEncoded());
            digest.update(about.certificate().getSerialNumber().toByteArray());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
