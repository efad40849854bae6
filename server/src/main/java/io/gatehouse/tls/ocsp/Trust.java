package io.gatehouse.tls.ocsp;

import io.gatehouse.wire.tls.PeerVerifier;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whose signature under a response is believed, by the rules of OpenSSL's OCSP_basic_verify: the issuer's, or that of somebody
 * whom the issuer has made a responder (RFC 6960, 4.2.2.2), with a way to a trusted root. Immutable.
 */
public final class Trust {
    /** Longer than any way there is: only the peer's own has a limit. */
    private static final int DEPTH = 100;

    /** The signature has to be right, whoever made it: what nginx does without {@code ssl_stapling_verify}. */
    public static final Trust ANYBODY =
            new Trust(new PeerVerifier(List.of(), List.of(), DEPTH, PeerVerifier.Purpose.ANY), true, true);

    final PeerVerifier verifier;
    final boolean anybody;
    /** Whether the certificates of {@link Subject#chain} are beyond doubt (OCSP_TRUSTOTHER). */
    final boolean chain;

    private Trust(PeerVerifier verifier, boolean anybody, boolean chain) {
        this.verifier = verifier;
        this.anybody = anybody;
        this.chain = chain;
    }

    /**
     * @param known certificates of authorities
     * @param lists of revoked certificates
     * @param chain whether a response that one of {@link Subject#chain} has signed is believed without a look at the way to a root
     */
    public static Trust in(List<X509Certificate> known, List<X509CRL> lists, boolean chain) {
        return new Trust(new PeerVerifier(known, lists, DEPTH, PeerVerifier.Purpose.ANY), false, chain);
    }
}
