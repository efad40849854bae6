package io.gatehouse.exchange;

import io.gatehouse.text.Octets;
import org.jspecify.annotations.Nullable;

/**
 * A source of a value of an exchange. One object serves every exchange. Values are octet strings.
 */
@FunctionalInterface
public interface Variable {
    /** The value now; null if there is none (logged as "-", inserted as nothing). On the exchange's loop. */
    @Nullable
    String get(Exchange exchange);

    /** Appends the value if there is one; overridden where that saves a string on the data path. */
    default void appendTo(Exchange exchange, Octets out) {
        String value = get(exchange);
        if (value != null) {
            out.put(value);
        }
    }

    /** Sets the value where that is allowed ({@code set $limit_rate}, {@code set $args}). */
    default void set(Exchange exchange, String value) {
        throw new UnsupportedOperationException();
    }

    /** Whether {@link #set} works. */
    default boolean isChangeable() {
        return false;
    }
}
