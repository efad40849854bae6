package io.gatehouse.module.proxy;

import io.gatehouse.tls.Credentials;
import io.gatehouse.wire.tls.ClientTlsSettings;
import io.gatehouse.wire.tls.PeerVerifier;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsSettingsException;
import io.gatehouse.wire.tls.TlsVersion;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for all connections of a place, whoever they go to. Equal ones make the same context, so that a connection
 * of the one serves the other, also after a reload.
 *
 * @param credentials to show, if they are always the same, else null
 * @param verify whether applications' certificates are verified
 * @param depth of what is verified
 * @param trusted authorities; empty if nothing is verified
 * @param revoked certificates
 */
record TlsRecipe(
        Set<TlsVersion> versions,
        String ciphers,
        @Nullable String groups,
        @Nullable Credentials credentials,
        boolean verify,
        int depth,
        List<X509Certificate> trusted,
        List<X509CRL> revoked) {

    TlsContext make() throws TlsSettingsException {
        return TlsContext.client(new ClientTlsSettings(
                credentials == null ? null : credentials.identity(),
                versions,
                ciphers,
                groups,
                List.of(),
                verify ? new PeerVerifier(trusted, revoked, depth, PeerVerifier.Purpose.SERVER) : null));
    }
}
