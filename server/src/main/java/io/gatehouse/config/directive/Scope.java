package io.gatehouse.config.directive;

import io.gatehouse.config.syntax.Node;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One level of a configuration while it is read: main, http, a server, a location, an {@code if}. Used by the one thread
 * that builds.
 */
public final class Scope {
    private final Context context;
    private final @Nullable Scope parent;
    private final @Nullable Node node;
    private final Map<Directive<?>, Object> values = new IdentityHashMap<>();
    private final Map<Directive<?>, Node> uses = new IdentityHashMap<>();
    private final Map<ListKey<?>, List<Object>> lists = new IdentityHashMap<>();

    /** A list that several directives of a level append to in the order of the file (rewrite, set, if ...). */
    public static final class ListKey<E> {}

    public Scope(Context context, @Nullable Scope parent, @Nullable Node node) {
        this.context = context;
        this.parent = parent;
        this.node = node;
    }

    public Context context() {
        return context;
    }

    public @Nullable Scope parent() {
        return parent;
    }

    /** The directive whose block this is; null for the main level. */
    public @Nullable Node node() {
        return node;
    }

    /** The nearest scope of that context, this one included, or null. */
    public @Nullable Scope nearest(Context wanted) {
        for (Scope s = this; s != null; s = s.parent) {
            if (s.context == wanted) {
                return s;
            }
        }
        return null;
    }

    /** The value in force here, by the directive's inheritance; its default if nobody says it. */
    public <T> T get(Directive<T> directive) {
        return Objects.requireNonNull(find(directive), directive.name());
    }

    /** As {@link #get}; null if nobody says it and there is no default. */
    public <T> @Nullable T find(Directive<T> directive) {
        T inForce = switch (directive.inheritance()) {
            case NONE -> own(directive);
            case NEAREST -> nearestValue(directive);
            case MERGED -> merged(directive);
        };
        return inForce == null ? directive.byDefault() : inForce;
    }

    private <T> @Nullable T nearestValue(Directive<T> directive) {
        for (Scope s = this; s != null; s = s.parent) {
            T value = s.own(directive);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private <T> @Nullable T merged(Directive<T> directive) {
        T outer = parent == null ? null : parent.merged(directive);
        T own = own(directive);
        if (outer == null || own == null) {
            return own == null ? outer : own;
        }
        return Objects.requireNonNull(directive.merger()).apply(outer, own);
    }

    /** What this level itself says, or null. */
    @SuppressWarnings("unchecked")
    public <T> @Nullable T own(Directive<T> directive) {
        return (T) values.get(directive);
    }

    /** What this level says so far by a directive that may be said again, to be added to. */
    public <E extends Enum<E>> EnumSet<E> soFar(Directive<Set<E>> directive, Class<E> of) {
        EnumSet<E> all = EnumSet.noneOf(of);
        Set<E> said = own(directive);
        if (said != null) {
            all.addAll(said);
        }
        return all;
    }

    public boolean says(Directive<?> directive) {
        return values.containsKey(directive);
    }

    /** Where this level says it, for messages; null if it does not. */
    public @Nullable Node use(Directive<?> directive) {
        return uses.get(directive);
    }

    void put(Directive<?> directive, Object value, Node use) {
        values.put(directive, value);
        uses.putIfAbsent(directive, use);
    }

    /** The list of that key on this level, to read or append to. */
    @SuppressWarnings("unchecked")
    public <E> List<E> list(ListKey<E> key) {
        return (List<E>) lists.computeIfAbsent(key, k -> Directive.list());
    }
}
