package io.gatehouse.route;

import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.VirtualServer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The locations of one level: of a server, or nested in a location. An exact one wins; else the longest prefix is kept;
 * unless that says {@code ^~}, the first regex that matches wins over it; the kept prefix otherwise (nginx, {@code
 * location}). Immutable.
 */
public final class LocationTree implements VirtualServer.LocationFinder {
    /**
     * One location and those nested in it.
     *
     * @param regex for regex locations only
     * @param nested null if there is none
     */
    public record Entry(
            Location location,
            @Nullable NamedRegex regex,
            @Nullable LocationTree nested) {}

    private final String[] exactNames;
    private final Entry[] exact;
    private final String[] prefixNames;
    private final Entry[] prefixes;
    /** The longest other prefix that this one begins with, or -1. */
    private final int[] parents;

    private final Entry[] regexes;
    private final boolean redirects;

    public LocationTree(List<Entry> entries) {
        // Written out: the JVM makes the class of Comparator.comparing anew at each start.
        Comparator<Entry> byName = (a, b) -> a.location().name.compareTo(b.location().name);
        exact = entries.stream()
                .filter(e -> e.location().kind == Location.Kind.EXACT)
                .sorted(byName)
                .toArray(Entry[]::new);
        exactNames = names(exact);
        prefixes =
                entries.stream().filter(LocationTree::isPrefix).sorted(byName).toArray(Entry[]::new);
        prefixNames = names(prefixes);
        parents = new int[prefixes.length];
        for (int i = 0; i < parents.length; i++) {
            int p = i - 1;
            while (p >= 0 && !prefixNames[i].startsWith(prefixNames[p])) {
                p = parents[p];
            }
            parents[i] = p;
        }
        regexes = entries.stream().filter(e -> e.regex() != null).toArray(Entry[]::new);
        redirects = entries.stream().anyMatch(e -> e.location().autoRedirect);
    }

    private static boolean isPrefix(Entry e) {
        return e.location().kind == Location.Kind.PREFIX || e.location().kind == Location.Kind.PREFIX_FINAL;
    }

    private static String[] names(Entry[] entries) {
        return Arrays.stream(entries).map(e -> e.location().name).toArray(String[]::new);
    }

    @Override
    public @Nullable Outcome find(Exchange exchange) {
        search(exchange);
        Location found = exchange.location;
        if (redirects(exchange.uri, found)) {
            return Outcome.status(301);
        }
        return null;
    }

    /** Whether the search ended at a prefix that wants a slash behind the URI. */
    private static boolean redirects(String uri, Location found) {
        return found.autoRedirect && found.name.length() == uri.length() + 1 && found.name.startsWith(uri);
    }

    /** Sets the exchange's location if one matches. Returns whether the search is over: an exact one or a regex matched. */
    private boolean search(Exchange exchange) {
        String uri = exchange.uri;
        if (exact.length > 0) {
            int at = Arrays.binarySearch(exactNames, uri);
            if (at >= 0) {
                exchange.location = exact[at].location();
                return true;
            }
        }
        Entry best = longestPrefix(uri);
        if (redirects && (best == null || best.location().name.length() != uri.length())) {
            Entry slashed = slashed(uri);
            if (slashed != null) {
                exchange.location = slashed.location();
                return true;
            }
        }
        if (best != null) {
            exchange.location = best.location();
            if (best.nested() != null && best.nested().search(exchange)) {
                return true;
            }
            if (best.location().kind == Location.Kind.PREFIX_FINAL) {
                return false;
            }
        }
        for (Entry entry : regexes) {
            NamedRegex regex = entry.regex();
            if (regex != null && Captures.match(regex, uri, exchange)) {
                exchange.location = entry.location();
                if (entry.nested() != null) {
                    entry.nested().search(exchange);
                }
                return true;
            }
        }
        return false;
    }

    private @Nullable Entry longestPrefix(String uri) {
        int at = Arrays.binarySearch(prefixNames, uri);
        if (at < 0) {
            at = -at - 2;
        }
        while (at >= 0 && !uri.startsWith(prefixNames[at])) {
            at = parents[at];
        }
        return at < 0 ? null : prefixes[at];
    }

    private @Nullable Entry slashed(String uri) {
        int at = Arrays.binarySearch(prefixNames, uri + "/");
        if (at >= 0 && prefixes[at].location().autoRedirect) {
            return prefixes[at];
        }
        at = Arrays.binarySearch(exactNames, uri + "/");
        return at >= 0 && exact[at].location().autoRedirect ? exact[at] : null;
    }
}
