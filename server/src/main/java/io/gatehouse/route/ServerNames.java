package io.gatehouse.route;

import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.VirtualServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which server of an address a host name belongs to: the exact name, else the longest wildcard at its beginning
 * ({@code *.example.com}), else the longest at its end ({@code www.example.*}), else the first regex that matches, else the
 * default (nginx, {@code server_name}). Immutable.
 */
public final class ServerNames {
    /** One regex name. */
    public record RegexName(NamedRegex regex, VirtualServer server) {}

    private final VirtualServer byDefault;
    private final Map<String, VirtualServer> exact;
    private final Map<String, VirtualServer> suffixes;
    private final Map<String, VirtualServer> prefixes;
    private final RegexName[] regexes;
    private final boolean single;

    /**
     * @param exact names as they are, in lower case
     * @param suffixes {@code *.example.com} under ".example.com"
     * @param prefixes {@code www.example.*} under "www.example."
     */
    @SuppressWarnings("ReferenceEquality") // each server is one object
    public ServerNames(
            VirtualServer byDefault,
            Map<String, VirtualServer> exact,
            Map<String, VirtualServer> suffixes,
            Map<String, VirtualServer> prefixes,
            List<RegexName> regexes) {
        this.byDefault = byDefault;
        this.exact = new HashMap<>(exact);
        this.suffixes = new HashMap<>(suffixes);
        this.prefixes = new HashMap<>(prefixes);
        this.regexes = regexes.toArray(new RegexName[0]);
        this.single = regexes.isEmpty()
                && exact.values().stream().allMatch(s -> s == byDefault)
                && suffixes.values().stream().allMatch(s -> s == byDefault)
                && prefixes.values().stream().allMatch(s -> s == byDefault);
    }

    public VirtualServer byDefault() {
        return byDefault;
    }

    /**
     * The server for a host in lower case without a port. A regex's groups are kept in {@code exchange} if there is one.
     */
    public VirtualServer find(String host, @Nullable Exchange exchange) {
        if (single) {
            return byDefault;
        }
        VirtualServer found = named(host, exchange);
        return found == null ? byDefault : found;
    }

    /** As {@link #find}; null if no server has such a name. */
    public @Nullable VirtualServer named(String host, @Nullable Exchange exchange) {
        VirtualServer found = exact.get(host);
        if (found == null && !suffixes.isEmpty()) {
            found = longestSuffix(host);
        }
        if (found == null && !prefixes.isEmpty()) {
            found = longestPrefix(host);
        }
        if (found == null && regexes.length > 0 && !host.isEmpty()) {
            found = firstRegex(host, exchange);
        }
        return found;
    }

    private @Nullable VirtualServer longestSuffix(String host) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            VirtualServer found = suffixes.get(host.substring(dot));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable VirtualServer longestPrefix(String host) {
        for (int dot = host.lastIndexOf('.'); dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
            VirtualServer found = dot + 1 == host.length() ? null : prefixes.get(host.substring(0, dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable VirtualServer firstRegex(String host, @Nullable Exchange exchange) {
        for (RegexName name : regexes) {
            if (Captures.match(name.regex(), host, exchange)) {
                return name.server();
            }
        }
        return null;
    }
}
