package io.gatehouse.module.authbasic;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Looks for a user in a file of {@code user:password} lines; what follows a second colon is a comment. */
final class UserFile {
    /** No hash is longer; one that is cannot be what was meant. */
    private static final int LONGEST = 64 * 1024;

    private UserFile() {}

    /**
     * The hash of the user's password; null if the user is not in the file. Not on a loop.
     *
     * @param user an octet string
     */
    static @Nullable String find(Path file, String user) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int c = in.read();
            while (c >= 0) {
                int at = 0;
                boolean skipped = c == '#' || c == '\r';
                while (!skipped && c >= 0 && at < user.length() && c == user.charAt(at)) {
                    at++;
                    c = in.read();
                }
                if (!skipped && at == user.length() && c == ':') {
                    return hash(in);
                }
                while (c >= 0 && c != '\n') {
                    c = in.read();
                }
                if (c == '\n') {
                    c = in.read();
                }
            }
            return null;
        }
    }

    private static String hash(InputStream in) throws IOException {
        ByteArrayOutputStream hash = new ByteArrayOutputStream(64);
        for (int c = in.read(); c >= 0 && c != '\n' && c != '\r' && c != ':'; c = in.read()) {
            hash.write(c);
            if (hash.size() > LONGEST) {
                break;
            }
        }
        return hash.toString(StandardCharsets.ISO_8859_1);
    }
}
