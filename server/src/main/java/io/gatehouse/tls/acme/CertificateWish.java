package io.gatehouse.tls.acme;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * A certificate that is wanted (nginx's {@code acme_certificate}). Two that are equal are served by one certificate.
 *
 * @param identifiers whom it is for, at least one; each once
 * @param key the kind of its key
 * @param issuers the authorities, at least one: each next one is asked while those before it keep failing
 */
public record CertificateWish(List<AcmeIdentifier> identifiers, KeyKind key, List<AcmeIssuer> issuers) {
    public CertificateWish {
        identifiers = List.copyOf(new LinkedHashSet<>(identifiers));
        issuers = List.copyOf(new LinkedHashSet<>(issuers));
        if (identifiers.isEmpty() || issuers.isEmpty()) {
            throw new IllegalArgumentException("no name or no authority");
        }
    }

    /** The names, for messages. */
    public String names() {
        return String.join(", ", identifiers.stream().map(AcmeIdentifier::text).toList());
    }
}
