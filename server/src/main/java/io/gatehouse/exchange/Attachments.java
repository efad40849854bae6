package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/** What modules keep with one exchange, each under a key of its own. On the exchange's loop. */
public final class Attachments {
    private @Nullable Object @Nullable [] passing;
    /** What an internal redirect does not clear. */
    private @Nullable Object @Nullable [] lasting;

    Attachments() {}

    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(AttachmentKey<T> key) {
        @Nullable Object[] kept = key.lasting ? lasting : passing;
        return kept == null || key.index >= kept.length ? null : (T) kept[key.index];
    }

    public <T> void put(AttachmentKey<T> key, @Nullable T value) {
        @Nullable Object[] kept = key.lasting ? lasting : passing;
        if (kept == null || key.index >= kept.length) {
            kept = new @Nullable Object[Math.max(key.count(), key.index + 1)];
            if (key.lasting) {
                lasting = grown(lasting, kept);
            } else {
                passing = grown(passing, kept);
            }
        }
        kept[key.index] = value;
    }

    private static @Nullable Object[] grown(@Nullable Object @Nullable [] from, @Nullable Object[] to) {
        if (from != null) {
            System.arraycopy(from, 0, to, 0, from.length);
        }
        return to;
    }

    /** Forgets it, as an internal redirect does; what lasts stays. */
    public void clear() {
        passing = null;
    }
}
