package io.gatehouse.wire.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Keys of tickets as nginx keeps them in files. */
public final class TicketKeys {
    private static final int SHORT = 48;

    private TicketKeys() {}

    /**
     * The key of a file, as {@link ServerTlsSettings.Sessions} wants it: name, HMAC key, AES key. A short one has its AES key
     * first; of a long one, which is for AES-256, the secret part is digested.
     */
    public static byte[] of(byte[] file) {
        byte[] key = Arrays.copyOf(file, SHORT);
        if (file.length == SHORT) {
            System.arraycopy(file, 32, key, 16, 16);
            System.arraycopy(file, 16, key, 32, 16);
            return key;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(file, 16, file.length));
            System.arraycopy(digest, 0, key, 16, 32);
            return key;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
