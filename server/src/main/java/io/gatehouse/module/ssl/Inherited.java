package io.gatehouse.module.ssl;

import io.gatehouse.tls.PemSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a certificate and its key are still those that the configuration in force has read: names, files and
 * times of change ({@code ssl_object_cache_inheritable}).
 */
record Inherited(
        PemSource certificate,
        @Nullable State certificateFile,
        PemSource key,
        @Nullable State keyFile) {
    /** Written out, as is {@link #hashCode}: to have the JVM make them takes a start several milliseconds. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Inherited inherited
                && certificate.equals(inherited.certificate)
                && Objects.equals(certificateFile, inherited.certificateFile)
                && key.equals(inherited.key)
                && Objects.equals(keyFile, inherited.keyFile);
    }

    @Override
    public int hashCode() {
        return certificate.hashCode() * 31 + key.hashCode();
    }

    /**
     * One file.
     *
     * @param file its number
     * @param changed in seconds since 1970
     */
    record State(@Nullable Object file, long changed) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof State state && changed == state.changed && Objects.equals(file, state.file);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(changed);
        }
    }

    static @Nullable Inherited of(PemSource certificate, PemSource key) {
        try {
            return new Inherited(certificate, state(certificate), key, state(key));
        } catch (IOException e) {
            return null; // Whoever reads it says why.
        }
    }

    private static @Nullable State state(PemSource source) throws IOException {
        Path file = source.file();
        if (file == null) {
            return null;
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new State(attributes.fileKey(), attributes.lastModifiedTime().to(TimeUnit.SECONDS));
    }
}
