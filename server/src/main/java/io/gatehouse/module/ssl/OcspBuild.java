package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.module.ssl.OcspDirectives.Asked;
import io.gatehouse.tls.ocsp.ClientResponders;
import io.gatehouse.tls.ocsp.ResponderUrl;
import io.gatehouse.tls.ocsp.Trust;
import io.gatehouse.wire.tls.PeerVerifier;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what asks about the clients of one server. Used once, by the thread that builds. */
final class OcspBuild {
    private OcspBuild() {}

    /**
     * @param verifier of clients' certificates
     * @param known the certificates of authorities
     * @param lists of revoked certificates
     */
    static ClientResponders build(
            LocationBuild place, PeerVerifier verifier, List<X509Certificate> known, List<X509CRL> lists) {
        return new ClientResponders(
                place.get(OcspDirectives.SSL_OCSP) == Asked.LEAF,
                url(place.find(OcspDirectives.SSL_OCSP_RESPONDER)),
                place.get(OcspDirectives.SSL_OCSP_CACHE).orElse(null),
                verifier,
                Trust.in(known, lists, false));
    }

    private static @Nullable ResponderUrl url(@Nullable Responder said) {
        if (said == null) {
            return null;
        }
        try {
            return ResponderUrl.parse(said.url(), true);
        } catch (ResponderUrl.Invalid e) {
            throw ConfigException.at(said.node(), said.word(), e.message() + " in \"ssl_ocsp_responder\"");
        }
    }
}
