package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.CoreSettings.KeepaliveDisable;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Template;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How connections to clients are kept, limited and closed. */
final class ConnectionDirectives {
    private ConnectionDirectives() {}

    /** {@code timeout [header_timeout]}: milliseconds and seconds; 0 seconds for no Keep-Alive field. */
    record KeepaliveTimeout(long millis, long headerSeconds) {}

    static final Directive<KeepaliveTimeout> KEEPALIVE_TIMEOUT = directive("keepalive_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 2), use -> {
                List<Word> words = use.arguments();
                return new KeepaliveTimeout(
                        Arguments.millis(use, words.get(0)),
                        words.size() == 2 ? Arguments.seconds(use, words.get(1)) : 0);
            })
            .byDefault(new KeepaliveTimeout(75_000, 0), "75s")
            .syntax("timeout [header_timeout]")
            .says("Sets how long a connection stays open between two requests; 0 closes it after each. The second"
                    + " argument is told to clients in a Keep-Alive field.")
            .example("keepalive_timeout 65s;");

    static final Directive<Long> KEEPALIVE_MIN_TIMEOUT = directive("keepalive_min_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(0L, "0")
            .syntax("time")
            .says("Sets how long a connection stays open between two requests even while the server shuts down.")
            .example("keepalive_min_timeout 1s;");

    static final Directive<Integer> KEEPALIVE_REQUESTS = directive("keepalive_requests")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.NUMBER)
            .byDefault(1000, "1000")
            .syntax("number")
            .says("Sets how many requests one connection may carry.")
            .example("keepalive_requests 10000;");

    static final Directive<Long> KEEPALIVE_TIME = directive("keepalive_time")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(3_600_000L, "1h")
            .syntax("time")
            .says("Sets how long one connection may carry requests; it is closed after the next one.")
            .example("keepalive_time 30m;");

    static final Directive<Set<KeepaliveDisable>> KEEPALIVE_DISABLE = directive("keepalive_disable")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 2), ConnectionDirectives::oldBrowsers)
            .again()
            .byDefault(EnumSet.of(KeepaliveDisable.MSIE6), "msie6")
            .syntax("none | browser ...")
            .says("Sets for which old browsers connections are not kept open.")
            .example("keepalive_disable none;");

    static final Directive<LingeringClose> LINGERING_CLOSE = directive("lingering_close")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(
                    Map.of("off", LingeringClose.OFF, "on", LingeringClose.ON, "always", LingeringClose.ALWAYS)))
            .byDefault(LingeringClose.ON, "on")
            .syntax("off | on | always")
            .says("Sets whether what a client still sends is read for a while before its connection is closed, so"
                    + " that it gets to see the answer.")
            .example("lingering_close always;");

    static final Directive<Long> LINGERING_TIME = directive("lingering_time")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(30_000L, "30s")
            .syntax("time")
            .says("Sets how long a client's further data is read at most before its connection is closed.")
            .example("lingering_time 10s;");

    static final Directive<Long> LINGERING_TIMEOUT = directive("lingering_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(5_000L, "5s")
            .syntax("time")
            .says("Sets how long a client may send nothing while its further data is read before the connection is"
                    + " closed.")
            .example("lingering_timeout 2s;");

    static final Directive<Long> SEND_TIMEOUT = directive("send_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(60_000L, "60s")
            .syntax("time")
            .says("Sets how long a client may take nothing of an answer before its connection is closed.")
            .example("send_timeout 30s;");

    static final Directive<Boolean> RESET_TIMEDOUT_CONNECTION = directive("reset_timedout_connection")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether connections that timed out are reset rather than closed.")
            .example("reset_timedout_connection on;");

    static final Directive<Boolean> TCP_NODELAY = directive("tcp_nodelay")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets TCP_NODELAY on connections.")
            .example("tcp_nodelay on;");

    static final Directive<Template> LIMIT_RATE = directive("limit_rate")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF)
            .takes(ConnectionDirectives::sizeOrText)
            .syntax("rate")
            .says("Sets how many bytes of an answer a client gets each second; 0 for no limit.")
            .example("limit_rate 500k;");

    static final Directive<Template> LIMIT_RATE_AFTER = directive("limit_rate_after")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF)
            .takes(ConnectionDirectives::sizeOrText)
            .syntax("size")
            .says("Sets how much of an answer is sent before limit_rate applies.")
            .example("limit_rate_after 1m;");

    static final List<Directive<?>> ALL = List.of(
            KEEPALIVE_TIMEOUT,
            KEEPALIVE_MIN_TIMEOUT,
            KEEPALIVE_REQUESTS,
            KEEPALIVE_TIME,
            KEEPALIVE_DISABLE,
            LINGERING_CLOSE,
            LINGERING_TIME,
            LINGERING_TIMEOUT,
            SEND_TIMEOUT,
            RESET_TIMEDOUT_CONNECTION,
            TCP_NODELAY,
            LIMIT_RATE,
            LIMIT_RATE_AFTER);

    /** A size, or text with variables, whose value is known only for a request. */
    private static Template sizeOrText(Use use) {
        Word word = use.arguments().get(0);
        if (!use.hasVariables(word.text())) {
            Arguments.size(use, word);
        }
        return use.template(word);
    }

    private static Set<KeepaliveDisable> oldBrowsers(Use use) {
        Set<KeepaliveDisable> all = use.scope().soFar(KEEPALIVE_DISABLE, KeepaliveDisable.class);
        for (Word word : use.arguments()) {
            KeepaliveDisable browser = switch (word.text()) {
                case "none" -> KeepaliveDisable.NONE;
                case "msie6" -> KeepaliveDisable.MSIE6;
                case "safari" -> KeepaliveDisable.SAFARI;
                default ->
                    throw use.error(
                            "invalid value \"" + word.text() + "\"", word, "expected one of: none, msie6, safari");
            };
            if (!all.add(browser)) {
                use.warn("duplicate value \"" + word.text() + "\"");
            }
        }
        return all;
    }
}
