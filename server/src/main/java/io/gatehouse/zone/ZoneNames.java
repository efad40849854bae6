package io.gatehouse.zone;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The zones of one configuration by name, whoever they belong to: each has one purpose and one size, and a name that is used
 * must be declared somewhere in the file (nginx: ngx_shared_memory_add). Used by the one thread that builds.
 */
public final class ZoneNames {
    private final Map<String, Zone> zones = new LinkedHashMap<>();

    private static final class Zone {
        final String purpose;
        final Use use;
        final Word at;
        long size;

        Zone(String purpose, Use use, Word at) {
            this.purpose = purpose;
            this.use = use;
            this.at = at;
        }
    }

    /**
     * Takes note of a zone that {@code use} names.
     *
     * @param purpose the module whose zone it is
     * @param size bytes; 0 where it is named only
     */
    public static void note(Use use, Word at, String purpose, String name, long size) {
        use.shared(ZoneNames.class, () -> {
                    ZoneNames names = new ZoneNames();
                    use.later(names::check);
                    return names;
                })
                .add(use, at, purpose, name, size);
    }

    private void add(Use use, Word at, String purpose, String name, long size) {
        Zone zone = zones.computeIfAbsent(name, n -> new Zone(purpose, use, at));
        if (!zone.purpose.equals(purpose)) {
            throw use.error(
                    "the shared memory zone \"" + name + "\" is already declared for a different use",
                    at,
                    "it belongs to " + zone.purpose + "; give one of the two another name");
        }
        if (zone.size == 0) {
            zone.size = size;
        }
        if (size != 0 && size != zone.size) {
            throw use.error(
                    "the size " + size + " of shared memory zone \"" + name + "\" conflicts with already declared size "
                            + zone.size,
                    at);
        }
    }

    private void check() {
        zones.forEach((name, zone) -> {
            if (zone.size == 0) {
                throw zone.use.error(
                        "zero size shared memory zone \"" + name + "\"",
                        zone.at,
                        "nothing in this file gives the zone a size");
            }
        });
    }
}
