package io.gatehouse.module.brotli;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import io.gatehouse.coding.NativeFile;
import org.jspecify.annotations.Nullable;

/** The library that compresses, loaded when a configuration first asks for it, while it is read. */
final class BrotliLibrary {
    private static final String LOCATION = "brotli4j.library.path";

    private BrotliLibrary() {}

    /** Why it cannot be used; null if it can. */
    static @Nullable String trouble() {
        return Loaded.TROUBLE;
    }

    private static final class Loaded {
        static final @Nullable String TROUBLE = load();

        private static @Nullable String load() {
            String installed = NativeFile.find("libbrotli.so");
            if (installed != null && System.getProperty(LOCATION) == null) {
                System.setProperty(LOCATION, installed);
            }
            try {
                Throwable failure = Brotli4jLoader.isAvailable() ? null : Brotli4jLoader.getUnavailabilityCause();
                return failure == null ? null : NativeFile.trouble(failure);
            } catch (LinkageError | RuntimeException e) {
                return NativeFile.trouble(e);
            }
        }
    }
}
