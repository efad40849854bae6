package io.gatehouse.config.build;

import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Hostname;
import io.gatehouse.listen.Addresses;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.wire.ListenOptions;
import io.gatehouse.wire.ListenOptions.KeepAlive;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What makes a server reachable: where it listens and the names it answers to. */
public final class ServerDirectives implements Module {
    /**
     * One name of a server.
     *
     * @param text in lower case; for a regex its source
     */
    public record ServerName(String text, @Nullable NamedRegex regex, Word at) {}

    public static final Directive<List<List<ListenSpec>>> LISTEN = directive("listen")
            .in(SERVER)
            .takesEach(Arity.AT_LEAST_ONE, ServerDirectives::listen)
            .inherits(Inheritance.NONE)
            .syntax("address[:port] | port | unix:path [default_server] [ssl] [proxy_protocol] [backlog=number]"
                    + " [rcvbuf=size] [sndbuf=size] [deferred] [fastopen=number] [ipv6only=on|off] [reuseport]"
                    + " [so_keepalive=on|off|keepidle:keepintvl:keepcnt] [bind] [http2]")
            .says("Sets the address and port, or the path of a unix socket, on which the server accepts requests."
                    + " With proxy_protocol each connection begins with a PROXY header, version 1 or 2.")
            .example("listen 127.0.0.1:8080 default_server;");

    public static final Directive<List<List<ServerName>>> SERVER_NAME = directive("server_name")
            .in(SERVER)
            .takesEach(Arity.AT_LEAST_ONE, ServerDirectives::serverName)
            .inherits(Inheritance.NONE)
            .syntax("name ...")
            .says("Sets the host names of the server: exact, with a wildcard at one end (*.example.com,"
                    + " www.example.*), or a regular expression after ~; the first one is its primary name.")
            .example("server_name example.com *.example.com;");

    @Override
    public String name() {
        return "server";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(LISTEN, SERVER_NAME);
    }

    private static final int UNPRIVILEGED_PORT = 8000;

