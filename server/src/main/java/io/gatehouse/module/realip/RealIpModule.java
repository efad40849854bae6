package io.gatehouse.module.realip;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.address.Network;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.module.realip.RealIp.Source;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code set_real_ip_from}, {@code real_ip_header} and what belongs to them. */
public final class RealIpModule implements Module {
    private static final SettingsKey<RealIp> KEY = SettingsKey.of(RealIp.class);

    private static final Directive<List<List<Network>>> SET_REAL_IP_FROM = directive("set_real_ip_from")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(Arity.ONE, RealIpModule::networks)
            .syntax("address | CIDR | name | unix:")
            .says("Trusts a proxy, or all of a network, to say who its client is. A name is looked up when the"
                    + " configuration is read.")
            .example("set_real_ip_from 192.0.2.0/24;");

    private static final Directive<String> REAL_IP_HEADER = directive("real_ip_header")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEXT)
            .byDefault("X-Real-IP", "X-Real-IP")
            .syntax("field | X-Real-IP | X-Forwarded-For | proxy_protocol")
            .says("Sets where a trusted proxy says who its client is: in a field, of which X-Forwarded-For may come"
                    + " several times, or in the PROXY header of the connection.")
            .example("real_ip_header X-Forwarded-For;");

    private static final Directive<Boolean> REAL_IP_RECURSIVE = directive("real_ip_recursive")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the last address of the field that is not trusted counts, rather than the last one.")
            .example("real_ip_recursive on;");

    @Override
    public String name() {
        return "realip";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(SET_REAL_IP_FROM, REAL_IP_HEADER, REAL_IP_RECURSIVE);
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("realip_remote_addr", x -> x.client.remoteAddress());
        registry.add(
                "realip_remote_port", x -> x.client.remotePort() > 0 ? Integer.toString(x.client.remotePort()) : "");
    }

    @Override
    public void build(LocationBuild place) {
        List<List<Network>> from = place.find(SET_REAL_IP_FROM);
        if (from == null) {
            return;
        }
        List<Network> trusted = new ArrayList<>();
        from.forEach(trusted::addAll);
        String field = place.get(REAL_IP_HEADER);
        Source source = switch (field) {
            case "X-Forwarded-For" -> Source.FIELDS;
            case "proxy_protocol" -> Source.PROXY_PROTOCOL;
            default -> Source.FIELD;
        };
        RealIp handler = new RealIp(List.copyOf(trusted), source, field, place.get(REAL_IP_RECURSIVE));
        place.settings(KEY, handler);
        if (place.kind() == Location.Kind.SERVER) {
            place.postRead(handler);
        }
        if (!handler.equals(ofServer(place))) {
            // what the server's level did not find this one would not find either
            place.preaccess(handler);
        }
    }

    private static @Nullable RealIp ofServer(LocationBuild place) {
        LocationBuild outermost = place;
        for (LocationBuild around = place.parent(); around != null; around = around.parent()) {
            outermost = around;
        }
        return outermost.settings(KEY);
    }

    private static List<Network> networks(Use use) {
        Word word = use.arguments().get(0);
        String text = word.text();
        if (text.equals("unix:")) {
            return List.of(Network.UNIX);
        }
        Network network = Network.parse(text);
        if (network != null) {
            if (!Network.isExact(text)) {
                use.warn("low address bits of " + text + " are meaningless");
            }
            return List.of(network);
        }
        List<Network> named = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(text)) {
                byte[] octets = address.getAddress();
                named.add(new Network(octets, octets.length * 8));
            }
        } catch (UnknownHostException e) {
            throw use.error(
                    "host not found in set_real_ip_from \"" + text + "\"",
                    word,
                    "expected an address, a network such as 192.0.2.0/24, unix: or a name that can be looked up");
        }
        return named;
    }
}
