package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.CoreSettings.ErrorPage;
import io.gatehouse.exchange.CoreSettings.IfModifiedSince;
import io.gatehouse.exchange.CoreSettings.ServerTokens;
import io.gatehouse.exchange.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What answers say and how errors are answered. */
final class AnswerDirectives {
    private AnswerDirectives() {}

    static final Directive<List<List<ErrorPage>>> ERROR_PAGE = directive("error_page")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF)
            .takesEach(new Arity(2, Arity.MANY), AnswerDirectives::errorPage)
            .syntax("code ... [=[response]] uri")
            .says("Sets the URI, named location or URL that answers in place of an error; with = its status is"
                    + " answered, with =200 that one.")
            .example("error_page 502 504 /sorry.html;");

    static final Directive<Boolean> RECURSIVE_ERROR_PAGES = flag("recursive_error_pages", false)
            .says("Sets whether an error while answering an error leads to another error_page.")
            .example("recursive_error_pages on;");

    static final Directive<ServerTokens> SERVER_TOKENS = directive("server_tokens")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of("on", ServerTokens.ON, "off", ServerTokens.OFF, "build", ServerTokens.BUILD)))
            .byDefault(ServerTokens.ON, "on")
            .syntax("on | off | build")
            .says("Sets whether the Server field and error pages tell the version.")
            .example("server_tokens off;");

    static final Directive<Boolean> ABSOLUTE_REDIRECT = flag("absolute_redirect", true)
            .says("Sets whether redirects made here name scheme and host.")
            .example("absolute_redirect off;");

    static final Directive<Boolean> SERVER_NAME_IN_REDIRECT = flag("server_name_in_redirect", false)
            .says("Sets whether redirects made here name the server's primary name rather than the host that was"
                    + " asked for.")
            .example("server_name_in_redirect on;");

    static final Directive<Boolean> PORT_IN_REDIRECT = flag("port_in_redirect", true)
            .says("Sets whether redirects made here name the port.")
            .example("port_in_redirect off;");

    static final Directive<Boolean> CHUNKED_TRANSFER_ENCODING = flag("chunked_transfer_encoding", true)
            .says("Sets whether answers of unknown length are chunked for HTTP/1.1 clients; without it the end of"
                    + " the connection ends them.")
            .example("chunked_transfer_encoding off;");

    static final Directive<Boolean> LOG_NOT_FOUND = flag("log_not_found", true)
            .says("Sets whether files that are not found are told in the error log.")
            .example("log_not_found off;");

    static final Directive<Boolean> LOG_SUBREQUEST = flag("log_subrequest", false)
            .says("Sets whether subrequests stand in the access log.")
            .example("log_subrequest on;");

    static final Directive<Boolean> ETAG = flag("etag", true)
            .says("Sets whether static files are answered with an ETag.")
            .example("etag off;");

    static final Directive<IfModifiedSince> IF_MODIFIED_SINCE = directive("if_modified_since")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of(
                    "off", IfModifiedSince.OFF, "exact", IfModifiedSince.EXACT, "before", IfModifiedSince.BEFORE)))
            .byDefault(IfModifiedSince.EXACT, "exact")
            .syntax("off | exact | before")
            .says("Sets how the time in If-Modified-Since is compared with the time of an answer.")
            .example("if_modified_since before;");

    static final Directive<Integer> MAX_RANGES = directive("max_ranges")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.NUMBER)
            .byDefault(Integer.MAX_VALUE, "")
            .syntax("number")
            .says("Sets how many byte ranges one request may ask for; 0 turns ranges off.")
            .example("max_ranges 10;");

    static final Directive<Boolean> SATISFY_ANY = directive("satisfy")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of("all", false, "any", true)))
            .byDefault(false, "all")
            .syntax("all | any")
            .says("Sets whether a client must satisfy all rules of access or any of them.")
            .example("satisfy any;");

    static final Directive<Long> AUTH_DELAY = directive("auth_delay")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(0L, "0s")
            .syntax("time")
            .says("Sets how long a request that is answered 401 waits for its answer, so that passwords cannot be"
                    + " guessed fast, nor by the time that a guess takes.")
            .example("auth_delay 1s;");

    static final Directive<Boolean> INTERNAL = directive("internal")
            .in(LOCATION)
            .takes(Arity.NONE, use -> true)
            .byDefault(false, "")
            .says("Keeps a location for internal redirects; a client that asks for it itself is answered 404.")
            .example("internal;");

    static final Directive<Boolean> MSIE_PADDING = ignored("msie_padding", "browsers that needed it are gone");
    static final Directive<Boolean> MSIE_REFRESH = ignored("msie_refresh", "browsers that needed it are gone");

    static final List<Directive<?>> ALL = List.of(
            ERROR_PAGE,
            RECURSIVE_ERROR_PAGES,
            SERVER_TOKENS,
            ABSOLUTE_REDIRECT,
            SERVER_NAME_IN_REDIRECT,
            PORT_IN_REDIRECT,
            CHUNKED_TRANSFER_ENCODING,
            LOG_NOT_FOUND,
            LOG_SUBREQUEST,
            ETAG,
            IF_MODIFIED_SINCE,
            MAX_RANGES,
            SATISFY_ANY,
            AUTH_DELAY,
            INTERNAL,
            MSIE_PADDING,
            MSIE_REFRESH);

    private static Directive.Declaration<Boolean> flag(String name, boolean byDefault) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.FLAG)
                .byDefault(byDefault, byDefault ? "on" : "off")
                .syntax("on | off");
    }

    private static Directive<Boolean> ignored(String name, String why) {
        return flag(name, false)
                .standing(Standing.WITHOUT_EFFECT, why)
                .says("Accepted so that files which have it work.")
                .example(name + " on;");
    }

    private static List<ErrorPage> errorPage(Use use) {
        int last = use.count() - 1;
        Word target = use.arguments().get(last);
        int overwrite = -1;
        if (use.text(last - 1).startsWith("=")) {
            overwrite = overwrite(use, use.arguments().get(last - 1));
            last--;
            if (last == 0) {
                throw use.error("invalid number of arguments in \"error_page\" directive");
            }
        }
        Template uri = use.template(target);
        Template arguments = null;
        if (target.text().startsWith("/") && !use.hasVariables(target.text())) {
            int mark = target.text().indexOf('?');
            if (mark >= 0) {
                uri = Template.constant(target.text().substring(0, mark));
                arguments = Template.constant(target.text().substring(mark + 1));
            }
        }
        List<ErrorPage> pages = new ArrayList<>();
        for (Word word : use.arguments().subList(0, last)) {
            int status = status(use, word);
            if (status == 499) {
                throw use.error("invalid value \"" + word.text() + "\"", word);
            }
            int answered = overwrite;
            if (overwrite < 0 && (status == 494 || status == 495 || status == 496 || status == 497)) {
                answered = 400;
            }
            pages.add(new ErrorPage(status, answered, uri, arguments));
        }
        return pages;
    }

    private static int overwrite(Use use, Word word) {
        if (word.text().length() == 1) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(word.text().substring(1));
        } catch (NumberFormatException e) {
            throw use.error("invalid value \"" + word.text() + "\"", word);
        }
    }

    private static int status(Use use, Word word) {
        int status = -1;
        try {
            status = Integer.parseInt(word.text());
        } catch (NumberFormatException e) {
            // told below
        }
        if (status < 0) {
            throw use.error("invalid value \"" + word.text() + "\"", word);
        }
        if (status < 300 || status > 599) {
            throw use.error("value \"" + word.text() + "\" must be between 300 and 599", word);
        }
        return status;
    }
}
