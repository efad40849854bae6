package io.gatehouse.module.upstream;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Context.UPSTREAM;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.upstream.HostUrl;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.upstream.ResolverSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom to ask for the addresses of names while requests wait. */
final class ResolverDirectives {
    private static final int DNS_PORT = 53;

    private ResolverDirectives() {}

    private static final String SYNTAX = "address ... [valid=time] [ipv4=on|off] [ipv6=on|off]";

    static final Directive<ResolverSpec> RESOLVER = directive("resolver")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, ResolverDirectives::resolver)
            .syntax(SYNTAX)
            .says("Names the DNS servers that are asked for hosts which variables in proxy_pass make.")
            .example("resolver 127.0.0.53 valid=30s;");

    static final Directive<Long> RESOLVER_TIMEOUT = directive("resolver_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(ResolverSettings.DEFAULT_TIMEOUT, "30s")
            .syntax("time")
            .says("Sets how long resolving a name may take.")
            .example("resolver_timeout 5s;");

    static final Directive<ResolverSpec> RESOLVER_HERE = directive("resolver")
            .in(UPSTREAM)
            .takes(Arity.AT_LEAST_ONE, ResolverDirectives::resolver)
            .syntax(SYNTAX)
            .says("Names the DNS servers that are asked for the group's servers with \"resolve\".")
            .example("resolver 127.0.0.53;");

    static final Directive<Long> RESOLVER_TIMEOUT_HERE = directive("resolver_timeout")
            .in(UPSTREAM)
            .takes(Arguments.MILLIS)
            .syntax("time")
            .says("Sets how long resolving a name of the group's servers may take.")
            .example("resolver_timeout 5s;");

    static final List<Directive<?>> ALL = List.of(RESOLVER, RESOLVER_TIMEOUT, RESOLVER_HERE, RESOLVER_TIMEOUT_HERE);

    private static ResolverSpec resolver(Use use) {
        List<InetSocketAddress> servers = new ArrayList<>();
        long valid = -1;
        boolean ipv4 = true;
        boolean ipv6 = true;
        for (Word word : use.arguments()) {
            String text = word.text();
            int equals = text.indexOf('=');
            String value = text.substring(equals + 1);
            switch (equals < 0 ? "" : text.substring(0, equals + 1)) {
                case "valid=" -> {
                    valid = Units.seconds(value);
                    if (valid < 0) {
                        throw use.error("invalid parameter: " + text, word, "expected a time: valid=30s");
                    }
                }
                case "ipv4=" -> ipv4 = onOff(use, value, word);
                case "ipv6=" -> ipv6 = onOff(use, value, word);
                case "status_zone=" ->
                    throw use.error(
                            "invalid parameter: " + text,
                            word,
                            "statistics of resolvers belong to nginx's commercial edition and are not kept here; leave"
                                    + " it out");
                default -> servers.addAll(addresses(use, word));
            }
        }
        if (!ipv4 && !ipv6) {
            throw use.error("\"ipv4\" and \"ipv6\" cannot both be \"off\"");
        }
        if (servers.isEmpty()) {
            throw use.error("no name servers defined");
        }
        return new ResolverSpec(servers, valid, ipv4, ipv6);
    }

    private static boolean onOff(Use use, String value, Word word) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw use.error("invalid parameter: " + word.text(), word, "expected on or off");
        };
    }

    private static List<InetSocketAddress> addresses(Use use, Word word) {
        try {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (SocketAddress address :
                    HostUrl.parse(word.text(), DNS_PORT, false).resolve()) {
                if (!(address instanceof InetSocketAddress internet)) {
                    throw use.error("invalid host in resolver \"" + word.text() + "\"", word);
                }
                addresses.add(internet);
            }
            return addresses;
        } catch (HostUrl.Malformed e) {
            throw use.error(e.getMessage() + " in resolver \"" + word.text() + "\"", word);
        }
    }

    /** The resolver in force in an upstream block: its own, or that of the levels around it. */
    static @Nullable ResolverSpec inBlock(Scope block) {
        ResolverSpec own = block.own(RESOLVER_HERE);
        Scope around = block.parent();
        return own != null || around == null ? own : around.find(RESOLVER);
    }

    /** The time-out in force in an upstream block. */
    static long timeoutInBlock(Scope block) {
        Long own = block.own(RESOLVER_TIMEOUT_HERE);
        Scope around = block.parent();
        return own != null ? own : around == null ? ResolverSettings.DEFAULT_TIMEOUT : around.get(RESOLVER_TIMEOUT);
    }
}
