package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsIdentity;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps certificates that were read by names with variables ({@code ssl_certificate_cache}). One that has been kept for longer
 * than {@code valid} is read again. From any thread.
 */
public final class CertificateCache {
    /** Pairs. */
    private final int most;

    private final long inactive;
    private final long valid;
    private final LongSupplier seconds;
    private final LinkedHashMap<Names, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private record Names(PemSource certificate, PemSource key) {}

    private static final class Kept {
        final TlsIdentity identity;
        final long since;
        long used;

        Kept(TlsIdentity identity, long now) {
            this.identity = identity;
            this.since = now;
            this.used = now;
        }
    }

    /**
     * @param most certificates and keys
     * @param inactive seconds after which an unused one goes
     * @param valid seconds after which it is read again
     * @param seconds a clock
     */
    public CertificateCache(int most, long inactive, long valid, LongSupplier seconds) {
        this.most = Math.max(1, most / 2);
        this.inactive = inactive;
        this.valid = valid;
        this.seconds = seconds;
    }

    synchronized @Nullable TlsIdentity find(PemSource certificate, PemSource key) {
        Names names = new Names(certificate, key);
        Kept found = kept.get(names);
        if (found == null) {
            return null;
        }
        long now = seconds.getAsLong();
        if (now - found.since > valid) {
            return null; // Whoever reads it again finds out whether it has changed.
        }
        found.used = now;
        return found.identity;
    }

    synchronized void keep(PemSource certificate, PemSource key, TlsIdentity identity) {
        long now = seconds.getAsLong();
        Names names = new Names(certificate, key);
        kept.put(names, new Kept(identity, now));
        Iterator<Kept> oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            Kept one = oldest.next();
            if (kept.size() <= most && now - one.used < inactive) {
                break;
            }
            oldest.remove();
        }
    }
}
