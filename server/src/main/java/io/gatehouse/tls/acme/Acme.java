package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gets certificates by itself and keeps them new; one for the process, carried from each configuration to the next.
 *
 * <p>A configuration takes what it wants while it is built and gives it back when it is over:
 *
 * <pre>{@code
 * Acme acme = place.shared(Acme.class, () -> place.carried(Acme.class, () -> new Acme(place.service(Clock.class))));
 * ManagedCertificate certificate = acme.use(wish);
 * place.whenOver(() -> acme.release(certificate));
 * }</pre>
 *
 * Being {@code shared} under this class it is found by the process, which has {@link #begin} called once it serves. Nothing is
 * read, written or asked for before, so a test of a configuration does nothing.
 */
public final class Acme {
    private final Clock clock;
    private final Challenges challenges = new Challenges();
    private final Map<CertificateWish, Held> held = new LinkedHashMap<>();

    private static final class Held {
        final ManagedCertificate certificate;
        int users;

        Held(CertificateWish wish) {
            certificate = new ManagedCertificate(wish);
        }
    }

    public Acme(Clock clock) {
        this.clock = clock;
    }

    /**
     * The certificate for a wish: the same object for equal ones. To be given back by {@link #release} as often. From any
     * thread.
     */
    public synchronized ManagedCertificate use(CertificateWish wish) {
        Held one = held.computeIfAbsent(wish, Held::new);
        one.users++;
        return one.certificate;
    }

    /** Gives one back; work for it ends with its last user, what was obtained stays in the state folder. From any thread. */
    public synchronized void release(ManagedCertificate certificate) {
        Held one = held.get(certificate.wish());
        if (one != null && --one.users == 0) {
            held.remove(certificate.wish());
        }
    }

    /** What authorities are to be answered. */
    public Challenges challenges() {
        return challenges;
    }

    /** The folders that are written to; they have to be there for, and belong to, the user as whom the process serves. */
    public synchronized Set<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (CertificateWish wish : held.keySet()) {
            for (AcmeIssuer issuer : wish.issuers()) {
                if (issuer.state() != null) {
                    folders.add(issuer.state());
                }
            }
        }
        return Collections.unmodifiableSet(folders);
    }

    /**
     * Begins to work, or goes on with what a new configuration wants. Called by the process when the privileges have gone and
     * before connections are accepted; certificates that were obtained before are at hand when it returns.
     *
     * @param log where everything is told from now on
     */
    public synchronized void begin(ErrorLog log) {
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        for (Held one : held.values()) {
            one.certificate.beginAwaiting(now);
        }
    }

    /** Ends all work at once; what is under way is taken up by the next process. */
    public void end() {}
}
