package io.gatehouse.config.build;

import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.observe.log.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A place while it is built: what it is, what is said there, and what modules put into it. */
public final class LocationBuild {
    private final Location.Kind kind;
    private final String name;
    private final Scope scope;
    private final @Nullable LocationBuild parent;
    private final SnapshotBuilder builder;
    private @Nullable Object[] settings = new @Nullable Object[SettingsKey.count()];
    private final List<Handler> postRead = new ArrayList<>();
    private final List<Handler> rewrite = new ArrayList<>();
    private final List<Handler> preaccess = new ArrayList<>();
    private final List<Handler> access = new ArrayList<>();
    private final List<Handler> precontent = new ArrayList<>();
    private final List<Handler> content = new ArrayList<>();
    private @Nullable Handler ownContent;
    private final List<HeaderFilter> headerFilters = new ArrayList<>();
    private final List<Handler> log = new ArrayList<>();
    private @Nullable CoreSettings core;
    private boolean autoRedirect;

    LocationBuild(
            SnapshotBuilder builder, Location.Kind kind, String name, Scope scope, @Nullable LocationBuild parent) {
        this.builder = builder;
        this.kind = kind;
        this.name = name;
        this.scope = scope;
        this.parent = parent;
    }

    public Location.Kind kind() {
        return kind;
    }

    /** The prefix, URI, regex or name of the location. */
    public String name() {
        return name;
    }

    public Scope scope() {
        return scope;
    }

    /** The place around this one: the location of an {@code if}, the outer location, the server; null for a server. */
    public @Nullable LocationBuild parent() {
        return parent;
    }

    /** The value in force here. */
    public <T> T get(Directive<T> directive) {
        return scope.get(directive);
    }

    public <T> @Nullable T find(Directive<T> directive) {
        return scope.find(directive);
    }

    /** As {@link #find}; {@code other} if nobody says it. */
    public <T> T findOr(Directive<T> directive, T other) {
        T value = scope.find(directive);
        return value == null ? other : value;
    }

    /** What relative paths are relative to. */
    public Paths paths() {
        return builder.paths();
    }

    public void core(CoreSettings settings) {
        this.core = settings;
    }

    public <T> void settings(SettingsKey<T> key, T value) {
        if (key.index() >= settings.length) {
            settings = Arrays.copyOf(settings, SettingsKey.count());
        }
        settings[key.index()] = value;
    }

    /** What a module has put in for that key so far. */
    @SuppressWarnings("unchecked")
    public <T> @Nullable T settings(SettingsKey<T> key) {
        return key.index() < settings.length ? (T) settings[key.index()] : null;
    }

    /** Runs before anything else for requests of this server (realip). Server level only. */
    public void postRead(Handler handler) {
        postRead.add(handler);
    }

    /** On the server's level: before a location is looked for. In a location: once it is found. */
    public void rewrite(Handler handler) {
        rewrite.add(handler);
    }

    public void preaccess(Handler handler) {
        preaccess.add(handler);
    }

    public void access(Handler handler) {
        access.add(handler);
    }

    public void precontent(Handler handler) {
        precontent.add(handler);
    }

    /** One of those that are asked in turn where the place has no content handler of its own (index, static files). */
    public void content(Handler handler) {
        content.add(handler);
    }

    /** The content handler of this place ({@code proxy_pass}, {@code stub_status}); the last one set wins. */
    public void ownContent(Handler handler) {
        ownContent = handler;
    }

    /** A request for this prefix without its final slash is redirected to it (prefixes that are proxied). */
    public void autoRedirect() {
        autoRedirect = true;
    }

    public boolean hasOwnContent() {
        return ownContent != null;
    }

    public void headerFilter(HeaderFilter filter) {
        headerFilters.add(filter);
    }

    public void log(Handler handler) {
        log.add(handler);
    }

    /** Builds the place of a block within this one ({@code if}, {@code limit_except}). */
    public Location child(Location.Kind kind, String name, Scope scope) {
        return builder.place(kind, name, scope, this).finish();
    }

    /** Whether this is a regex location, or an {@code if} or {@code limit_except} in one. */
    public boolean isRegex() {
        return switch (kind) {
            case REGEX -> true;
            case IF, LIMIT_EXCEPT -> parent != null && parent.isRegex();
            default -> false;
        };
    }

    /** An error at a use, for what only shows when places are built. */
    public ConfigException error(Node at, String message) {
        return ConfigException.at(at, message);
    }

    /** A warning about a use, for what only shows when places are built. */
    public void warn(Node at, String message) {
        builder.notices().add(Level.WARN, message, at.at());
    }

    /** As {@link io.gatehouse.config.directive.Use#shared}. */
    public <T> T shared(Class<T> type, java.util.function.Supplier<T> make) {
        return builder.shared(type, make);
    }

    /** Compiles text of the program's own with built-in variables, after the file was read. */
    public io.gatehouse.exchange.Template template(String text) {
        return builder.builtin(text);
    }

    /** As {@link io.gatehouse.config.directive.Use#service}. */
    public <T> T service(Class<T> type) {
        return builder.service(type);
    }

    /** As {@link io.gatehouse.config.directive.Use#whenOver}. */
    public void whenOver(Runnable release) {
        builder.whenOver(release);
    }

    /** As {@link io.gatehouse.config.directive.Use#carried}. */
    public <T> T carried(Object key, java.util.function.Supplier<T> make) {
        return builder.carried(key, make);
    }

    /** What {@link #carried} would find, or null; what is only looked at is not carried on. */
    public <T> @Nullable T carriedIfThere(Object key) {
        return builder.carriedIfThere(key);
    }

    List<Handler> postReadHandlers() {
        return postRead;
    }

    List<Handler> serverRewrite() {
        return rewrite;
    }

    Location finish() {
        Handler[] contents = ownContent != null ? new Handler[] {ownContent} : content.toArray(new Handler[0]);
        return new Location(
                kind,
                name,
                Objects.requireNonNull(core, "core settings"),
                settings,
                kind == Location.Kind.SERVER ? new Handler[0] : rewrite.toArray(new Handler[0]),
                preaccess.toArray(new Handler[0]),
                access.toArray(new Handler[0]),
                precontent.toArray(new Handler[0]),
                contents,
                hasOwnContent(),
                headerFilters.toArray(new HeaderFilter[0]),
                log.toArray(new Handler[0]),
                autoRedirect,
                isRegex());
    }
}
