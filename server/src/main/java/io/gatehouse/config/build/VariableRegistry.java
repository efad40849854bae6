package io.gatehouse.config.build;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Variable;
import io.gatehouse.text.NearestName;
import io.gatehouse.text.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one configuration: the built-in ones of its modules, and those that the file defines. A reference may
 * stand before the definition; it is resolved when the whole file was read. Used by the one thread that builds.
 */
public final class VariableRegistry {
    private final Map<String, Variable> named = new HashMap<>();
    private final Map<String, Function<String, Variable>> prefixes = new LinkedHashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<String, Reference> references = new LinkedHashMap<>();
    private int nextSlot;

    /** A built-in variable. */
    public void add(String name, Variable variable) {
        named.put(name, variable);
    }

    /** Built-in variables of a family: {@code http_} with the rest of the name given to {@code make}. */
    public void addPrefix(String prefix, Function<String, Variable> make) {
        prefixes.put(prefix, make);
    }

    int newSlot() {
        return nextSlot++;
    }

    /** How many slots an exchange needs. */
    int slotCount() {
        return nextSlot;
    }

    int defineSlot(String name, Word at, @Nullable Variable unset) {
        String key = name.toLowerCase(Locale.ROOT);
        Integer known = slots.get(key);
        if (known != null) {
            return known;
        }
        if (named.containsKey(key)) {
            throw ConfigException.at(at.at(), at, "the duplicate \"" + name + "\" variable");
        }
        int slot = newSlot();
        slots.put(key, slot);
        named.put(key, new SlotVariable(slot, unset));
        return slot;
    }

    @Nullable
    Variable changeable(String name) {
        Variable variable = named.get(name.toLowerCase(Locale.ROOT));
        return variable != null && variable.isChangeable() ? variable : null;
    }

    void define(String name, Variable variable, Word at) {
        String key = name.toLowerCase(Locale.ROOT);
        if (named.containsKey(key) && !defined.contains(key)) {
            throw ConfigException.at(at.at(), at, "the duplicate \"" + name + "\" variable");
        }
        defined.add(key);
        named.put(key, variable);
    }

    private final java.util.Set<String> defined = new java.util.HashSet<>();

    Variable reference(String name, Word at) {
        String key = name.toLowerCase(Locale.ROOT);
        return references.computeIfAbsent(key, k -> new Reference(name, at));
    }

    /** Resolves every reference; an error for the first that names nothing. */
    void resolve() {
        for (Map.Entry<String, Reference> entry : references.entrySet()) {
            Reference reference = entry.getValue();
            Variable found = find(entry.getKey());
            if (found == null) {
                String nearest = NearestName.of(entry.getKey(), named.keySet());
                throw ConfigException.at(reference.at.at(), reference.at, "unknown \"" + reference.name + "\" variable")
                        .withHint(nearest == null ? null : "did you mean \"$" + nearest + "\"?");
            }
            reference.target = found;
        }
    }

    private @Nullable Variable find(String key) {
        Variable variable = named.get(key);
        if (variable != null) {
            return variable;
        }
        Map.Entry<String, Function<String, Variable>> best = null;
        for (Map.Entry<String, Function<String, Variable>> family : prefixes.entrySet()) {
            String prefix = family.getKey();
            if (key.startsWith(prefix)
                    && (best == null || prefix.length() > best.getKey().length())) {
                best = family;
            }
        }
        return best == null
                ? null
                : best.getValue().apply(key.substring(best.getKey().length()));
    }

    /** The names of the built-in variables, for the reference; families as {@code http_name}. */
    public List<String> names() {
        List<String> all = new ArrayList<>(named.keySet());
        prefixes.keySet().forEach(prefix -> all.add(prefix + "name"));
        all.sort(null);
        return all;
    }

    /** A variable by name, before and after it is known what the name means. */
    private static final class Reference implements Variable {
        private final String name;
        private final Word at;
        private @Nullable Variable target;

        Reference(String name, Word at) {
            this.name = name;
            this.at = at;
        }

        private Variable target() {
            Variable known = target;
            if (known == null) {
                throw new IllegalStateException("variable " + name + " used before the configuration was read");
            }
            return known;
        }

        @Override
        public @Nullable String get(Exchange exchange) {
            return target().get(exchange);
        }

        @Override
        public void appendTo(Exchange exchange, Octets out) {
            target().appendTo(exchange, out);
        }

        @Override
        public void set(Exchange exchange, String value) {
            target().set(exchange, value);
        }

        @Override
        public boolean isChangeable() {
            return target().isChangeable();
        }
    }

    /** A variable whose value lies in the exchange; if there is none when it is first asked for, another one gives it. */
    private record SlotVariable(int slot, @Nullable Variable unset) implements Variable {
        @Override
        public @Nullable String get(Exchange exchange) {
            String value = (String) exchange.variables.value(slot);
            if (value == null && unset != null) {
                value = unset.get(exchange);
                exchange.variables.value(slot, value);
            }
            return value;
        }

        @Override
        public void set(Exchange exchange, String value) {
            exchange.variables.value(slot, value);
        }

        @Override
        public boolean isChangeable() {
            return true;
        }
    }
}
