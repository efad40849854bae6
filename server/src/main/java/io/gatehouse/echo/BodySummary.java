package io.gatehouse.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a body.
 *
 * @param size in bytes, without the framing of chunks
 * @param sha256 of these bytes, hexadecimal
 * @param text the bytes as an octet string, if they are text of at most {@value #MAX_TEXT} bytes; else null
 */
record BodySummary(long size, String sha256, @Nullable String text) {
    static final int MAX_TEXT = 16 * 1024;

    static BodySummary read(RequestBody body) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = body.isFinished() ? new byte[0] : new byte[64 * 1024];
        byte[] kept = new byte[0];
        long size = 0;
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            digest.update(buffer, 0, count);
            if (size + count <= MAX_TEXT) {
                kept = Arrays.copyOf(kept, (int) size + count);
                System.arraycopy(buffer, 0, kept, (int) size, count);
            }
            size += count;
        }
        boolean shown = size > 0 && size <= MAX_TEXT && isText(kept);
        return new BodySummary(size, hex(digest), shown ? new String(kept, StandardCharsets.ISO_8859_1) : null);
    }

    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if ((b >= 0 && b < ' ' && b != '\t' && b != '\r' && b != '\n') || b == 0x7f) {
                return false;
            }
        }
        Utf8Check check = new Utf8Check();
        return check.accepts(bytes, bytes.length) && check.isComplete();
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
