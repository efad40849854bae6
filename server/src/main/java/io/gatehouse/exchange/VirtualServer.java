package io.gatehouse.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code server} block as requests meet it. Immutable.
 *
 * @param name the first {@code server_name}, for {@code $server_name} and log lines; empty if there is none
 * @param settings how heads are read
 * @param level the server's own level, in force until a location is found
 * @param postRead handlers that run first (realip)
 * @param rewrite handlers of the server's own rewrite directives
 * @param locations finds the location of a URI
 * @param named locations with {@code @}
 */
public record VirtualServer(
        String name,
        ServerSettings settings,
        Location level,
        Handler[] postRead,
        Handler[] rewrite,
        LocationFinder locations,
        Map<String, Location> named) {

    /** Finds the location that is responsible for the exchange's URI. */
    @FunctionalInterface
    public interface LocationFinder {
        /**
         * Sets {@link Exchange#location} (the server's level if none matches) and the captures of a regex location. An
         * outcome other than null answers in its place: a redirect to the URI with a slash, 500 for a regex at its limit.
         */
        @Nullable
        Outcome find(Exchange exchange);
    }
}
