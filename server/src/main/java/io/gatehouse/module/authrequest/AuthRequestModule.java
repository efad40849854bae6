package io.gatehouse.module.authrequest;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Variable;
import io.gatehouse.module.authrequest.AuthRequest.Assignment;
import java.util.List;
import java.util.Objects;

/** {@code auth_request}. */
public final class AuthRequestModule implements Module {
    private static final Directive<String> AUTH_REQUEST = directive("auth_request")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEXT)
            .syntax("uri | off")
            .says("Lets a request in if a subrequest to the URI is answered 2xx; 401 and 403 are passed on, anything"
                    + " else is answered 500. The subrequest is a GET without a body and has the client's fields.")
            .example("auth_request /auth;");

    private static final Directive<List<Assignment>> AUTH_REQUEST_SET = directive("auth_request_set")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(2, 2), AuthRequestModule::set)
            .syntax("$variable value")
            .says("Sets a variable when the subrequest of auth_request is over; the value may have variables of the"
                    + " subrequest, such as $upstream_http_x_user.")
            .example("auth_request_set $user $upstream_http_x_user;");

    @Override
    public String name() {
        return "auth_request";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(AUTH_REQUEST, AUTH_REQUEST_SET);
    }

    @Override
    public void build(LocationBuild place) {
        String uri = place.find(AUTH_REQUEST);
        if (uri != null && !uri.isEmpty() && !uri.equals("off")) {
            Assignment[] set = place.findOr(AUTH_REQUEST_SET, List.of()).toArray(new Assignment[0]);
            place.access(new AuthRequest(uri, set));
        }
    }

    private static Assignment set(Use use) {
        Word target = use.arguments().get(0);
        if (!target.text().startsWith("$") || target.text().length() == 1) {
            throw use.error(
                    "invalid variable name \"" + target.text() + "\"", target, "the name of a variable begins with $");
        }
        String name = target.text().substring(1);
        if (use.changeable(name) == null) {
            use.defineSlot(name, target);
        }
        Variable variable = Objects.requireNonNull(use.changeable(name));
        return new Assignment(variable, use.template(use.arguments().get(1)));
    }
}
