package io.gatehouse.tls;

import io.gatehouse.wire.Loop;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Certificates and keys that are named for each request: from a cache, or loaded while the request waits. */
public final class CredentialsSource {
    private static final int THREADS = 2;

    /** Hears what came of it; on the loop that asked. */
    public interface Answer {
        void loaded(Credentials credentials);

        /** @param message in nginx's words */
        void unusable(String message);
    }

    private static final class Files {
        static final ExecutorService THREAD = make();

        private static ExecutorService make() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, "certificates");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }

    private final TlsFiles files;
    private final @Nullable CredentialsCache cache;
    private final List<String> passwords;

    /**
     * @param cache null for none: then the files are read each time
     * @param passwords of keys; empty if there are none
     */
    public CredentialsSource(TlsFiles files, @Nullable CredentialsCache cache, List<String> passwords) {
        this.files = files;
        this.cache = cache;
        this.passwords = passwords;
    }

    /** What need not be loaded, or null. On the loop. */
    public @Nullable Credentials atHand(Loop loop, String certificate, String key) {
        return cache == null ? null : cache.atHand(certificate, key, seconds(loop));
    }

    /** Loads, and tells the loop. */
    public void load(Loop loop, String certificate, String key, Answer answer) {
        long now = seconds(loop);
        Files.THREAD.execute(() -> {
            try {
                Credentials loaded = load(certificate, key, now);
                loop.execute(() -> answer.loaded(loaded));
            } catch (UnusableFileException e) {
                loop.execute(() -> answer.unusable(String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                loop.execute(() -> answer.unusable("cannot load certificate \"" + certificate + "\": " + e));
            }
        });
    }

    private Credentials load(String certificate, String key, long now) throws UnusableFileException {
        if (cache != null) {
            return cache.load(files, certificate, key, passwords, now);
        }
        Credentials.Chain chain = new Credentials.Chain(files.shown(certificate), files.chain(certificate));
        return Credentials.of(chain, new Credentials.Key(files.shown(key), files.key(key)), passwords, "SSL_");
    }

    private static long seconds(Loop loop) {
        return TimeUnit.NANOSECONDS.toSeconds(loop.nanos());
    }
}
