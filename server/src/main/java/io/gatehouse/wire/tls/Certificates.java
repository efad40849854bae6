package io.gatehouse.wire.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates (RFC 5280): how they are read, and who issued which. From any thread. */
public final class Certificates {
    private Certificates() {}

    /** @throws CertificateException if it is none */
    public static X509Certificate ofDer(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** @throws CertificateException if one of them is none */
    public static List<X509Certificate> ofDers(List<byte[]> ders) throws CertificateException {
        List<X509Certificate> read = new ArrayList<>(ders.size());
        for (byte[] der : ders) {
            read.add(ofDer(der));
        }
        return read;
    }

    /** The one of several that has issued the certificate: it has its name, and its key has signed; null if none has. */
    public static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> among) {
        for (X509Certificate candidate : among) {
            if (isNamedAsIssuer(candidate, of) && hasSigned(candidate, of)) {
                return candidate;
            }
        }
        return null;
    }

    static boolean isNamedAsIssuer(X509Certificate candidate, X509Certificate of) {
        return candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal());
    }

    static boolean hasSigned(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
