package io.gatehouse.wire.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its chain and its private key, loaded and found to belong together. Immutable; one can serve many contexts
 * and connections. Its native memory goes when nobody refers to it any more.
 */
public abstract class TlsIdentity {
    TlsIdentity() {}

    /**
     * Loads one.
     *
     * @param chain certificates in DER, the identity's own first
     * @param key a text that holds the private key in PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not
     * @param password of the key, null if it needs none
     * @param ocsp a DER response about the first certificate that is sent along ({@code ssl_stapling_file}), or null
     * @throws TlsSettingsException if the key cannot be read (PEM_read_bio_PrivateKey) or belongs to another certificate
     *     (SSL_CTX_use_PrivateKey)
     */
    public static TlsIdentity load(List<byte[]> chain, byte[] key, @Nullable String password, byte @Nullable [] ocsp)
            throws TlsSettingsException {
        return TlsLibrary.isNative()
                ? BoringIdentity.of(chain, key, password, ocsp)
                : JdkIdentity.of(chain, key, password);
    }

    /** The same certificate and key with another OCSP response to send along, or none. */
    public abstract TlsIdentity withOcspResponse(byte @Nullable [] ocsp) throws TlsSettingsException;
}
