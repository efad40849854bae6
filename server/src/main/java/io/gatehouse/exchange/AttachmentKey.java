package io.gatehouse.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a module keeps what belongs to one exchange. A constant of the module. What is kept is forgotten when the exchange
 * is redirected internally, unless the key is a lasting one.
 *
 * @param <T> the type of what is kept
 */
public final class AttachmentKey<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicInteger LASTING_COUNT = new AtomicInteger();

    final int index;
    final boolean lasting;

    private AttachmentKey(int index, boolean lasting) {
        this.index = index;
        this.lasting = lasting;
    }

    public static <T> AttachmentKey<T> of(Class<T> type) {
        java.util.Objects.requireNonNull(type);
        return new AttachmentKey<>(COUNT.getAndIncrement(), false);
    }

    /** For what stays with the exchange to its end. */
    public static <T> AttachmentKey<T> lasting(Class<T> type) {
        java.util.Objects.requireNonNull(type);
        return new AttachmentKey<>(LASTING_COUNT.getAndIncrement(), true);
    }

    /** How many keys there are of this one's kind. */
    int count() {
        return (lasting ? LASTING_COUNT : COUNT).get();
    }
}
