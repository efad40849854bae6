package io.gatehouse.tls.localca;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.localca.AuthorityFolder.Found;
import io.gatehouse.tls.localca.Issuing.Issued;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's authority for local names: roots that outlive the process, and certificates that live in memory. It outlives a
 * configuration. From any thread; what blocks says so.
 */
public final class LocalAuthority {
    /** Its folder in the state folder of whoever runs it. */
    public static final String FOLDER = "local-authority";

    /** Certificates that are kept; beyond it the longest unused one goes. */
    static final int MOST = 1_000;

    /** How long a certificate is used: it is made anew when two thirds of its life are over. */
    private static final Duration USED = Issuing.LIFE.multipliedBy(2).dividedBy(3);

    private final Path place;
    private final AuthorityFolder folder;
    private final Clock clock;
    private final Object issuing = new Object();
    private final Map<List<String>, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Kept> eldest) {
            return size() > MOST;
        }
    };
    private volatile List<LocalRoot> roots = List.of();

    private record Kept(LocalRoot issuer, TlsIdentity identity, long usedUntil) {}

    /**
     * What came of opening it.
     *
     * @param made whether there is a root that was not there before
     * @param warnings what was found amiss; octet strings
     */
    public record Opened(boolean made, List<String> warnings) {}

    /**
     * One that is not open yet.
     *
     * @param state folder of the user; its own is in it
     */
    public LocalAuthority(Path state, Clock clock) {
        this.place = state.resolve(FOLDER);
        this.folder = new AuthorityFolder(place);
        this.clock = clock;
    }

    /** The file with the certificates of its roots, in PEM. */
    public Path file() {
        return folder.certificates();
    }

    /**
     * Reads its roots, or reads them anew, and makes what is missing. Blocks. Who does not call it leaves it to the first who
     * needs a root, when the process may no longer be root's.
     *
     * @throws LoadException why it cannot be used
     */
    public Opened open() throws LoadException {
        try {
            Found found = folder.open(clock.wallMillis());
            roots = found.roots();
            return new Opened(
                    found.made(),
                    found.warnings().stream().map(LocalAuthority::octets).toList());
        } catch (IOException e) {
            throw new LoadException("the local authority in \"" + octets(place.toString()) + "\" cannot be used ("
                    + octets(Errno.text(e)) + ")");
        }
    }

    /** Opens it unless somebody has; what is wrong is told when a certificate is wanted. Blocks. */
    void openOnce() {
        if (roots.isEmpty()) {
            try {
                Opened _ = open();
            } catch (LoadException e) {
                // issue() tries again, and tells.
            }
        }
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Its roots, the one that issues first; behind it one that will. */
    public List<RootCertificate> roots() {
        return roots.stream().map(LocalRoot::root).toList();
    }

    /**
     * A certificate that need not be made, or null.
     *
     * @param names that it is for, in canonical form
     */
    @Nullable
    TlsIdentity atHand(List<String> names) {
        long now = clock.wallMillis();
        LocalRoot issuer = issuer(now);
        synchronized (kept) {
            Kept found = kept.get(names);
            return found == null || now > found.usedUntil || !found.issuer.equals(issuer) ? null : found.identity;
        }
    }

    /** The same, made if need be; blocks for a moment. */
    TlsIdentity issue(List<String> names) throws LoadException {
        synchronized (issuing) {
            TlsIdentity made = atHand(names);
            if (made != null) {
                return made;
            }
            if (roots.isEmpty()) {
                Opened _ = open();
            }
            long now = clock.wallMillis();
            LocalRoot issuer = issuer(now);
            if (issuer == null) {
                throw new LoadException("the root of the local authority has ended; a reload makes another");
            }
            try {
                Issued issued = Issuing.issue(issuer, names, now);
                long usedUntil = Math.min(now + USED.toMillis(), issued.ends());
                synchronized (kept) {
                    kept.put(names, new Kept(issuer, issued.identity(), usedUntil));
                }
                return issued.identity();
            } catch (TlsSettingsException e) {
                throw new LoadException(e.call() + "() failed (SSL: " + e.error() + ")");
            }
        }
    }

    /** A root issues until a certificate of its would end early, if there is another by then. Null if all have ended. */
    private @Nullable LocalRoot issuer(long now) {
        LocalRoot last = null;
        for (LocalRoot one : roots) {
            if (one.root().isValid(now)) {
                last = one;
                if (one.root().ends() - now > Issuing.LIFE.toMillis()) {
                    return one;
                }
            }
        }
        return last;
    }
}
