package io.gatehouse.module.limitconn;

import io.gatehouse.config.directive.Use;
import io.gatehouse.exchange.Template;
import io.gatehouse.zone.KeyedZone;
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
        Zone before = zones.get(named.name());
        ConnectionZone counts = KeyedZone.declared(
                use,
                named,
                ConnectionZone.class,
                before == null ? null : before.counts(),
                "limit_conn_zone",
                ConnectionZone::new);
        Zone zone = new Zone(counts, use.template(use.arguments().get(0)));
        zones.put(named.name(), zone);
        return zone;
    }

    Zone get(String name) {
        return Objects.requireNonNull(zones.get(name), name);
    }
}
