package io.gatehouse.tls.acme;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A certificate that is got and renewed by itself. One object for equal wishes, for as long as a configuration wants it. */
public final class ManagedCertificate {
    private final CertificateWish wish;
    private final List<Consumer<IssuedCertificate>> listeners = new CopyOnWriteArrayList<>();
    private final Mention refusals = new Mention();
    private volatile @Nullable IssuedCertificate current;
    private volatile CertificateStatus status;

    ManagedCertificate(CertificateWish wish) {
        this.wish = wish;
        status = new CertificateStatus(
                CertificateStatus.Phase.AT_REST, wish.issuers().get(0).name(), null, null, null, null);
    }

    public CertificateWish wish() {
        return wish;
    }

    /**
     * The one to serve with; null while the first one is awaited, and before the process serves. From any thread, event loops
     * too; asked anew for each handshake it gives each new certificate to the next one.
     */
    public @Nullable IssuedCertificate current() {
        return current;
    }

    /** How it stands, for people. From any thread. */
    public CertificateStatus status() {
        return status;
    }

    /**
     * A handshake is refused because the first one is not there yet. From any thread, event loops too.
     *
     * @param nanos of a monotonic clock
     * @return how many were refused before it and not told, if this one is to be told; -1 if one was within the last minute
     */
    public long refused(long nanos) {
        return refusals.happened(nanos);
    }

    /**
     * Hears of every new certificate, on a thread of this room, which it must not hold up; at once of the one at hand, if there
     * is one. Running what is returned ends it.
     */
    public Runnable whenNew(Consumer<IssuedCertificate> listener) {
        listeners.add(listener);
        IssuedCertificate there = current;
        if (there != null) {
            listener.accept(there);
        }
        return () -> listeners.remove(listener);
    }

    void set(IssuedCertificate next) {
        current = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    void status(CertificateStatus next) {
        status = next;
    }
}
