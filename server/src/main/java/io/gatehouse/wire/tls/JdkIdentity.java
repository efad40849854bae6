package io.gatehouse.wire.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** An identity for the JDK's engine. Reads keys in PKCS#8 only, encrypted or not, and sends no OCSP responses. */
final class JdkIdentity extends TlsIdentity {
    final X509Certificate[] chain;
    final PrivateKey key;

    private JdkIdentity(X509Certificate[] chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    static JdkIdentity of(List<byte[]> ders, byte[] pem, @Nullable String password) throws TlsSettingsException {
        List<X509Certificate> chain;
        try {
            chain = Certificates.ofDers(ders);
        } catch (GeneralSecurityException e) {
            throw new TlsSettingsException("PEM_read_bio_X509", String.valueOf(e.getMessage()));
        }
        PublicKey open = chain.getFirst().getPublicKey();
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(open.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8(pem, password)));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsSettingsException("PEM_read_bio_PrivateKey", String.valueOf(e.getMessage()));
        }
        if (!belongTogether(open, key)) {
            throw new TlsSettingsException("SSL_CTX_use_PrivateKey", "key values mismatch");
        }
        return new JdkIdentity(chain.toArray(new X509Certificate[0]), key);
    }

    private static byte[] pkcs8(byte[] pem, @Nullable String password) throws GeneralSecurityException, IOException {
        for (PemText.Block block : PemText.read(pem)) {
            if (block.label().equals("PRIVATE KEY")) {
                return block.der();
            }
            if (block.label().equals("ENCRYPTED PRIVATE KEY") && password != null) {
                EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(block.der());
                Cipher cipher = Cipher.getInstance(info.getAlgName());
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        SecretKeyFactory.getInstance(info.getAlgName())
                                .generateSecret(new PBEKeySpec(password.toCharArray())),
                        info.getAlgParameters());
                return info.getKeySpec(cipher).getEncoded();
            }
        }
        throw new IOException("no start line: a key in PKCS#8 is needed where there is no BoringSSL");
    }

    private static boolean belongTogether(PublicKey open, PrivateKey key) {
        String algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> open.getAlgorithm();
        };
        byte[] text = "gatehouse".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public TlsIdentity withOcspResponse(byte @Nullable [] ocsp) {
        return this;
    }
}
