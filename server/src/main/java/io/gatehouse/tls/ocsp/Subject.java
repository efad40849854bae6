package io.gatehouse.tls.ocsp;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate that a responder is asked about. Immutable.
 *
 * @param issuer of it
 * @param chain certificates beside its own, among which whoever has signed a response may be
 */
public record Subject(X509Certificate certificate, X509Certificate issuer, List<X509Certificate> chain) {
    public Subject {
        chain = List.copyOf(chain);
    }
}
