package io.gatehouse.coding;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A few objects of a kind that each loop keeps for the next body, because making one costs as much as compressing a small body.
 * Every thread has its own.
 *
 * @param <T> what is kept
 */
public final class Kept<T> {
    /** The most that a thread keeps. */
    static final int MOST = 4;

    private final ThreadLocal<ArrayDeque<T>> own = ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST));

    /** One that was kept, or null. */
    public @Nullable T take() {
        return own.get().poll();
    }

    /** Keeps it; false if there are enough, and then it is the caller's still. */
    public boolean keep(T one) {
        ArrayDeque<T> kept = own.get();
        return kept.size() < MOST && kept.add(one);
    }
}
