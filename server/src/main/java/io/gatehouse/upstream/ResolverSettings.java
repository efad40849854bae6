package io.gatehouse.upstream;

import io.gatehouse.exchange.SettingsKey;
import org.jspecify.annotations.Nullable;

/**
 * How names are resolved while requests wait, at one place of the configuration.
 *
 * @param resolver null where none is configured
 * @param timeoutMillis {@code resolver_timeout}
 */
public record ResolverSettings(@Nullable NameResolver resolver, long timeoutMillis) {
    public static final SettingsKey<ResolverSettings> KEY = SettingsKey.of(ResolverSettings.class);
    public static final long DEFAULT_TIMEOUT = 30_000;
    public static final ResolverSettings NONE = new ResolverSettings(null, DEFAULT_TIMEOUT);
}
