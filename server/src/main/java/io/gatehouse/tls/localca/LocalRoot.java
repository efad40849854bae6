package io.gatehouse.tls.localca;

import io.gatehouse.wire.tls.PemText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A root of the local authority with its key. Immutable. */
record LocalRoot(RootCertificate root, PrivateKey key) {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";

    /** Something to sign, to see whether a key belongs to a certificate. */
    private static final byte[] SAMPLE = {1, 2, 3};

    /**
     * Reads roots with their keys, each key behind its certificate.
     *
     * @throws GeneralSecurityException what is wrong with the text
     */
    static List<LocalRoot> read(byte[] text) throws GeneralSecurityException {
        List<PemText.Block> blocks;
        try {
            blocks = PemText.read(text);
        } catch (IllegalArgumentException e) {
            throw new CertificateException("it is no PEM: " + e.getMessage(), e);
        }
        if (blocks.isEmpty() || blocks.size() % 2 != 0) {
            throw new CertificateException("expected a certificate and its key");
        }
        List<LocalRoot> roots = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i += 2) {
            if (!blocks.get(i).label().equals(CERTIFICATE)
                    || !blocks.get(i + 1).label().equals(KEY)) {
                throw new CertificateException("expected a certificate and its key");
            }
            roots.add(of(blocks.get(i).der(), blocks.get(i + 1).der()));
        }
        return List.copyOf(roots);
    }

    private static LocalRoot of(byte[] certificate, byte[] key) throws GeneralSecurityException {
        RootCertificate root = RootCertificate.of(certificate);
        PrivateKey its = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
        Signature signature = Signature.getInstance(Issuing.SIGNATURE);
        signature.initSign(its);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(root.certificate().getPublicKey());
        signature.update(SAMPLE);
        if (!signature.verify(signed)) {
            throw new CertificateException("the key is not the certificate's");
        }
        return new LocalRoot(root, its);
    }

    /** As {@link #read} reads it. */
    String text() {
        return root.pem() + new String(PemText.write(KEY, key.getEncoded()), StandardCharsets.US_ASCII);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LocalRoot that && root.equals(that.root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return root.title() + " " + root.mark();
    }
}
