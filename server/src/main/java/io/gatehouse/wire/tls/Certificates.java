package io.gatehouse.wire.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads certificates (RFC 5280, 4.1). From any thread. */
public final class Certificates {
    private Certificates() {}

    /** @throws CertificateException if it is none */
    public static X509Certificate ofDer(byte[] der) throws CertificateException {
        // Not generateCertificate: the first one of those begins the JDK's logging, which opens every library in search
        // of
        // another, a tenth of a start.
        Collection<? extends Certificate> read =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(der));
        if (read.isEmpty()) {
            throw new CertificateException("Empty input");
        }
        return (X509Certificate) read.iterator().next();
    }

    /** @throws CertificateException if one of them is none */
    public static List<X509Certificate> ofDers(List<byte[]> ders) throws CertificateException {
        List<X509Certificate> read = new ArrayList<>(ders.size());
        for (byte[] der : ders) {
            read.add(ofDer(der));
        }
        return read;
    }
}
