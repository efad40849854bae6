package io.gatehouse.module.referer;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.route.Captures;
import io.gatehouse.text.Ascii;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The referrers that a place admits. The values of the tables are the beginnings of paths; empty for any path. */
final class ValidReferers {
    private static final int LONGEST_HOST = 256;
    /** {@code http://i.ru}: what is shorter names no host. */
    private static final int SHORTEST = 11;

    private final boolean none;
    private final boolean blocked;
    private final Map<String, String> exact;
    private final Map<String, String> heads;
    private final Map<String, String> tails;
    private final List<NamedRegex> regexes;
    private final List<NamedRegex> serverNameRegexes;

    private ValidReferers(Builder b) {
        none = b.none;
        blocked = b.blocked;
        exact = Map.copyOf(b.exact);
        heads = Map.copyOf(b.heads);
        tails = Map.copyOf(b.tails);
        regexes = List.copyOf(b.regexes);
        serverNameRegexes = List.copyOf(b.serverNameRegexes);
    }

    /** Checks the form of a host at the time that it is read. */
    static void check(Use use, Word word) {
        String text = word.text();
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        int star = host.indexOf('*');
        boolean invalid = host.equals(".")
                || host.contains("..")
                || star >= 0
                        && !(star == 0 && host.length() > 2 && host.charAt(1) == '.' && host.indexOf('*', 1) < 0)
                        && !(star > 1 && star == host.length() - 1 && host.charAt(star - 1) == '.');
        if (invalid) {
            throw use.error("invalid hostname or wildcard \"" + host + "\"", word);
        }
    }

    boolean admits(Exchange x) {
        String referer = x.main().request.get(FieldName.REFERER);
        if (referer == null) {
            return none;
        }
        int from = schemeLength(referer);
        if (from == 0) {
            return blocked;
        }
        int end = from;
        while (end < referer.length() && referer.charAt(end) != '/' && referer.charAt(end) != ':') {
            end++;
        }
        if (end - from > LONGEST_HOST) {
            return false;
        }
        String host = Ascii.lower(referer.substring(from, end));
        String path = find(host);
        if (path != null) {
            int slash = referer.indexOf('/', end);
            return path.isEmpty() || slash >= 0 && referer.startsWith(path, slash);
        }
        return matches(serverNameRegexes, host) || matches(regexes, referer.substring(from));
    }

    private static int schemeLength(String referer) {
        if (referer.length() < SHORTEST) {
            return 0;
        }
        return referer.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : referer.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
    }

    private @Nullable String find(String host) {
        String path = exact.get(host);
        for (int dot = host.indexOf('.'); dot >= 0 && path == null; dot = host.indexOf('.', dot + 1)) {
            path = dot == 0 ? null : heads.get(host.substring(dot));
        }
        for (int dot = host.lastIndexOf('.'); dot > 0 && path == null; dot = host.lastIndexOf('.', dot - 1)) {
            path = tails.get(host.substring(0, dot + 1));
        }
        return path;
    }

    private static boolean matches(List<NamedRegex> regexes, String text) {
        for (NamedRegex regex : regexes) {
            // without the exchange: groups of these regexes go nowhere
            if (Captures.match(regex, text, null)) {
                return true;
            }
        }
        return false;
    }

    /** Collects what a level says. */
    static final class Builder {
        private boolean none;
        private boolean blocked;
        private final Map<String, String> exact = new HashMap<>();
        private final Map<String, String> heads = new HashMap<>();
        private final Map<String, String> tails = new HashMap<>();
        private final List<NamedRegex> regexes = new ArrayList<>();
        private final List<NamedRegex> serverNameRegexes = new ArrayList<>();

        void none() {
            none = true;
        }

        void blocked() {
            blocked = true;
        }

        boolean isAdmittingWithoutHosts() {
            return none || blocked;
        }

        void regex(NamedRegex regex) {
            regexes.add(regex);
        }

        void serverNameRegex(NamedRegex regex) {
            serverNameRegexes.add(regex);
        }

        void serverName(String name) {
            add(name, "");
        }

        void host(Word word) {
            String text = word.text();
            int slash = text.indexOf('/');
            String host = slash < 0 ? text : text.substring(0, slash);
            if (!add(host, slash < 0 ? "" : text.substring(slash))) {
                throw ConfigException.at(word.at(), word, "conflicting parameter \"" + host + "\"");
            }
        }

        /** Returns whether the host was new. */
        private boolean add(String host, String path) {
            String name = Ascii.lower(host);
            if (name.startsWith("*.")) {
                return heads.putIfAbsent(name.substring(1), path) == null;
            }
            if (name.startsWith(".") && name.length() > 1) {
                boolean fresh = exact.putIfAbsent(name.substring(1), path) == null;
                return heads.putIfAbsent(name, path) == null && fresh;
            }
            if (name.endsWith(".*")) {
                return tails.putIfAbsent(name.substring(0, name.length() - 1), path) == null;
            }
            return exact.putIfAbsent(name, path) == null;
        }

        ValidReferers build() {
            return new ValidReferers(this);
        }
    }
}
