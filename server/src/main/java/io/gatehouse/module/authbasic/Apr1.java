package io.gatehouse.module.authbasic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;

/**
 * Apache's {@code $apr1$}, which htpasswd writes: the MD5 scheme of FreeBSD's crypt (Poul-Henning Kamp, 1994) with another
 * magic word. A thousand rounds.
 */
final class Apr1 {
    static final String MAGIC = "$apr1$";

    private static final String DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LONGEST_SALT = 8;
    private static final int ROUNDS = 1000;
    private static final int MD5_BYTES = 16;
    /** Which octets of the digest make four digits together, the highest first. */
    private static final int[][] GROUPS = {{0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}};

    private Apr1() {}

    /** @param setting a hash of that form, of which the salt is taken */
    static String hash(byte[] key, String setting) {
        int from = MAGIC.length();
        int to = from;
        while (to < setting.length() && to - from < LONGEST_SALT && setting.charAt(to) != '$') {
            to++;
        }
        String saltText = setting.substring(from, to);
        byte[] salt = saltText.getBytes(ISO_8859_1);
        byte[] digest = begin(key, salt);
        MessageDigest md5 = PasswordHash.digest("MD5");
        for (int round = 0; round < ROUNDS; round++) {
            boolean odd = (round & 1) != 0;
            md5.update(odd ? key : digest);
            if (round % 3 != 0) {
                md5.update(salt);
            }
            if (round % 7 != 0) {
                md5.update(key);
            }
            md5.update(odd ? digest : key);
            digest = md5.digest();
        }
        return MAGIC + saltText + "$" + text(digest);
    }

    private static byte[] begin(byte[] key, byte[] salt) {
        MessageDigest inner = PasswordHash.digest("MD5");
        inner.update(key);
        inner.update(salt);
        byte[] mixed = inner.digest(key);
        MessageDigest md5 = PasswordHash.digest("MD5");
        md5.update(key);
        md5.update(MAGIC.getBytes(ISO_8859_1));
        md5.update(salt);
        for (int left = key.length; left > 0; left -= MD5_BYTES) {
            md5.update(mixed, 0, Math.min(left, MD5_BYTES));
        }
        for (int bits = key.length; bits != 0; bits >>= 1) {
            md5.update((bits & 1) != 0 ? 0 : key[0]);
        }
        return md5.digest();
    }

    private static String text(byte[] digest) {
        StringBuilder text = new StringBuilder(22);
        for (int[] group : GROUPS) {
            digits(text, (digest[group[0]] & 255) << 16 | (digest[group[1]] & 255) << 8 | digest[group[2]] & 255, 4);
        }
        digits(text, digest[11] & 255, 2);
        return text.toString();
    }

    /** Six bits a digit, the lowest first. */
    private static void digits(StringBuilder to, int value, int count) {
        for (int i = 0, left = value; i < count; i++, left >>= 6) {
            to.append(DIGITS.charAt(left & 63));
        }
    }
}
