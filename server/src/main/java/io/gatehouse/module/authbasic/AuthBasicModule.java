package io.gatehouse.module.authbasic;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LIMIT_EXCEPT;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import java.util.List;

/** {@code auth_basic}. */
public final class AuthBasicModule implements Module {
    private static final Directive<Template> AUTH_BASIC = directive("auth_basic")
            .in(HTTP, SERVER, LOCATION, LIMIT_EXCEPT)
            .takes(Arguments.TEMPLATE)
            .syntax("realm | off")
            .says("Asks for a user and a password (RFC 7617) that auth_basic_user_file knows, with the name of the"
                    + " realm; \"off\" ends that for a place within.")
            .example("auth_basic \"closed site\";");

    private static final Directive<Template> AUTH_BASIC_USER_FILE = directive("auth_basic_user_file")
            .in(HTTP, SERVER, LOCATION, LIMIT_EXCEPT)
            .takes(Arguments.TEMPLATE)
            .syntax("file")
            .says("Sets the file of users: a line each, user:password, the password as htpasswd or crypt(3) write it"
                    + " ($apr1$, bcrypt, SHA-512 and the others of this system) or behind {PLAIN}, {SHA} or {SSHA}."
                    + " A relative path is one under the folder of the"
                    + " configuration. The file is read for each request, so that changes count at once.")
            .example("auth_basic_user_file /etc/nginx/htpasswd;");

    @Override
    public String name() {
        return "auth_basic";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(AUTH_BASIC, AUTH_BASIC_USER_FILE);
    }

    @Override
    public void build(LocationBuild place) {
        Template realm = place.find(AUTH_BASIC);
        Template file = place.find(AUTH_BASIC_USER_FILE);
        if (realm != null && file != null && !"off".equals(realm.constant())) {
            place.access(new AuthBasic(
                    realm, file, Exchange.octets(place.paths().conf().toString()) + "/"));
        }
    }
}
