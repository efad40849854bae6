package io.gatehouse.tls.ocsp;

import io.gatehouse.exchange.Location;
import io.gatehouse.tls.StapledCertificates;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of one server with the latest responses. From any thread. */
public final class StapledIdentities implements StapledCertificates {
    /**
     * One of them.
     *
     * @param staple null if nobody says anything of it
     */
    public record Entry(TlsIdentity bare, @Nullable Staple staple) {}

    private final Entry[] entries;
    private volatile Made made;

    /** Identities, and the responses that are in them. */
    private record Made(Staple.@Nullable Response[] responses, List<TlsIdentity> identities) {}

    /** @param entries in the order in which they are offered */
    public StapledIdentities(List<Entry> entries) {
        this.entries = entries.toArray(new Entry[0]);
        this.made = new Made(
                new Staple.Response[entries.size()],
                entries.stream().map(Entry::bare).toList());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a response is the same object until there is another
    public List<TlsIdentity> identities(Loop loop, boolean wanted, Location level) {
        if (!wanted) {
            return made.identities;
        }
        Made last = made;
        long now = loop.wallMillis();
        boolean same = true;
        for (int i = 0; i < entries.length; i++) {
            Staple staple = entries[i].staple;
            if (staple != null) {
                same &= staple.current(now) == last.responses[i];
                ResolverSettings names = level.settings(ResolverSettings.KEY);
                staple.update(loop, names == null ? ResolverSettings.NONE : names, level.core.errorLog());
            }
        }
        return same ? last.identities : make(now).identities;
    }

    private Made make(long now) {
        Staple.@Nullable Response[] responses = new Staple.Response[entries.length];
        List<TlsIdentity> identities = new ArrayList<>();
        for (int i = 0; i < entries.length; i++) {
            Staple staple = entries[i].staple;
            responses[i] = staple == null ? null : staple.current(now);
            identities.add(with(entries[i].bare, responses[i]));
        }
        Made next = new Made(responses, List.copyOf(identities));
        made = next;
        return next;
    }

    private static TlsIdentity with(TlsIdentity bare, Staple.@Nullable Response response) {
        try {
            return response == null ? bare : bare.withOcspResponse(response.der());
        } catch (TlsSettingsException e) {
            throw new IllegalStateException(e); // Out of memory: the identity is in order.
        }
    }
}
