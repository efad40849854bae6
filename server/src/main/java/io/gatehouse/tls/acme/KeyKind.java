package io.gatehouse.tls.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.jspecify.annotations.Nullable;

/** The kinds of keys that are made, as nginx's {@code acme_certificate ... key=} and {@code account_key} name them. */
public enum KeyKind {
    ECDSA_256("ecdsa:256", "secp256r1"),
    ECDSA_384("ecdsa:384", "secp384r1"),
    ECDSA_521("ecdsa:521", "secp521r1"),
    RSA_2048("rsa:2048", null),
    RSA_3072("rsa:3072", null),
    RSA_4096("rsa:4096", null);

    private final String text;
    private final @Nullable String curve;

    KeyKind(String text, @Nullable String curve) {
        this.text = text;
        this.curve = curve;
    }

    /** As it is written in a configuration. */
    public String text() {
        return text;
    }

    /** The kind of that name, {@code ecdsa} and {@code rsa} without a size being the smallest; null if there is none. */
    public static @Nullable KeyKind of(String text) {
        for (KeyKind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return switch (text) {
            case "ecdsa" -> ECDSA_256;
            case "rsa" -> RSA_2048;
            default -> null;
        };
    }

    /** Makes a new key; takes milliseconds, for RSA up to seconds. */
    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve == null ? "RSA" : "EC");
            if (curve == null) {
                generator.initialize(Integer.parseInt(text, text.indexOf(':') + 1, text.length(), 10));
            } else {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JDK has these.
        }
    }
}
