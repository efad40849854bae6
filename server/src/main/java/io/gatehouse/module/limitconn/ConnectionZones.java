package io.gatehouse.module.limitconn;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.zone.ZoneSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The zones that a configuration declares. Used by the one thread that builds. */
final class ConnectionZones {
    private final Map<String, Zone> zones = new HashMap<>();

    /**
     * A zone as this configuration has it.
     *
     * @param counts what it counts, which the next configuration goes on with
     */
    record Zone(ConnectionZone counts, Template key) {}

    Zone declare(Use use, ZoneSize.Named named) {
        Word word = use.arguments().get(0);
        String key = word.text();
        Zone before = zones.get(named.name());
        if (before != null) {
            throw use.error("limit_conn_zone \"" + named.name() + "\" is already bound to key \""
                    + before.counts().key() + "\"");
        }
        ConnectionZone.Identity identity = new ConnectionZone.Identity(named.name(), named.size());
        ConnectionZone counts = use.carried(identity, () -> new ConnectionZone(identity, key));
        if (!counts.key().equals(key)) {
            throw use.error(
                    "limit_conn_zone \"" + named.name() + "\" uses the \"" + key
                            + "\" key while previously it used the \"" + counts.key() + "\" key",
                    word,
                    "the zone lives on over a reload; give it another name, or restart");
        }
        Zone zone = new Zone(counts, use.template(word));
        zones.put(named.name(), zone);
        return zone;
    }

    Zone get(String name) {
        return Objects.requireNonNull(zones.get(name), name);
    }
}
