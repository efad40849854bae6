package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What is configured for a place: a location, an {@code if} within one, a {@code limit_except}, or a server outside of
 * its locations. Immutable once the snapshot is built; every array is laid out then.
 */
public final class Location {
    /** How the place was declared. */
    public enum Kind {
        /** The server's own level, for requests that match no location. */
        SERVER,
        PREFIX,
        /** {@code ^~} */
        PREFIX_FINAL,
        /** {@code =} */
        EXACT,
        REGEX,
        /** {@code @name} */
        NAMED,
        /** {@code if} in a location. */
        IF,
        LIMIT_EXCEPT,
    }

    public final Kind kind;
    /** The prefix, exact URI, name (with @) or text of the regex; empty for {@link Kind#SERVER}. */
    public final String name;

    private final boolean regex;
    private final @Nullable Object[] settings;
    /** What runs once the location is found, rewrite phase first; see {@code phase.Pipeline}. */
    public final Handler[] rewrite;

    public final Handler[] preaccess;
    public final Handler[] access;
    public final Handler[] precontent;
    /** Asked in order until one answers; the location's own ({@code proxy_pass}) stands first. */
    public final Handler[] content;
    /** Whether that is one handler of its own, and not those that look for files. */
    public final boolean hasOwnContent;

    public final HeaderFilter[] headerFilters;
    /** Run at the end of the exchange; cannot change it. Their outcome is ignored. */
    public final Handler[] log;

    public final CoreSettings core;

    /** A request for this prefix without its final slash is redirected to it. */
    public final boolean autoRedirect;

    public Location(
            Kind kind,
            String name,
            CoreSettings core,
            @Nullable Object[] settings,
            Handler[] rewrite,
            Handler[] preaccess,
            Handler[] access,
            Handler[] precontent,
            Handler[] content,
            boolean hasOwnContent,
            HeaderFilter[] headerFilters,
            Handler[] log,
            boolean autoRedirect,
            boolean regex) {
        this.kind = kind;
        this.name = name;
        this.core = core;
        this.settings = settings;
        this.rewrite = rewrite;
        this.preaccess = preaccess;
        this.access = access;
        this.precontent = precontent;
        this.content = content;
        this.hasOwnContent = hasOwnContent;
        this.headerFilters = headerFilters;
        this.log = log;
        this.autoRedirect = autoRedirect;
        this.regex = regex;
    }

    /** Whether it was found by a regex, itself or as the place around an {@code if}. */
    public boolean isRegex() {
        return regex;
    }

    /** The settings of a module here, or null if it has none. */
    @SuppressWarnings("unchecked")
    public <T> @Nullable T settings(SettingsKey<T> key) {
        return key.index() < settings.length ? (T) settings[key.index()] : null;
    }
}
