package io.gatehouse.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads the files of certificates, keys and revocation lists: while a configuration is built each once, however often it is
 * named, so that all of the configuration sees the same of a file that somebody replaces meanwhile. They are forgotten when it
 * is built.
 */
public final class PemFiles {
    private static final ScopedValue<Map<Path, byte[]>> READ = ScopedValue.newInstance();

    private PemFiles() {}

    /** What {@code build} makes of them on this thread, each read once. */
    public static <T> T once(Supplier<T> build) {
        Map<Path, byte[]> read = new HashMap<>();
        try {
            return ScopedValue.where(READ, read).call(build::get);
        } finally {
            // keys are among them
            read.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0));
        }
    }

    /** The file's bytes, the caller's own. Blocks. */
    static byte[] bytes(Path file) throws IOException {
        if (!READ.isBound()) {
            return Files.readAllBytes(file);
        }
        byte[] known = READ.get().get(file);
        if (known == null) {
            known = Files.readAllBytes(file);
            READ.get().put(file, known);
        }
        return known.clone();
    }
}
