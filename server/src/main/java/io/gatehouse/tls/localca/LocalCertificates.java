package io.gatehouse.tls.localca;

import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.LoadException;
import io.gatehouse.wire.tls.TlsIdentity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The certificates of one server by the local authority. A client that asks for a local name gets a certificate for that name
 * alone, whatever the server is called. One that asks for none gets that of the address that it has come to, which holds the
 * server's own names too, and the loopback addresses: behind a forwarded port the client knows the address by another name.
 * A name that is not local is never issued.
 */
public final class LocalCertificates implements AutomaticCertificates {
    /** Names of the server in the certificate of an address; more would make every handshake long. */
    static final int MOST_NAMES = 100;

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final LocalAuthority authority;
    private final List<String> own;

    /**
     * As {@link LocalAuthority#open}, it may block.
     *
     * @param authority opened here if it is not open
     * @param names of the server; those that are not local are left out
     */
    public LocalCertificates(LocalAuthority authority, List<String> names) {
        this.authority = authority;
        this.own = names.stream()
                .map(LocalNames::canonical)
                .filter(Objects::nonNull)
                .distinct()
                .limit(MOST_NAMES)
                .toList();
        authority.openOnce();
    }

    @Override
    public Answer answer(String name) {
        TlsIdentity there = authority.atHand(wanted(name));
        return there == null ? new Answer.Obtainable() : new Answer.AtHand(List.of(there));
    }

    @Override
    public List<TlsIdentity> obtain(String name) throws LoadException {
        return List.of(authority.issue(wanted(name)));
    }

    @Override
    public List<String> names() {
        return own;
    }

    /** What the certificate is for. */
    private List<String> wanted(String name) {
        String local = LocalNames.canonical(name);
        boolean address = LocalNames.address(name) != null;
        if (local != null && !address) {
            return List.of(local);
        }
        Set<String> all = new LinkedHashSet<>();
        if (local != null) {
            all.add(local);
        }
        all.addAll(own);
        all.addAll(LOOPBACK);
        return new ArrayList<>(all);
    }
}
