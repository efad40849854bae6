package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its key, loaded. Two are equal if what they were loaded from is, so that a connection that was made with
 * the one can be used as if with the other. Immutable.
 */
public final class Credentials {
    private final Chain chain;
    private final Key key;
    private final TlsIdentity identity;

    /** A certificate and those of its authorities, in DER. */
    record Chain(List<byte[]> ders) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Chain chain && isSame(ders, chain.ders);
        }

        private static boolean isSame(List<byte[]> one, List<byte[]> two) {
            if (one.size() != two.size()) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!Arrays.equals(one.get(i), two.get(i))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ders.getFirst());
        }
    }

    /** The text of a key in PEM. */
    record Key(byte[] text) {
        /** Whether a password is needed. */
        boolean isEncrypted() {
            String pem = new String(text, StandardCharsets.ISO_8859_1);
            return pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(text, key.text);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(text);
        }
    }

    private Credentials(Chain chain, Key key, TlsIdentity identity) {
        this.chain = chain;
        this.key = key;
        this.identity = identity;
    }

    /**
     * Loads both. Blocks.
     *
     * @param passwords tried one after the other; empty if there are none
     */
    public static Credentials load(PemSource certificate, PemSource key, List<String> passwords) throws LoadException {
        return of(new Chain(certificate.chain()), key, new Key(key.key()), passwords);
    }

    /** @param source of the key, for messages */
    static Credentials of(Chain chain, PemSource source, Key key, List<String> passwords) throws LoadException {
        return new Credentials(chain, key, source.identity(chain.ders, key.text, passwords));
    }

    public TlsIdentity identity() {
        return identity;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Credentials credentials
                        && chain.equals(credentials.chain)
                        && key.equals(credentials.key);
    }

    @Override
    public int hashCode() {
        return chain.hashCode() * 31 + key.hashCode();
    }
}
