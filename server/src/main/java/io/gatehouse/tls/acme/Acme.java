package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private final AcmeLog log = new AcmeLog();
    private final Pause pause = new Pause();
    private final Map<CertificateWish, Held> held = new LinkedHashMap<>();
    private @Nullable Workers workers;

    private static final class Held {
        final ManagedCertificate certificate;
        int users;

        @Nullable
        Renewal renewal;

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
            if (workers != null && one.renewal != null) {
                workers.remove(one.renewal);
            }
            if (workers != null && held.isEmpty()) {
                workers.stop();
                workers = null;
            }
        }
    }

    /** Those that a configuration wants, for whoever tells how it stands with them. From any thread. */
    public synchronized List<ManagedCertificate> certificates() {
        return held.values().stream().map(one -> one.certificate).toList();
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
     * before connections are accepted; certificates that were obtained before are at hand when it returns. What has failed
     * before is tried again, as far as the authorities' limits let it.
     *
     * @param to where everything is told from now on
     */
    public synchronized void begin(ErrorLog to) {
        log.to(to);
        if (pause.isOver()) {
            return;
        }
        Workers working = workers;
        if (working == null) {
            working = new Workers(clock, log);
            workers = working;
        }
        Map<AcmeIssuer, Authority> authorities = authorities();
        for (Held one : held.values()) {
            if (one.renewal == null) {
                List<Authority> asked = new ArrayList<>();
                one.certificate.wish().issuers().forEach(issuer -> asked.add(authorities.get(issuer)));
                one.renewal = new Renewal(one.certificate, asked, challenges, log);
                one.renewal.load();
            } else {
                one.renewal.retryNow();
            }
            working.add(one.renewal);
        }
    }

    /** Those that are dealt with already, and new ones. */
    private Map<AcmeIssuer, Authority> authorities() {
        Map<AcmeIssuer, Authority> known = new HashMap<>();
        Map<Path, StateFolder> folders = new HashMap<>();
        for (Held one : held.values()) {
            if (one.renewal != null) {
                for (Authority authority : one.renewal.authorities()) {
                    known.put(authority.issuer(), authority);
                    if (authority.issuer().state() != null) {
                        folders.put(authority.issuer().state(), authority.folder());
                    }
                }
            }
        }
        for (CertificateWish wish : held.keySet()) {
            for (AcmeIssuer issuer : wish.issuers()) {
                known.computeIfAbsent(issuer, i -> new Authority(i, folder(i, folders), clock, pause, log));
            }
        }
        return known;
    }

    private StateFolder folder(AcmeIssuer issuer, Map<Path, StateFolder> folders) {
        Path path = issuer.state();
        if (path == null) {
            log.say(
                    Level.WARN,
                    "nothing of \"" + issuer.name() + "\" is kept on the disk: each start asks for new"
                            + " certificates, and an authority gives the same one only a few times a week");
            return new StateFolder(null);
        }
        return folders.computeIfAbsent(path, p -> {
            StateFolder folder = new StateFolder(p);
            try {
                folder.open(clock.wallMillis());
            } catch (IOException e) {
                log.say(Level.ERROR, "the folder \"" + p + "\" cannot be used: " + e);
            }
            return folder;
        });
    }

    /** Ends all work at once; what is under way is taken up by the next process. From any thread. */
    public void end() {
        pause.end();
        Workers working;
        synchronized (this) {
            working = workers;
        }
        if (working != null) {
            working.end();
        }
    }

    /** Looks at once whether something is due: the clock has been set. */
    void look() {
        Workers working;
        synchronized (this) {
            working = workers;
        }
        if (working != null) {
            working.look();
        }
    }
}
