package io.gatehouse.module.limitconn;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.module.limitconn.ConnectionLimits.Limit;
import io.gatehouse.module.limitconn.ConnectionLimits.Status;
import io.gatehouse.module.limitconn.ConnectionZones.Zone;
import io.gatehouse.observe.log.Level;
import io.gatehouse.zone.ZoneNames;
import io.gatehouse.zone.ZoneSize;
import java.util.List;
import java.util.Map;

/** {@code limit_conn} and its zones. */
public final class LimitConnModule implements Module {
    private static final String PURPOSE = "limit_conn";
    private static final int MOST = 65_535;

    /** One use of {@code limit_conn}. */
    private record Said(String zone, int most) {}

    private static final Directive<List<Zone>> LIMIT_CONN_ZONE = directive("limit_conn_zone")
            .in(HTTP)
            .takesEach(new Arity(2, 2), LimitConnModule::zone)
            .inherits(Inheritance.NONE)
            .syntax("key zone=name:size")
            .says("Declares a zone that counts the requests under way for each value of the key. A megabyte holds"
                    + " about 16,000 values; when it is full, requests with another value are refused. The zone"
                    + " lives on over a reload as long as its name, size and key stay.")
            .example("limit_conn_zone $binary_remote_addr zone=clients:10m;");

    private static final Directive<List<Said>> LIMIT_CONN = directive("limit_conn")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(2, 2), LimitConnModule::limit)
            .syntax("zone number")
            .says("Limits how many requests with the same value of the zone's key may be under way; one more is"
                    + " answered by limit_conn_status. Several limits may stand on one level.")
            .example("limit_conn clients 20;");

    private static final Directive<Level> LIMIT_CONN_LOG_LEVEL = directive("limit_conn_log_level")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(
                    Map.of("info", Level.INFO, "notice", Level.NOTICE, "warn", Level.WARN, "error", Level.ERROR)))
            .byDefault(Level.ERROR, "error")
            .syntax("info | notice | warn | error")
            .says("Sets the level at which refused requests are logged.")
            .example("limit_conn_log_level warn;");

    private static final Directive<Integer> LIMIT_CONN_STATUS = directive("limit_conn_status")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> Arguments.number(use, 400, 599))
            .byDefault(503, "503")
            .syntax("code")
            .says("Sets the status that answers a refused request, 400 to 599.")
            .example("limit_conn_status 429;");

    private static final Directive<Boolean> LIMIT_CONN_DRY_RUN = directive("limit_conn_dry_run")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether requests are counted and logged as ever, but not refused.")
            .example("limit_conn_dry_run on;");

    @Override
    public String name() {
        return PURPOSE;
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(LIMIT_CONN_ZONE, LIMIT_CONN, LIMIT_CONN_LOG_LEVEL, LIMIT_CONN_STATUS, LIMIT_CONN_DRY_RUN);
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("limit_conn_status", x -> {
            Status status = x.main().attachments.get(ConnectionLimits.STATUS);
            return status == null ? null : status.name();
        });
    }

    @Override
    public void build(LocationBuild place) {
        List<Said> limits = place.find(LIMIT_CONN);
        if (limits == null) {
            return;
        }
        ConnectionZones zones = place.shared(ConnectionZones.class, ConnectionZones::new);
        Limit[] all = limits.stream().map(said -> limit(said, zones)).toArray(Limit[]::new);
        place.preaccess(new ConnectionLimits(
                all, place.get(LIMIT_CONN_STATUS), place.get(LIMIT_CONN_LOG_LEVEL), place.get(LIMIT_CONN_DRY_RUN)));
    }

    private static Limit limit(Said said, ConnectionZones zones) {
        Zone zone = zones.get(said.zone());
        return new Limit(zone.counts(), zone.key(), said.most());
    }

    private static Zone zone(Use use) {
        Word word = use.arguments().get(1);
        if (!word.text().startsWith("zone=")) {
            throw use.error("invalid parameter \"" + word.text() + "\"", word, "expected zone=name:size");
        }
        ZoneSize.Named named = ZoneSize.Named.of(use, word);
        if (named.name().isEmpty()) {
            throw use.error("\"limit_conn_zone\" must have \"zone\" parameter", word);
        }
        ZoneNames.note(use, word, PURPOSE, named.name(), named.size());
        return use.shared(ConnectionZones.class, ConnectionZones::new).declare(use, named);
    }

    private static Said limit(Use use) {
        Word zone = use.arguments().get(0);
        ZoneNames.note(use, zone, PURPOSE, zone.text(), 0);
        List<Said> before = use.scope().own(LIMIT_CONN);
        for (Said other : before == null ? List.<Said>of() : before) {
            if (other.zone().equals(zone.text())) {
                throw use.error("\"limit_conn\" directive is duplicate", zone);
            }
        }
        Word number = use.arguments().get(1);
        long most = Units.number(number.text());
        if (most <= 0) {
            throw use.error(
                    "invalid number of connections \"" + number.text() + "\"", number, "expected a number from 1");
        }
        if (most > MOST) {
            throw use.error("connection limit must be less 65536", number);
        }
        return new Said(zone.text(), (int) most);
    }
}
