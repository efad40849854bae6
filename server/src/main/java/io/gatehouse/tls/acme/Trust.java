package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.AnyPeer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom to believe that he is the authority: by what the configuration names, or what the system trusts. */
final class Trust {
    /** Where systems keep the certificates they trust in one file of PEM; they are renewed there, unlike those of a JDK. */
    private static final List<Path> OF_SYSTEM = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private Trust() {}

    static SSLContext context(AcmeIssuer issuer) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(issuer), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates to trust cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] managers(AcmeIssuer issuer) throws GeneralSecurityException, IOException {
        if (!issuer.verify()) {
            return new TrustManager[] {new AnyPeer()};
        }
        Collection<? extends Certificate> trusted = issuer.trusted() == null ? ofSystem() : issuer.trusted();
        if (trusted.isEmpty()) {
            return null; // Those of the JDK.
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate one : trusted) {
            store.setCertificateEntry("trusted-" + number++, one);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> ofSystem() throws GeneralSecurityException {
        for (Path file : OF_SYSTEM) {
            if (Files.isReadable(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    return CertificateFactory.getInstance("X.509").generateCertificates(in);
                } catch (IOException e) {
                    // The next one, or those of the JDK.
                }
            }
        }
        return List.of();
    }
}
