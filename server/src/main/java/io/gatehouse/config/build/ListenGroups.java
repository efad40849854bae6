package io.gatehouse.config.build;

import io.gatehouse.config.build.ServerDirectives.ServerName;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Position;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.listen.ListenSpec.Protocols;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.ServerNames;
import io.gatehouse.tls.ServerTls;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gathers the servers of each address that a configuration listens on. */
final class ListenGroups {
    private final Map<SocketAddress, Group> groups = new LinkedHashMap<>();

    private static final class Group {
        ListenSpec spec;

        @Nullable
        ListenSpec defaultAt;

        @Nullable
        VirtualServer byDefault;

        final ProtocolOptions protocols = new ProtocolOptions();
        final List<VirtualServer> servers = new ArrayList<>();
        final List<Scope> scopes = new ArrayList<>();

        Group(ListenSpec spec) {
            this.spec = spec;
        }
    }

    void add(Scope scope, VirtualServer server, Notices notices) {
        for (ListenSpec spec : ServerDirectives.listens(scope)) {
            add(spec, scope, server, notices);
        }
    }

    private void add(ListenSpec spec, Scope scope, VirtualServer server, Notices notices) {
        Group group = groups.computeIfAbsent(spec.address(), a -> new Group(spec));
        Protocols protocols = group.spec.protocols();
        boolean optionsSet = group.spec.optionsSet();
        if (group.servers.contains(server)) {
            throw ConfigException.at(spec.at(), "a duplicate listen " + spec.text());
        }
        if (!group.servers.isEmpty() && spec.optionsSet()) {
            if (group.spec.optionsSet() && !group.spec.options().equals(spec.options())) {
                throw ConfigException.at(spec.at(), "duplicate listen options for " + spec.text());
            }
            group.spec = spec;
        }
        if (!group.servers.isEmpty() && group.protocols.redefines(protocols, spec, optionsSet)) {
            notices.add(
                    Level.WARN,
                    "protocol options redefined for " + spec.text(),
                    spec.at().end());
        }
        group.spec = group.spec.withProtocols(protocols.or(spec.protocols()));
        if (spec.defaultServer()) {
            if (group.defaultAt != null) {
                throw ConfigException.at(spec.at(), "a duplicate default server for " + spec.text());
            }
            group.defaultAt = spec;
            group.byDefault = server;
        }
        group.servers.add(server);
        group.scopes.add(scope);
    }

    List<ListenPoint> points(Notices notices) {
        List<ListenPoint> points = new ArrayList<>();
        for (Group group : groups.values()) {
            VirtualServer byDefault = group.byDefault != null ? group.byDefault : group.servers.get(0);
            if (group.spec.protocols().ssl()) {
                checkCertificates(group, byDefault);
            }
            points.add(new ListenPoint(group.spec, names(group, byDefault, notices), List.copyOf(group.servers)));
        }
        return points;
    }

    /** The default server has a certificate, or ends handshakes; in that case every other one has. */
    @SuppressWarnings("ReferenceEquality") // each server is one object
    private static void checkCertificates(Group group, VirtualServer byDefault) {
        for (int i = 0; i < group.servers.size(); i++) {
            VirtualServer server = group.servers.get(i);
            boolean looked =
                    server == byDefault || ServerTls.of(byDefault.level()).rejects();
            if (looked && !ServerTls.of(server.level()).isThere()) {
                Position at = Objects.requireNonNull(group.scopes.get(i).node()).at();
                throw ConfigException.at(at, "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive")
                        .withHint(
                                "put ssl_certificate and ssl_certificate_key into the server, or \"auto_https on;\" to"
                                        + " have certificates come by themselves");
            }
        }
    }

    /** A server without a name has the empty one, as in nginx: requests that name no host are its. */
    private static ServerNames names(Group group, VirtualServer byDefault, Notices notices) {
        Map<String, VirtualServer> exact = new HashMap<>();
        Map<String, VirtualServer> suffixes = new HashMap<>();
        Map<String, VirtualServer> prefixes = new HashMap<>();
        List<ServerNames.RegexName> regexes = new ArrayList<>();
        for (int i = 0; i < group.servers.size(); i++) {
            VirtualServer server = group.servers.get(i);
            List<ServerName> said = ServerDirectives.names(group.scopes.get(i));
            if (said.isEmpty() && exact.putIfAbsent("", server) != null) {
                conflict("", group, notices);
            }
            for (ServerName name : said) {
                String text = name.text();
                VirtualServer other = null;
                if (name.regex() != null) {
                    regexes.add(new ServerNames.RegexName(name.regex(), server));
                } else if (text.startsWith("*.")) {
                    other = suffixes.putIfAbsent(text.substring(1), server);
                } else if (text.startsWith(".")) {
                    other = exact.putIfAbsent(text.substring(1), server);
                    VirtualServer second = suffixes.putIfAbsent(text, server);
                    other = other == null ? second : other;
                } else if (text.endsWith(".*")) {
                    other = prefixes.putIfAbsent(text.substring(0, text.length() - 1), server);
                } else {
                    other = exact.putIfAbsent(text, server);
                }
                if (other != null) {
                    conflict(text, group, notices);
                }
            }
        }
        return new ServerNames(byDefault, exact, suffixes, prefixes, regexes);
    }

    private static void conflict(String name, Group group, Notices notices) {
        notices.add(Level.WARN, "conflicting server name \"" + name + "\" on " + group.spec.text() + ", ignored", null);
    }

    /** The first name of a server, without what makes it a wildcard; empty if it has none. */
    static String primaryName(Scope scope) {
        List<ServerName> names = ServerDirectives.names(scope);
        if (names.isEmpty()) {
            return "";
        }
        ServerName first = names.get(0);
        String text = first.text();
        return first.regex() == null && text.startsWith(".") ? text.substring(1) : text;
    }
}
