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
import io.gatehouse.exchange.Template;
import java.util.List;
import java.util.Map;

/** What of an application's answer reaches the client. */
final class AnswerDirectives {
    private AnswerDirectives() {}

    private static final Map<String, Integer> IGNORED = Map.of(
            "X-Accel-Redirect", AnswerRules.IGNORE_REDIRECT,
            "X-Accel-Expires", AnswerRules.IGNORE_EXPIRES,
            "X-Accel-Limit-Rate", AnswerRules.IGNORE_LIMIT_RATE,
            "X-Accel-Buffering", AnswerRules.IGNORE_BUFFERING,
            "X-Accel-Charset", AnswerRules.IGNORE_CHARSET,
            "Expires", 1 << 5,
            "Cache-Control", 1 << 6,
            "Set-Cookie", 1 << 7,
            "Vary", 1 << 8);

    static final Directive<List<String>> HIDE_HEADER = directive("proxy_hide_header")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(Arity.ONE, Arguments.TEXT)
            .syntax("field")
            .says("Names a field of the application's answer that is not passed on, besides Date, Server, X-Pad and"
                    + " X-Accel-*.")
            .example("proxy_hide_header X-Powered-By;");

    static final Directive<List<String>> PASS_HEADER = directive("proxy_pass_header")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(Arity.ONE, Arguments.TEXT)
            .syntax("field")
            .says("Names a field of the application's answer that is passed on although it would not be.")
            .example("proxy_pass_header Server;");

    static final Directive<Integer> IGNORE_HEADERS = directive("proxy_ignore_headers")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, AnswerDirectives::ignored)
            .again()
            .byDefault(0, "")
            .syntax("field ...")
            .says("Names fields of the application's answer that are not obeyed: X-Accel-Redirect,"
                    + " X-Accel-Limit-Rate, X-Accel-Buffering, X-Accel-Charset; Expires, Cache-Control,"
                    + " Set-Cookie, Vary and X-Accel-Expires matter to a cache.")
            .example("proxy_ignore_headers X-Accel-Redirect X-Accel-Buffering;");

    static final Directive<Boolean> INTERCEPT_ERRORS = directive("proxy_intercept_errors")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether an answer with a status of 300 or more is replaced by the error_page for that"
                    + " status, if there is one.")
            .example("proxy_intercept_errors on;");

    static final Directive<Boolean> FORCE_RANGES = directive("proxy_force_ranges")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether byte ranges are cut out of answers here, whatever the application says of them.")
            .example("proxy_force_ranges on;");

    static final Directive<Boolean> PASS_TRAILERS = directive("proxy_pass_trailers")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether fields behind the body of an answer are passed on.")
            .example("proxy_pass_trailers on;");

    static final Directive<List<Template>> EARLY_HINTS = directive("early_hints")
            .in(HTTP, SERVER, LOCATION)
            .takes(
                    Arity.AT_LEAST_ONE,
                    use -> use.arguments().stream().map(use::template).toList())
            .byDefault(List.of(), "")
            .syntax("string ...")
            .says("Sets when early hints (103) of an application are passed on: if one of the values is neither"
                    + " empty nor 0.")
            .example("early_hints $http_sec_fetch_mode;");

    private static final String NO_CACHE =
            "answers are not cached here yet, so that every request goes to the application";

    static final Directive<Boolean> CACHE_BYPASS = directive("proxy_cache_bypass")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, use -> {
                use.arguments().forEach(use::template);
                return true;
            })
            .again()
            .syntax("string ...")
            .standing(Standing.WITHOUT_EFFECT, NO_CACHE)
            .says("Accepted so that files which have it work.")
            .example("proxy_cache_bypass $http_upgrade;");

    static final Directive<Boolean> NO_CACHE_IF = directive("proxy_no_cache")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, use -> {
                use.arguments().forEach(use::template);
                return true;
            })
            .again()
            .syntax("string ...")
            .standing(Standing.WITHOUT_EFFECT, NO_CACHE)
            .says("Accepted so that files which have it work.")
            .example("proxy_no_cache $cookie_session;");

    static final Directive<Boolean> CACHE = directive("proxy_cache")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> {
                if (!use.text(0).equals("off")) {
                    throw use.error(
                            "\"proxy_cache\" zone \"" + use.text(0) + "\" is unknown",
                            use.arguments().get(0),
                            "there is no cache in this version; leave the line out or write \"off\"");
                }
                return true;
            })
            .syntax("off")
            .standing(Standing.WITHOUT_EFFECT, NO_CACHE + "; a zone is refused")
            .says("Accepted so that files which turn it off work.")
            .example("proxy_cache off;");

    static final List<Directive<?>> ALL = List.of(
            HIDE_HEADER,
            PASS_HEADER,
            IGNORE_HEADERS,
            INTERCEPT_ERRORS,
            FORCE_RANGES,
            PASS_TRAILERS,
            EARLY_HINTS,
            CACHE_BYPASS,
            NO_CACHE_IF,
            CACHE);

    private static int ignored(Use use) {
        return Words.sum(use, IGNORED, use.scope().own(IGNORE_HEADERS));
    }
}
