package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.TlsIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its key. Immutable; a new one is another object.
 *
 * @param chain its own first, then those of its authorities as they are to be sent
 * @param chainPem the same in PEM; ASCII
 * @param keyPem its private key in PKCS#8 and PEM; ASCII
 * @param identity both, loaded: to be handed to handshakes as it is
 */
public record IssuedCertificate(List<X509Certificate> chain, String chainPem, String keyPem, TlsIdentity identity) {
    /** The certificate itself. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return "IssuedCertificate[until " + notAfter() + "]"; // Never the key.
    }
}
