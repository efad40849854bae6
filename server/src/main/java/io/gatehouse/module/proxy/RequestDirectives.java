package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.proxy.RequestHead.SetHeader;
import java.util.List;
import java.util.Map;

/** What a request to an application is made of. */
final class RequestDirectives {
    private RequestDirectives() {}

    static final Directive<Integer> HTTP_VERSION = directive("proxy_http_version")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of("1.0", 10, "1.1", 11)))
            .byDefault(11, "1.1")
            .syntax("1.0 | 1.1")
            .says("Sets the version of HTTP that applications are asked in; with 1.0 every request has a connection"
                    + " of its own.")
            .example("proxy_http_version 1.1;");

    static final Directive<Template> METHOD = directive("proxy_method")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("method")
            .says("Sets the method of requests to the application, in place of the client's.")
            .example("proxy_method POST;");

    static final Directive<List<SetHeader>> SET_HEADER = directive("proxy_set_header")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(
                    new Arity(2, 2),
                    use -> new SetHeader(
                            use.text(0), use.template(use.arguments().get(1))))
            .syntax("field value")
            .standing(
                    Standing.EXTENDED,
                    "connections are also kept where Connection is set to \"upgrade\" and the client did not ask for"
                            + " one; Content-Length and Transfer-Encoding say what is sent whatever is set, but can be"
                            + " left out where there is no body; Host is never left out of HTTP/1.1")
            .says("Sets a field of requests to the application, in place of the client's; an empty value leaves it"
                    + " out. A level that sets one inherits none.")
            .example("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;");

    static final Directive<Boolean> PASS_REQUEST_HEADERS = directive("proxy_pass_request_headers")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether the client's fields are passed on.")
            .example("proxy_pass_request_headers off;");

    static final Directive<Boolean> PASS_REQUEST_BODY = directive("proxy_pass_request_body")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .standing(
                    Standing.EXTENDED,
                    "Content-Length then says 0, where nginx passes on what the client said of the body unless it is"
                            + " set to nothing")
            .says("Sets whether the client's body is passed on.")
            .example("proxy_pass_request_body off;");

    static final Directive<Template> SET_BODY = directive("proxy_set_body")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("value")
            .says("Sets the body of requests to the application, in place of the client's.")
            .example("proxy_set_body $request_body;");

    static final Directive<Boolean> REQUEST_BUFFERING = directive("proxy_request_buffering")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether a request's body is read whole before the application is asked; without it the body"
                    + " is passed on as it comes, and the request cannot go to another peer once some of it was"
                    + " sent.")
            .example("proxy_request_buffering off;");

    static final List<Directive<?>> ALL = List.of(
            HTTP_VERSION, METHOD, SET_HEADER, PASS_REQUEST_HEADERS, PASS_REQUEST_BODY, SET_BODY, REQUEST_BUFFERING);
}
