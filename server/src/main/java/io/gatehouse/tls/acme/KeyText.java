package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.PemText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.jce.spec.ECParameterSpec;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Private keys in PEM, written in PKCS#8, read in any form that OpenSSL writes without a password. */
final class KeyText {
    private KeyText() {}

    static String write(PrivateKey key) {
        return new String(PemText.write("PRIVATE KEY", key.getEncoded()), StandardCharsets.US_ASCII);
    }

    /** @throws IOException if there is no such key in the text */
    static KeyPair read(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object read = parser.readObject();
            while (read != null && !(read instanceof PEMKeyPair) && !(read instanceof PrivateKeyInfo)) {
                read = parser.readObject(); // The parameters of a curve stand before its key.
            }
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            return switch (read) {
                case PEMKeyPair pair -> pair(converter.getPrivateKey(pair.getPrivateKeyInfo()));
                case PrivateKeyInfo info -> pair(converter.getPrivateKey(info));
                case null, default -> throw new IOException("no private key that could be read without a password");
            };
        } catch (PEMException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("no private key: " + e.getMessage(), e);
        }
    }

    /** The public key does not stand beside every private one, but follows from it. */
    private static KeyPair pair(PrivateKey key) throws GeneralSecurityException {
        PublicKey fitting = switch (key) {
            case RSAPrivateCrtKey rsa ->
                KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case ECPrivateKey ec -> publicKey(ec);
            default -> throw new GeneralSecurityException("neither RSA nor ECDSA");
        };
        return new KeyPair(fitting, key);
    }

    private static PublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        ECParameterSpec curve = EC5Util.convertSpec(key.getParams());
        ECPoint point = EC5Util.convertPoint(curve.getG().multiply(key.getS()).normalize());
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, key.getParams()));
    }
}
