package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An identity that BoringSSL holds: an SSL_CREDENTIAL, from which it also learns which clients it is fit for. */
final class BoringIdentity extends TlsIdentity {
    private final Shared key;
    private final Shared chain;
    /** The credential. Contexts and connections take references of their own. */
    private final Shared credential;

    /** A pointer of which one reference is ours until this object has gone. */
    private static final class Shared {
        private final long pointer;

        Shared(long pointer, java.util.function.LongConsumer free) {
            this.pointer = pointer;
            NativeMemory.CLEANER.register(this, () -> free.accept(pointer));
        }
    }

    private BoringIdentity(Shared key, Shared chain, Shared credential) {
        this.key = key;
        this.chain = chain;
        this.credential = credential;
    }

    static BoringIdentity of(List<byte[]> chain, byte[] key, @Nullable String password, byte @Nullable [] ocsp)
            throws TlsSettingsException {
        Shared parsedKey = new Shared(parseKey(key, password), SSL::freePrivateKey);
        Shared parsedChain = new Shared(parseChain(chain), SSL::freeX509Chain);
        return new BoringIdentity(parsedKey, parsedChain, credential(parsedKey, parsedChain, ocsp));
    }

    private static long parseKey(byte[] key, @Nullable String password) throws TlsSettingsException {
        try (MemoryBio bio = new MemoryBio(key)) {
            return SSL.parsePrivateKey(bio.pointer, password);
        } catch (TlsSettingsException e) {
            throw e;
        } catch (Exception e) {
            throw new TlsSettingsException("PEM_read_bio_PrivateKey", BoringErrors.within(e));
        } finally {
            SSL.clearError();
        }
    }

    private static long parseChain(List<byte[]> chain) throws TlsSettingsException {
        try (MemoryBio bio = new MemoryBio(PemText.write("CERTIFICATE", chain))) {
            return SSL.parseX509Chain(bio.pointer);
        } catch (TlsSettingsException e) {
            throw e;
        } catch (Exception e) {
            throw new TlsSettingsException("PEM_read_bio_X509", BoringErrors.within(e));
        } finally {
            SSL.clearError();
        }
    }

    private static Shared credential(Shared key, Shared chain, byte @Nullable [] ocsp) throws TlsSettingsException {
        String call = "SSL_CTX_use_certificate";
        try {
            Shared made = new Shared(SSLCredential.newX509(), BoringIdentity::free);
            SSLCredential.setCertChain(made.pointer, chain.pointer);
            call = "SSL_CTX_use_PrivateKey";
            SSLCredential.setPrivateKey(made.pointer, key.pointer);
            call = "SSL_CTX_set_ocsp_response";
            if (ocsp != null) {
                SSLCredential.setOcspResponse(made.pointer, ocsp);
            }
            return made;
        } catch (Exception e) {
            throw new TlsSettingsException(call, BoringErrors.within(e));
        } finally {
            SSL.clearError();
        }
    }

    private static void free(long credential) {
        try {
            SSLCredential.free(credential);
        } catch (Exception e) {
            throw new IllegalStateException(e); // It is of BoringSSL.
        }
    }

    @Override
    public TlsIdentity withOcspResponse(byte @Nullable [] ocsp) throws TlsSettingsException {
        return new BoringIdentity(key, chain, credential(key, chain, ocsp));
    }

    /** The SSL_CREDENTIAL; the caller keeps this object while it uses it. */
    long pointer() {
        return credential.pointer;
    }
}
