package io.gatehouse.tls;

import io.gatehouse.config.directive.CacheArguments;
import io.gatehouse.tls.Credentials.Chain;
import io.gatehouse.tls.Credentials.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys whose names are made of variables ({@code ssl_certificate_cache},
 * {@code proxy_ssl_certificate_cache}), by nginx's rules: each is an entry
 * of its own; one is taken as it is for a while, then loaded again if its file has changed; the longest unused go first; a key
 * that needs a password is not kept. From any thread; what blocks says so. Times are seconds of a steady clock.
 */
@SuppressWarnings("ReferenceEquality") // whether it is still the one that was read, not one like it
public final class CredentialsCache {
    /** The eldest that are looked at for having been unused for too long, when another comes. */
    private static final int LOOKED_AT = 2;

    private final int most;
    private final long valid;
    private final long inactive;
    private final LinkedHashMap<EntryName, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private record EntryName(boolean key, PemSource source) {}

    /** What tells a file from a changed one. */
    private record Stamp(long modified, @Nullable Object number) {}

    private static final class Entry {
        private Object value;
        private @Nullable Stamp stamp;
        private long created;
        private long accessed;
        /** Of a certificate: what came of it and the key beside it. */
        private @Nullable Credentials together;

        private @Nullable Key with;

        Entry(Object value, @Nullable Stamp stamp, long now) {
            this.value = value;
            this.stamp = stamp;
            this.created = now;
            this.accessed = now;
        }
    }

    /**
     * @param most entries, two for each pair
     * @param valid how long an entry is taken without a look at its file
     * @param inactive after which an unused entry goes when another comes
     */
    CredentialsCache(int most, long valid, long inactive) {
        this.most = most;
        this.valid = valid;
        this.inactive = inactive;
    }

    public static CredentialsCache of(CacheArguments said) {
        return new CredentialsCache(said.max(), said.valid(), said.inactive());
    }

    /** Both, if they are here and need no look at their files; else null. Does not block. */
    synchronized @Nullable Credentials atHand(PemSource certificate, PemSource key, long now) {
        Entry chain = fresh(new EntryName(false, certificate), now);
        Entry its = chain == null ? null : fresh(new EntryName(true, key), now);
        return chain == null || its == null || chain.with != its.value ? null : chain.together;
    }

    private @Nullable Entry fresh(EntryName name, long now) {
        Entry entry = entries.get(name);
        if (entry == null || name.source.file() != null && now - entry.created > valid) {
            return null;
        }
        entry.accessed = now;
        return entry;
    }

    /** Both, loaded as far as they are not here. Blocks. */
    Credentials load(PemSource certificate, PemSource key, List<String> passwords, long now) throws LoadException {
        try {
            return load(certificate, key, passwords, now, false);
        } catch (MismatchException e) {
            // One was replaced, and the other is still the old one.
            return load(certificate, key, passwords, now, true);
        }
    }

    private Credentials load(PemSource certificate, PemSource key, List<String> passwords, long now, boolean anew)
            throws LoadException {
        EntryName chainName = new EntryName(false, certificate);
        Chain chain = (Chain) kept(chainName, now, anew);
        if (chain == null) {
            chain = new Chain(certificate.chain());
            keep(chainName, chain, now);
        }
        EntryName keyName = new EntryName(true, key);
        Key its = (Key) kept(keyName, now, anew);
        boolean read = its == null;
        if (its == null) {
            its = new Key(key.key());
        }
        Credentials both = together(chainName, chain, its);
        if (both == null) {
            both = make(chain, key, its, passwords, anew);
        }
        if (read && !its.isEncrypted()) {
            keep(keyName, its, now);
        }
        remember(chainName, chain, its, both);
        return both;
    }

    private static final class MismatchException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static Credentials make(Chain chain, PemSource source, Key key, List<String> passwords, boolean anew)
            throws LoadException {
        try {
            return Credentials.of(chain, source, key, passwords);
        } catch (LoadException e) {
            if (!anew && e.message().startsWith("SSL_")) {
                throw new MismatchException();
            }
            throw e;
        }
    }

    /** The value that is kept under a name and may still be used; null if it must be read. */
    private @Nullable Object kept(EntryName name, long now, boolean anew) {
        Object value;
        Stamp before;
        synchronized (this) {
            Entry entry = anew ? null : fresh(name, now);
            if (entry != null) {
                return entry.value;
            }
            entry = entries.get(name);
            if (entry == null) {
                return null;
            }
            value = entry.value;
            before = entry.stamp;
        }
        boolean same = !anew && before != null && before.equals(stamp(name));
        synchronized (this) {
            Entry entry = entries.get(name);
            if (entry == null || entry.value != value) {
                return null;
            }
            if (!same) {
                entries.remove(name);
                return null;
            }
            entry.created = now;
            entry.accessed = now;
            return value;
        }
    }

    private static @Nullable Stamp stamp(EntryName name) {
        Path file = name.source.file();
        if (file == null) {
            return null;
        }
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(facts.lastModifiedTime().toMillis(), facts.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    private void keep(EntryName name, Object value, long now) {
        Entry entry = new Entry(value, stamp(name), now);
        synchronized (this) {
            expire(now);
            if (entries.size() >= most && !entries.containsKey(name)) {
                Iterator<Map.Entry<EntryName, Entry>> eldest =
                        entries.entrySet().iterator();
                eldest.next();
                eldest.remove();
                expire(now);
            }
            entries.put(name, entry);
        }
    }

    private void expire(long now) {
        Iterator<Entry> eldest = entries.values().iterator();
        for (int i = 0; i < LOOKED_AT && eldest.hasNext(); i++) {
            if (now - eldest.next().accessed <= inactive) {
                return;
            }
            eldest.remove();
        }
    }

    private synchronized @Nullable Credentials together(EntryName name, Chain chain, Key key) {
        Entry entry = entries.get(name);
        return entry != null && entry.value == chain && entry.with == key ? entry.together : null;
    }

    private synchronized void remember(EntryName name, Chain chain, Key key, Credentials both) {
        Entry entry = entries.get(name);
        if (entry != null && entry.value == chain) {
            entry.with = key;
            entry.together = both;
        }
    }
}
