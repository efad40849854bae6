package io.gatehouse.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a module's settings lie in a {@link Location}. A constant of the module; each has a number of its own.
 *
 * @param <T> the module's record of settings
 */
public final class SettingsKey<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int index = COUNT.getAndIncrement();
    private final String name;

    private SettingsKey(String name) {
        this.name = name;
    }

    public static <T> SettingsKey<T> of(Class<T> type) {
        return new SettingsKey<>(type.getSimpleName());
    }

    public int index() {
        return index;
    }

    /** How many keys there are so far. */
    public static int count() {
        return COUNT.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
