package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The values of the variables that the configuration defines ({@code set}, {@code map}, named captures), and the groups of the last
 * regex that matched. A subrequest has the values in common with its parent, and groups of its own. On the exchange's loop.
 */
public final class Variables {
    private static final int[] NO_GROUPS = {};

    private final @Nullable Variables parent;
    private @Nullable Object @Nullable [] values;
    private @Nullable String captured;
    private int[] captures = NO_GROUPS;

    Variables(@Nullable Variables parent) {
        this.parent = parent;
    }

    /** The value in a variable's slot; null if unset. */
    public @Nullable Object value(int slot) {
        if (parent != null) {
            return parent.value(slot);
        }
        return values == null || slot >= values.length ? null : values[slot];
    }

    public void value(int slot, @Nullable Object value) {
        if (parent != null) {
            parent.value(slot, value);
            return;
        }
        if (values == null || slot >= values.length) {
            @Nullable Object[] larger = new @Nullable Object[Math.max(slot + 4, 8)];
            if (values != null) {
                System.arraycopy(values, 0, larger, 0, values.length);
            }
            values = larger;
        }
        values[slot] = value;
    }

    /** Group {@code n} of the last regex that matched, or null. */
    public @Nullable String capture(int n) {
        if (captured == null || 2 * n + 1 >= captures.length || captures[2 * n] < 0) {
            return null;
        }
        return captured.substring(captures[2 * n], captures[2 * n + 1]);
    }

    /** There are no groups any more. */
    public void noCaptures() {
        captured = null;
    }

    /** Keeps the groups of a match: start and end offsets in {@code subject}, -1 where a group is unset. Copies nothing. */
    public void captures(String subject, int[] offsets) {
        captured = subject;
        captures = offsets;
    }
}
