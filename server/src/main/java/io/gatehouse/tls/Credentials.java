package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its key, loaded. Two are equal if what they were loaded from is, so that a connection that was made with
 * the one can be used as if with the other. Immutable.
 */
public final class Credentials {
    private static final String KEY_CALL = "PEM_read_bio_PrivateKey";

    private final Chain chain;
    private final Key key;
    private final TlsIdentity identity;

    /** A certificate and those of its authorities, in DER. */
    record Chain(String name, List<byte[]> ders) {
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
    record Key(String name, byte[] text) {
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
     * Loads both from files or {@code data:}. Blocks.
     *
     * @param passwords tried one after the other; empty if there are none
     */
    public static Credentials load(TlsFiles files, String certificate, String key, List<String> passwords)
            throws UnusableFileException {
        Chain chain = new Chain(files.shown(certificate), files.chain(certificate));
        return of(chain, new Key(files.shown(key), files.key(key)), passwords, "SSL_CTX_");
    }

    /** @param calls how the calls begin that are blamed: "SSL_CTX_" when the configuration is read, "SSL_" for a connection */
    static Credentials of(Chain chain, Key key, List<String> passwords, String calls) throws UnusableFileException {
        TlsSettingsException last = null;
        int tries = Math.max(1, passwords.size());
        for (int i = 0; i < tries; i++) {
            try {
                String password = passwords.isEmpty() ? null : passwords.get(i);
                return new Credentials(chain, key, TlsIdentity.load(chain.ders, key.text, password, null));
            } catch (TlsSettingsException e) {
                last = e;
                if (!e.call().equals(KEY_CALL)) {
                    break;
                }
            }
        }
        throw unusable(chain, key, calls, last);
    }

    private static UnusableFileException unusable(
            Chain chain, Key key, String calls, @Nullable TlsSettingsException cause) {
        String call = cause == null ? KEY_CALL : cause.call();
        String why = cause == null ? "" : " (SSL: " + cause.error() + ")";
        if (call.equals(KEY_CALL)) {
            return new UnusableFileException(
                    "cannot load certificate key \"" + key.name + "\": " + call + "() failed" + why);
        }
        String name = call.contains("PrivateKey") ? key.name : chain.name;
        return new UnusableFileException(call.replace("SSL_CTX_", calls) + "(\"" + name + "\") failed" + why);
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
