package io.gatehouse.module.limitreq;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
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
        Word word = use.arguments().get(0);
        String key = word.text();
        Zone before = zones.get(named.name());
        if (before != null) {
            throw use.error("limit_req_zone \"" + named.name() + "\" is already bound to key \""
                    + before.states().key() + "\"");
        }
        RequestZone.Identity identity = new RequestZone.Identity(named.name(), named.size());
        RequestZone states = use.carried(identity, () -> new RequestZone(identity, key));
        if (!states.key().equals(key)) {
            throw use.error(
                    "limit_req \"" + named.name() + "\" uses the \"" + key + "\" key while previously it used the \""
                            + states.key() + "\" key",
                    word,
                    "the zone lives on over a reload; give it another name, or restart");
        }
        Zone zone = new Zone(states, use.template(word), rate);
        zones.put(named.name(), zone);
        return zone;
    }

    Zone get(String name) {
        return Objects.requireNonNull(zones.get(name), name);
    }
}
