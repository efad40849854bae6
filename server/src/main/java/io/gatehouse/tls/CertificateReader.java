package io.gatehouse.tls;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.SideThreads;
import io.gatehouse.wire.tls.TlsIdentity;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Reads certificates beside the loops. */
public final class CertificateReader {
    /** So many connections may wait for it; more are refused. */
    private static final int WAITING = 10_000;

    private CertificateReader() {}

    /** Gets certificates; may block. */
    @FunctionalInterface
    public interface Source {
        List<TlsIdentity> get() throws LoadException;
    }

    /** Hears what came of it, on the loop. */
    @FunctionalInterface
    public interface Reader {
        /** @param error in nginx's words, or null */
        void read(List<TlsIdentity> identities, @Nullable String error);
    }

    /** Reads certificates for a connection of a loop; from that loop. */
    public static void read(Source source, Loop loop, Reader then) {
        try {
            Threads.POOL.execute(() -> {
                List<TlsIdentity> identities = List.of();
                String error = null;
                try {
                    identities = source.get();
                } catch (LoadException e) {
                    error = e.message();
                } catch (RuntimeException e) {
                    error = "certificate cannot be read: " + e;
                }
                answer(loop, then, identities, error);
            });
        } catch (RejectedExecutionException e) {
            loop.defer(() -> then.read(List.of(), "too many connections wait for a certificate to be read"));
        }
    }

    /**
     * Runs what blocks beside the loops.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    public static void execute(Runnable blocking) {
        Threads.POOL.execute(blocking);
    }

    private static void answer(Loop loop, Reader then, List<TlsIdentity> identities, @Nullable String error) {
        try {
            loop.execute(() -> then.read(identities, error));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the connection.
        }
    }

    /** Made by the first who needs it. */
    private static final class Threads {
        static final SideThreads POOL = new SideThreads("certificates", 2, WAITING);
    }
}
