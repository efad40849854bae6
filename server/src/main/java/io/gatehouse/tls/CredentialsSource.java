package io.gatehouse.tls;

import io.gatehouse.wire.Loop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Certificates and keys that are named for each request: from a cache, or loaded while the request waits. */
public final class CredentialsSource {
    /** Hears what came of it; on the loop that asked. */
    public interface Answer {
        void loaded(Credentials credentials);

        /** @param message in nginx's words */
        void unusable(String message);
    }

    private final Path folder;
    private final @Nullable CredentialsCache cache;
    private final List<String> passwords;

    /**
     * @param folder of the configuration
     * @param cache null for none: then the files are read each time
     * @param passwords of keys; empty if there are none
     */
    public CredentialsSource(Path folder, @Nullable CredentialsCache cache, List<String> passwords) {
        this.folder = folder;
        this.cache = cache;
        this.passwords = passwords;
    }

    /** What need not be loaded, or null. On the loop. */
    public @Nullable Credentials atHand(Loop loop, String certificate, String key) {
        return cache == null
                ? null
                : cache.atHand(PemSource.of(certificate, folder), PemSource.of(key, folder), seconds(loop));
    }

    /** Loads, and tells the loop. */
    public void load(Loop loop, String certificate, String key, Answer answer) {
        long now = seconds(loop);
        try {
            CertificateReader.execute(() -> {
                Runnable told;
                try {
                    Credentials loaded = load(PemSource.of(certificate, folder), PemSource.of(key, folder), now);
                    told = () -> answer.loaded(loaded);
                } catch (LoadException e) {
                    // OpenSSL has a call of its own for a single connection
                    String message = e.message().replaceFirst("^SSL_CTX_", "SSL_");
                    told = () -> answer.unusable(message);
                } catch (RuntimeException e) {
                    told = () -> answer.unusable("certificate cannot be read: " + e);
                }
                tell(loop, told);
            });
        } catch (RejectedExecutionException e) {
            loop.defer(() -> answer.unusable("too many connections wait for a certificate to be read"));
        }
    }

    private static void tell(Loop loop, Runnable told) {
        try {
            loop.execute(told);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the request.
        }
    }

    private Credentials load(PemSource certificate, PemSource key, long now) throws LoadException {
        return cache == null
                ? Credentials.load(certificate, key, passwords)
                : cache.load(certificate, key, passwords, now);
    }

    private static long seconds(Loop loop) {
        return TimeUnit.NANOSECONDS.toSeconds(loop.nanos());
    }
}
