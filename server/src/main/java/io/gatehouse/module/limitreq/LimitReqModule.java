package io.gatehouse.module.limitreq;

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
import io.gatehouse.module.limitreq.RequestLimits.Limit;
import io.gatehouse.module.limitreq.RequestLimits.Status;
import io.gatehouse.module.limitreq.RequestZones.Zone;
import io.gatehouse.observe.log.Level;
import io.gatehouse.zone.ZoneNames;
import io.gatehouse.zone.ZoneSize;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code limit_req} and its zones. */
public final class LimitReqModule implements Module {
    private static final String PURPOSE = "limit_req";
    private static final long NEVER_DELAYED = Long.MAX_VALUE / 1000;

    /**
     * One use of {@code limit_req}; numbers in requests.
     */
    private record Said(String zone, long burst, long delay) {}

    private static final Directive<List<Zone>> LIMIT_REQ_ZONE = directive("limit_req_zone")
            .in(HTTP)
            .takesEach(new Arity(3, 3), LimitReqModule::zone)
            .inherits(Inheritance.NONE)
            .syntax("key zone=name:size rate=rate")
            .says("Declares a zone that counts requests for each value of the key, and the rate they may have, in"
                    + " requests per second (r/s) or minute (r/m). A megabyte holds about 8,000 values; when it is"
                    + " full, the value that was asked for longest ago is forgotten. The zone lives on over a reload"
                    + " as long as its name, size and key stay.")
            .example("limit_req_zone $binary_remote_addr zone=auth:10m rate=30r/m;");

    private static final Directive<List<Said>> LIMIT_REQ = directive("limit_req")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(1, 3), LimitReqModule::limit)
            .syntax("zone=name [burst=number] [nodelay | delay=number]")
            .says("Limits requests by a zone: those ahead of the rate wait until their time has come, unless nodelay"
                    + " or delay lets so many pass at once; more than burst ahead is answered by limit_req_status."
                    + " Several limits may stand on one level; a request must pass all of them.")
            .example("limit_req zone=auth burst=10 nodelay;");

    private static final Directive<Level> LIMIT_REQ_LOG_LEVEL = directive("limit_req_log_level")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(
                    Map.of("info", Level.INFO, "notice", Level.NOTICE, "warn", Level.WARN, "error", Level.ERROR)))
            .byDefault(Level.ERROR, "error")
            .syntax("info | notice | warn | error")
            .says("Sets the level at which refused requests are logged; delayed ones are logged one level lower.")
            .example("limit_req_log_level warn;");

    private static final Directive<Integer> LIMIT_REQ_STATUS = directive("limit_req_status")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> Arguments.number(use, 400, 599))
            .byDefault(503, "503")
            .syntax("code")
            .says("Sets the status that answers a refused request, 400 to 599.")
            .example("limit_req_status 429;");

    private static final Directive<Boolean> LIMIT_REQ_DRY_RUN = directive("limit_req_dry_run")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether requests are counted and logged as ever, but neither delayed nor refused.")
            .example("limit_req_dry_run on;");

    @Override
    public String name() {
        return PURPOSE;
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(LIMIT_REQ_ZONE, LIMIT_REQ, LIMIT_REQ_LOG_LEVEL, LIMIT_REQ_STATUS, LIMIT_REQ_DRY_RUN);
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("limit_req_status", x -> {
            Status status = x.main().attachments.get(RequestLimits.STATUS);
            return status == null ? null : status.name();
        });
    }

    @Override
    public void build(LocationBuild place) {
        List<Said> limits = place.find(LIMIT_REQ);
        if (limits == null) {
            return;
        }
        RequestZones zones = place.shared(RequestZones.class, RequestZones::new);
        Limit[] all = limits.stream().map(said -> limit(said, zones)).toArray(Limit[]::new);
        Level level = place.get(LIMIT_REQ_LOG_LEVEL);
        place.preaccess(new RequestLimits(
                all, place.get(LIMIT_REQ_STATUS), level, oneLower(level), place.get(LIMIT_REQ_DRY_RUN)));
    }

    private static Limit limit(Said said, RequestZones zones) {
        Zone zone = zones.get(said.zone());
        return new Limit(zone.states(), zone.key(), zone.rate(), said.burst() * 1000, said.delay() * 1000);
    }

    private static Level oneLower(Level level) {
        return switch (level) {
            case ERROR -> Level.WARN;
            case WARN -> Level.NOTICE;
            default -> Level.INFO;
        };
    }

    private static Zone zone(Use use) {
        ZoneSize.@Nullable Named named = null;
        Word at = use.arguments().get(0);
        long rate = 1000;
        for (Word word : use.arguments().subList(1, use.count())) {
            if (word.text().startsWith("zone=")) {
                named = ZoneSize.Named.of(use, word);
                at = word;
            } else if (word.text().startsWith("rate=")) {
                rate = rate(use, word);
            } else {
                throw use.error("invalid parameter \"" + word.text() + "\"", word, "expected zone= and rate=");
            }
        }
        if (named == null || named.name().isEmpty()) {
            throw use.error("\"limit_req_zone\" must have \"zone\" parameter");
        }
        ZoneNames.note(use, at, PURPOSE, named.name(), named.size());
        return use.shared(RequestZones.class, RequestZones::new).declare(use, named, rate);
    }

    /** Thousandths of a request in a second. */
    private static long rate(Use use, Word word) {
        String text = word.text().substring("rate=".length());
        boolean minutes = text.endsWith("r/m");
        long number = Units.number(minutes || text.endsWith("r/s") ? text.substring(0, text.length() - 3) : text);
        if (number <= 0 || number > Long.MAX_VALUE / 1000) {
            throw use.error(
                    "invalid rate \"" + word.text() + "\"", word, "a rate is a number of requests: 10r/s, 30r/m");
        }
        return number * 1000 / (minutes ? 60 : 1);
    }

    private static Said limit(Use use) {
        String zone = null;
        Word at = use.arguments().get(0);
        long burst = 0;
        long delay = 0;
        for (Word word : use.arguments()) {
            String text = word.text();
            if (text.startsWith("zone=")) {
                zone = text.substring("zone=".length());
                at = word;
            } else if (text.startsWith("burst=")) {
                burst = requests(use, word, "burst");
            } else if (text.startsWith("delay=")) {
                delay = requests(use, word, "delay");
            } else if (text.equals("nodelay")) {
                delay = NEVER_DELAYED;
            } else {
                throw use.error(
                        "invalid parameter \"" + text + "\"", word, "expected zone=, burst=, nodelay or delay=");
            }
        }
        if (zone == null) {
            throw use.error("\"limit_req\" must have \"zone\" parameter");
        }
        ZoneNames.note(use, at, PURPOSE, zone, 0);
        List<Said> before = use.scope().own(LIMIT_REQ);
        for (Said other : before == null ? List.<Said>of() : before) {
            if (other.zone().equals(zone)) {
                throw use.error("\"limit_req\" directive is duplicate", at);
            }
        }
        return new Said(zone, burst, delay);
    }

    private static long requests(Use use, Word word, String what) {
        long number = Units.number(word.text().substring(what.length() + 1));
        if (number <= 0 || number > NEVER_DELAYED) {
            throw use.error(
                    "invalid " + what + " value \"" + word.text() + "\"", word, "expected a number of requests");
        }
        return number;
    }
}
