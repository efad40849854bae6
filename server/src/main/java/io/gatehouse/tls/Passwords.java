package io.gatehouse.tls;

import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of passwords for keys ({@code ssl_password_file}). */
public final class Passwords {
    /** In octets, as in nginx. */
    private static final int LONGEST = 512;

    private Passwords() {}

    /** One of each line; one that is empty if there is none. Blocks. */
    public static List<String> read(Path file) throws LoadException {
        String name = new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new LoadException("open() \"" + name + "\" failed (" + Errno.text(e) + ")");
        }
        List<String> passwords = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String password = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (password.length() >= LONGEST) {
                throw new LoadException("too long line in \"" + name + "\"");
            }
            if (!password.isEmpty()) {
                passwords.add(password);
            }
        }
        return passwords.isEmpty() ? List.of("") : List.copyOf(passwords);
    }
}