    /** Where a server listens; without a {@code listen} on port 80, or on 8000 if that takes a privilege. */
    public static List<ListenSpec> listens(Scope server) {
        List<List<ListenSpec>> uses = server.own(LISTEN);
        if (uses != null) {
            return uses.stream().flatMap(List::stream).toList();
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        SocketAddress address = new InetSocketAddress("0.0.0.0", root ? 80 : UNPRIVILEGED_PORT);
        return List.of(new ListenSpec(
                address,
                Addresses.text(address),
                ListenOptions.DEFAULT,
                ListenSpec.Protocols.HTTP1,
                false,
                false,
                Objects.requireNonNull(server.node())));
    }

    /** The names of a server, in the order of the file. */
    public static List<ServerName> names(Scope server) {
        List<List<ServerName>> uses = server.own(SERVER_NAME);
        return uses == null ? List.of() : uses.stream().flatMap(List::stream).toList();
    }

    private static List<ServerName> serverName(Use use) {
        List<ServerName> names = new ArrayList<>();
        for (Word word : use.arguments()) {
            String name = word.text();
            if (name.isEmpty()) {
                names.add(new ServerName("", null, word));
                continue;
            }
            if (name.startsWith("~")) {
                if (name.length() == 1) {
                    throw use.error("empty regex in server name \"" + name + "\"", word);
                }
                Word pattern = new Word(name.substring(1), word.at(), word.quote(), word.rawLength());
                boolean caseless = name.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
                names.add(new ServerName(name, use.regex(pattern, caseless), word));
                continue;
            }
            int star = name.indexOf('*');
            boolean invalid = name.equals(".")
                    || star > 0 && star != name.length() - 1
                    || star == 0 && (name.length() < 3 || name.charAt(1) != '.' || name.indexOf('*', 1) >= 0)
                    || star == name.length() - 1 && star > 0 && name.charAt(star - 1) != '.'
                    || name.contains("..");
            if (invalid) {
                throw use.error(
                        "invalid server name or wildcard \"" + name + "\"",
                        word,
                        "a wildcard is the first or the last label: *.example.com, www.example.*");
            }
            if (name.indexOf('/') >= 0) {
                use.warn("server name \"" + name + "\" has suspicious symbols");
            }
            names.add(new ServerName(
                    name.equals("$hostname") ? Hostname.get() : name.toLowerCase(Locale.ROOT), null, word));
        }
        return names;
    }

    private static final ListenSpec.Protocols HTTP2 = new ListenSpec.Protocols(false, true, false);
    private static final ListenSpec.Protocols SSL = new ListenSpec.Protocols(true, false, false);
    private static final ListenSpec.Protocols PROXY_PROTOCOL = new ListenSpec.Protocols(false, false, true);

    private static List<ListenSpec> listen(Use use) {
        Word where = use.arguments().get(0);
        ListenOptions options = ListenOptions.DEFAULT;
        ListenSpec.Protocols protocols = ListenSpec.Protocols.HTTP1;
        boolean set = false;
        boolean isDefault = false;
        List<SocketAddress> addresses = Addresses.parse(where, 80);
        for (Word word : use.arguments().subList(1, use.count())) {
            String text = word.text();
            int equals = text.indexOf('=');
            String key = equals < 0 ? text : text.substring(0, equals + 1);
            String value = text.substring(equals + 1);
            switch (key) {
                case "default_server", "default" -> isDefault = true;
                case "bind" -> set = true;
                case "http2" -> {
                    use.warn("the \"listen ... http2\" directive is deprecated, use the \"http2\" directive instead");
                    protocols = protocols.or(HTTP2);
                }
                case "setfib=", "accept_filter=" ->
                    use.warn("\"" + text + "\" is not supported on this platform, ignored");
                case "backlog=" -> options = options.withBacklog(positive("backlog", value, word));
                case "fastopen=" -> options = options.withFastOpen(number("fastopen", value, word));
                case "rcvbuf=" -> options = options.withBuffers(size("rcvbuf", value, word), options.sendBuffer());
                case "sndbuf=" -> options = options.withBuffers(options.receiveBuffer(), size("sndbuf", value, word));
                case "proxy_protocol" -> protocols = protocols.or(PROXY_PROTOCOL);
                case "ssl" -> protocols = protocols.or(SSL);
                case "deferred" -> options = options.withDeferred(true);
                case "reuseport" -> options = options.withReusePort(true);
                case "ipv6only=" -> options = options.withIpv6Only(onOff("ipv6only flags", value, word));
                case "so_keepalive=" -> options = options.withKeepAlive(keepAlive(value, word));
                default -> throw parameterError(text, word);
            }
            set |= switch (key) {
                case "default_server", "default", "http2", "proxy_protocol", "ssl" -> false;
                default -> true;
            };
        }
        List<ListenSpec> specs = new ArrayList<>();
        for (SocketAddress address : addresses) {
            specs.add(new ListenSpec(address, Addresses.text(address), options, protocols, set, isDefault, use.node()));
        }
        return specs;
    }

    private static ConfigException parameterError(String text, Word word) {
        return switch (text) {
            case "quic" -> missing(text, "ngx_http_v3_module", word);
            default -> ConfigException.at(word.at(), word, "invalid parameter \"" + text + "\"");
        };
    }

    private static ConfigException missing(String parameter, String module, Word word) {
        return ConfigException.at(word.at(), word, "the \"" + parameter + "\" parameter requires " + module)
                .withHint("Gatehouse does not have it yet");
    }

    private static int number(String name, String value, Word word) {
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw ConfigException.at(word.at(), word, "invalid " + name + " \"" + word.text() + "\"");
        }
    }

    private static int positive(String name, String value, Word word) {
        int number = number(name, value, word);
        if (number <= 0) {
            throw ConfigException.at(word.at(), word, "invalid " + name + " \"" + word.text() + "\"");
        }
        return number;
    }

    private static int size(String name, String value, Word word) {
        long size = Units.size(value);
        if (size <= 0 || size > Integer.MAX_VALUE) {
            throw ConfigException.at(word.at(), word, "invalid " + name + " \"" + word.text() + "\"");
        }
        return (int) size;
    }

    private static boolean onOff(String name, String value, Word word) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw ConfigException.at(word.at(), word, "invalid " + name + " \"" + value + "\"");
        };
    }

    private static KeepAlive keepAlive(String value, Word word) {
        switch (value) {
            case "on":
                return KeepAlive.ON;
            case "off":
                return KeepAlive.OFF;
            default:
        }
        String[] parts = value.split(":", -1);
        if (parts.length != 3) {
            throw ConfigException.at(word.at(), word, "invalid so_keepalive value: \"" + value + "\"");
        }
        long idle = parts[0].isEmpty() ? 0 : Units.seconds(parts[0]);
        long interval = parts[1].isEmpty() ? 0 : Units.seconds(parts[1]);
        int count = parts[2].isEmpty() ? 0 : number("so_keepalive value:", parts[2], word);
        if (idle < 0 || interval < 0 || idle + interval + count == 0) {
            throw ConfigException.at(word.at(), word, "invalid so_keepalive value: \"" + value + "\"");
        }
        return new KeepAlive(true, true, (int) idle, (int) interval, count);
    }
}
