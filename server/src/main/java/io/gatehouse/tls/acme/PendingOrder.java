package io.gatehouse.tls.acme;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order under way, in a state folder: where it is, of which account, and the key for its certificate. It is written as soon as
 * the order is known, so that whoever comes after a crash goes on with the same order and the same key.
 *
 * @param account where the account is
 * @param location where the order is
 */
record PendingOrder(String account, URL location, KeyPair key) {
    private static String file(String id) {
        return id + ".order";
    }

    void write(StateFolder folder, String id) throws IOException {
        String text = account + "\n" + location + "\n" + KeyText.write(key.getPrivate());
        folder.write(file(id), text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The one that is there, or null. */
    static @Nullable PendingOrder read(StateFolder folder, String id) throws IOException, DamagedFile {
        byte[] text = folder.read(file(id));
        if (text == null) {
            return null;
        }
        List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
        try {
            return new PendingOrder(
                    lines.get(0),
                    URI.create(lines.get(1)).toURL(),
                    KeyText.read(String.join("\n", lines.subList(2, lines.size()))));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedFile(file(id), String.valueOf(e.getMessage()));
        }
    }

    static void delete(StateFolder folder, String id) throws IOException {
        folder.delete(file(id));
    }
}
