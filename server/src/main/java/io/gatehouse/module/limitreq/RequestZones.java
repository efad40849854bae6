package io.gatehouse.module.limitreq;

import io.gatehouse.config.directive.Use;
import io.gatehouse.exchange.Template;
import io.gatehouse.zone.KeyedZone;
import io.gatehouse.zone.ZoneSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The zones that a configuration declares. Used by the one thread that builds. */
final class RequestZones {
    private final Map<String, Zone> zones = new HashMap<>();

    /**
     * A zone as this configuration has it.
     *
     * @param states what it counts, which the next configuration goes on with
     * @param rate thousandths of a request in a second
     */
    record Zone(RequestZone states, Template key, long rate) {}

    Zone declare(Use use, ZoneSize.Named named, long rate) {
        Zone before = zones.get(named.name());
        RequestZone states = KeyedZone.declared(
                use, named, RequestZone.class, before == null ? null : before.states(), "limit_req", RequestZone::new);
        Zone zone = new Zone(states, use.template(use.arguments().get(0)), rate);
        zones.put(named.name(), zone);
        return zone;
    }

    Zone get(String name) {
        return Objects.requireNonNull(zones.get(name), name);
    }
}
