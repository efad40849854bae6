package io.gatehouse.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a module keeps what belongs to one exchange. A constant of the module.
 *
 * @param <T> the type of what is kept
 */
public final class AttachmentKey<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    final int index = COUNT.getAndIncrement();

    private AttachmentKey() {}

    public static <T> AttachmentKey<T> of(Class<T> type) {
        java.util.Objects.requireNonNull(type);
        return new AttachmentKey<>();
    }

    static int count() {
        return COUNT.get();
    }
}
