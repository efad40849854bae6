package io.gatehouse.testing;

import io.gatehouse.wire.tls.TlsIdentity;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Certificates for tests, all issued by one authority that lives as long as the process. */
public final class Pki {
    public static final X509Bundle CA = build(() -> new CertificateBuilder()
            .ecp256()
            .subject("CN=Test Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned());

    private Pki() {}

    private interface Building {
        X509Bundle build() throws Exception;
    }

    private static X509Bundle build(Building building) {
        try {
            return building.build();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate for a server with these names; the first one is also its common name. */
    public static X509Bundle server(Algorithm algorithm, String... names) {
        CertificateBuilder builder = named(algorithm, names[0]);
        for (String name : names) {
            builder.addSanDnsName(name);
        }
        return build(() -> builder.buildIssuedBy(CA));
    }

    public static X509Bundle server(String... names) {
        return server(Algorithm.ecp256, names);
    }

    /** A certificate for a client. */
    public static X509Bundle client(String name) {
        return build(() ->
                named(Algorithm.ecp256, name).addExtendedKeyUsageClientAuth().buildIssuedBy(CA));
    }

    public static CertificateBuilder named(Algorithm algorithm, String name) {
        return new CertificateBuilder().algorithm(algorithm).subject("CN=" + name);
    }

    public static List<byte[]> chain(X509Bundle bundle) {
        List<byte[]> chain = new ArrayList<>();
        try {
            for (X509Certificate certificate : bundle.getCertificatePath()) {
                chain.add(certificate.getEncoded());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return chain;
    }

    public static TlsIdentity identity(X509Bundle bundle) {
        try {
            return TlsIdentity.load(
                    chain(bundle), bundle.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII), null, null);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a client of the JDK trusts and shows. */
    public static SSLContext jdk(X509Bundle... shown) {
        try {
            KeyManager[] keys = null;
            if (shown.length > 0) {
                keys = shown[0].toKeyManagerFactory().getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust = CA.toTrustManagerFactory().getTrustManagers();
            context.init(keys, trust, null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
