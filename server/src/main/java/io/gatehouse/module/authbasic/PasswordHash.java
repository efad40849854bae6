package io.gatehouse.module.authbasic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Whether a password has a hash, in the forms that nginx reads: Apache's {@code $apr1$}, {@code {PLAIN}}, {@code {SHA}} and
 * {@code {SSHA}} (RFC 2307), and everything else as the system's crypt(3) does. Texts are octet strings; a password ends at its
 * first NUL, as everywhere in crypt(3). Not on a loop.
 */
final class PasswordHash {
    private static final String PLAIN = "{PLAIN}";
    private static final String SHA = "{SHA}";
    private static final String SSHA = "{SSHA}";
    private static final int SHA_BYTES = 20;

    private PasswordHash() {}

    /** The system cannot compute a hash of that form; the message says why, as a line for the log. */
    static final class NotComputable extends Exception {
        private static final long serialVersionUID = 1;

        NotComputable(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    static boolean matches(String password, String hash) throws NotComputable {
        int end = password.indexOf('\0');
        byte[] key = (end < 0 ? password : password.substring(0, end)).getBytes(ISO_8859_1);
        try {
            return MessageDigest.isEqual(compute(key, hash).getBytes(ISO_8859_1), hash.getBytes(ISO_8859_1));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static String compute(byte[] key, String hash) throws NotComputable {
        if (hash.startsWith(Apr1.MAGIC)) {
            return Apr1.hash(key, hash);
        }
        if (hash.startsWith(PLAIN)) {
            return PLAIN + new String(key, ISO_8859_1);
        }
        if (hash.startsWith(SSHA)) {
            return SSHA + salted(key, hash.substring(SSHA.length()));
        }
        if (hash.startsWith(SHA)) {
            return SHA + Base64.getEncoder().encodeToString(digest("SHA-1").digest(key));
        }
        return SystemCrypt.hash(key, hash);
    }

    /** Base64 of the digest of key and salt, and of the salt behind it. */
    private static String salted(byte[] key, String encoded) {
        byte[] salt = new byte[0];
        try {
            byte[] decoded = Base64.getDecoder().decode(encoded.getBytes(ISO_8859_1));
            if (decoded.length > SHA_BYTES) {
                salt = Arrays.copyOfRange(decoded, SHA_BYTES, decoded.length);
            }
        } catch (IllegalArgumentException notBase64) {
            // then nothing matches
        }
        MessageDigest sha = digest("SHA-1");
        sha.update(key);
        sha.update(salt);
        byte[] all = Arrays.copyOf(sha.digest(), SHA_BYTES + salt.length);
        System.arraycopy(salt, 0, all, SHA_BYTES, salt.length);
        return Base64.getEncoder().encodeToString(all);
    }

    static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
