package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;

/** How an application is reached, how long it may take, and what happens when it fails. */
final class AttemptDirectives {
    private AttemptDirectives() {}

    private static final int OFF = 1 << 30;

    private static final Map<String, Integer> CONDITIONS = Map.ofEntries(
            Map.entry("error", NextUpstream.ERROR),
            Map.entry("timeout", NextUpstream.TIMEOUT),
            Map.entry("invalid_header", NextUpstream.INVALID_HEADER),
            Map.entry("non_idempotent", NextUpstream.NON_IDEMPOTENT),
            Map.entry("http_500", NextUpstream.HTTP_500),
            Map.entry("http_502", NextUpstream.HTTP_502),
            Map.entry("http_503", NextUpstream.HTTP_503),
            Map.entry("http_504", NextUpstream.HTTP_504),
            Map.entry("http_403", NextUpstream.HTTP_403),
            Map.entry("http_404", NextUpstream.HTTP_404),
            Map.entry("http_429", NextUpstream.HTTP_429),
            Map.entry("updating", NextUpstream.UPDATING),
            Map.entry("off", OFF));

    static final Directive<Long> CONNECT_TIMEOUT =
            time("proxy_connect_timeout", "Sets how long establishing a connection to an application may take.");

    static final Directive<Long> SEND_TIMEOUT = time(
            "proxy_send_timeout", "Sets how long an application may take nothing of the request between two writes.");

    static final Directive<Long> READ_TIMEOUT = time(
            "proxy_read_timeout",
            "Sets how long an application may say nothing between two reads; for a WebSocket, how long it may be"
                    + " idle.");

    private static Directive<Long> time(String name, String says) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.MILLIS)
                .byDefault(60_000L, "60s")
                .syntax("time")
                .says(says)
                .example(name + " 75s;");
    }

    static final Directive<Integer> NEXT_UPSTREAM = directive("proxy_next_upstream")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, AttemptDirectives::conditions)
            .again()
            .byDefault(NextUpstream.DEFAULT, "error timeout")
            .syntax("error | timeout | invalid_header | http_500 | http_502 | http_503 | http_504 | http_403 |"
                    + " http_404 | http_429 | non_idempotent | off ...")
            .says("Sets on which failures a request goes to the next peer of the group, as long as nothing of an"
                    + " answer was sent to the client.")
            .example("proxy_next_upstream error timeout http_502;");

    static final Directive<Integer> NEXT_UPSTREAM_TRIES = directive("proxy_next_upstream_tries")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.NUMBER)
            .byDefault(0, "0")
            .syntax("number")
            .says("Sets how many peers a request may be given to; 0 for as many as there are.")
            .example("proxy_next_upstream_tries 2;");

    static final Directive<Long> NEXT_UPSTREAM_TIMEOUT = directive("proxy_next_upstream_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(0L, "0")
            .syntax("time")
            .says("Sets for how long a request may be given to a further peer; 0 for no limit.")
            .example("proxy_next_upstream_timeout 10s;");

    static final Directive<Boolean> IGNORE_CLIENT_ABORT = directive("proxy_ignore_client_abort")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the application may finish although the client has gone; without it the connection"
                    + " to the application is closed at once.")
            .example("proxy_ignore_client_abort on;");

    static final Directive<LocalAddress> BIND = directive("proxy_bind")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 2), AttemptDirectives::bind)
            .syntax("address [transparent] | off")
            .says("Sets the local address that connections to applications come from; with \"transparent\" it may be"
                    + " one that is not this machine's.")
            .example("proxy_bind 127.0.0.2;");

    static final Directive<Boolean> SOCKET_KEEPALIVE = directive("proxy_socket_keepalive")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the system probes idle connections to applications (SO_KEEPALIVE).")
            .example("proxy_socket_keepalive on;");

    static final Directive<Integer> SOCKET_RCVBUF = buffer("proxy_socket_rcvbuf", "receiving from (SO_RCVBUF)");
    static final Directive<Integer> SOCKET_SNDBUF = buffer("proxy_socket_sndbuf", "sending to (SO_SNDBUF)");

    private static Directive<Integer> buffer(String name, String what) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.SIZE)
                .byDefault(0, "0")
                .syntax("size")
                .says("Sets the size of the system's buffer for " + what + " an application; 0 leaves it to the system,"
                        + " which sizes it to the traffic.")
                .example(name + " 128k;");
    }

    static final Directive<Integer> SEND_LOWAT = directive("proxy_send_lowat")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .byDefault(0, "0")
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "the kernel tells when it takes more; nginx ignores it on Linux too")
            .says("Accepted so that files which have it work.")
            .example("proxy_send_lowat 0;");

    static final List<Directive<?>> ALL = List.of(
            CONNECT_TIMEOUT,
            SEND_TIMEOUT,
            READ_TIMEOUT,
            NEXT_UPSTREAM,
            NEXT_UPSTREAM_TRIES,
            NEXT_UPSTREAM_TIMEOUT,
            IGNORE_CLIENT_ABORT,
            BIND,
            SOCKET_KEEPALIVE,
            SOCKET_RCVBUF,
            SOCKET_SNDBUF,
            SEND_LOWAT);

    private static int conditions(Use use) {
        Integer before = use.scope().own(NEXT_UPSTREAM);
        int all = Words.sum(use, CONDITIONS, before);
        return (all & OFF) != 0 || before != null && before == 0 ? 0 : all;
    }

    private static LocalAddress bind(Use use) {
        String text = use.text(0);
        if (use.count() == 1 && text.equals("off")) {
            return LocalAddress.OFF;
        }
        boolean transparent = false;
        if (use.count() == 2) {
            if (!use.text(1).equals("transparent")) {
                throw use.error(
                        "invalid parameter \"" + use.text(1) + "\"",
                        use.arguments().get(1),
                        "expected \"transparent\" or nothing");
            }
            transparent = true;
        }
        if (use.hasVariables(text)) {
            return new LocalAddress(null, use.template(use.arguments().get(0)), transparent);
        }
        SocketAddress address = LocalAddress.parse(text);
        if (address == null) {
            throw use.error("invalid address \"" + text + "\"", use.arguments().get(0));
        }
        return new LocalAddress(address, null, transparent);
    }
}
