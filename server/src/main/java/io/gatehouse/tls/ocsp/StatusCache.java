package io.gatehouse.tls.ocsp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What responders have said of clients' certificates, as long as it holds ({@code ssl_ocsp_cache}); shared by servers, outlives a
 * configuration. What has been there longest goes first. From any thread.
 */
public final class StatusCache {
    /** What defines a cache that goes on after a reload. */
    public record Identity(String name, long size) {}

    /** Bytes that an entry takes of a zone, as in nginx. */
    private static final int ENTRY = 256;

    /** How long an answer holds that does not say how long. */
    private static final long UNLIMITED = TimeUnit.HOURS.toMillis(1);

    private final LinkedHashMap<String, Verdict> verdicts;

    public StatusCache(Identity identity) {
        int most = Math.clamp(identity.size() / ENTRY, 1, Integer.MAX_VALUE);
        this.verdicts = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Verdict> eldest) {
                return size() > most;
            }
        };
    }

    /** @param now milliseconds since 1970 */
    synchronized @Nullable Status find(String key, long now) {
        Verdict verdict = verdicts.get(key);
        if (verdict == null) {
            return null;
        }
        if (verdict.validUntil() <= now) {
            verdicts.remove(key);
            return null;
        }
        return verdict.status();
    }

    synchronized void keep(String key, Verdict verdict, long now) {
        long until = verdict.validUntil() == Verdict.FOREVER ? now + UNLIMITED : verdict.validUntil();
        if (until >= now) {
            verdicts.remove(key);
            verdicts.put(key, new Verdict(verdict.status(), until));
        }
    }
}
