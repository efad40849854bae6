package io.gatehouse.zone;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A zone that keeps something for each value of a key, is shared by all loops, and outlives a configuration.
 *
 * @param <P> what a part of it keeps
 */
public abstract class KeyedZone<P extends ZoneParts.Part> {
    /** What defines a zone that goes on after a reload: what it is for, by the class of it, its name and its bytes. */
    public record Identity(Class<?> purpose, String name, long size) {}

    protected final ZoneParts<P> parts;
    private final String name;
    private final String key;

    /**
     * @param key as the configuration writes it; a zone is for one key
     * @param part makes a part with room for so many bytes
     */
    protected KeyedZone(ZoneSize.Named named, String key, LongFunction<P> part) {
        this.parts = new ZoneParts<>(named.size(), part);
        this.name = named.name();
        this.key = key;
    }

    public final String name() {
        return name;
    }

    public final String key() {
        return key;
    }

    /** How many values it knows. */
    public final int size() {
        return parts.size();
    }

    /**
     * The zone that a directive declares: a new one, or that of the configuration before. The first argument is the key.
     *
     * @param known the zone of that name that this configuration declares already, or null
     * @param spoken what nginx calls the directive where the key has changed
     */
    public static <Z extends KeyedZone<?>> Z declared(
            Use use,
            ZoneSize.Named named,
            Class<Z> purpose,
            @Nullable Z known,
            String spoken,
            BiFunction<ZoneSize.Named, String, Z> make) {
        if (known != null) {
            throw use.error(use.directive().name() + " \"" + named.name() + "\" is already bound to key \""
                    + known.key() + "\"");
        }
        Word word = use.arguments().get(0);
        String key = word.text();
        Identity identity = new Identity(purpose, named.name(), named.size());
        Z zone = use.carried(identity, () -> make.apply(named, key));
        if (!zone.key().equals(key)) {
            throw use.error(
                    spoken + " \"" + named.name() + "\" uses the \"" + key + "\" key while previously it used the \""
                            + zone.key() + "\" key",
                    word,
                    "the zone lives on over a reload; give it another name, or restart");
        }
        return zone;
    }
}
