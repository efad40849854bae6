package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.LIMIT_EXCEPT;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Template;
import io.gatehouse.upstream.HostUrl;
import io.gatehouse.upstream.UpstreamGroup;
import io.gatehouse.upstream.Upstreams;
import org.jspecify.annotations.Nullable;

/** {@code proxy_pass}. */
final class PassDirective {
    private PassDirective() {}

    /**
     * One use.
     *
     * @param template with variables, else null
     * @param url without variables, else null
     */
    record Pass(
            Node node,
            Word at,
            @Nullable Template template,
            @Nullable HostUrl url) {}

    static final Directive<Pass> PROXY_PASS = directive("proxy_pass")
            .in(LOCATION, LOCATION_IF, LIMIT_EXCEPT)
            .takes(Arity.ONE, PassDirective::read)
            .inherits(Inheritance.NONE)
            .syntax("URL")
            .says("Passes requests on to an application, with https:// over TLS: a host or the name of an upstream"
                    + " block, or a unix socket (http://unix:/path:), with or without a URI; a URI takes the place"
                    + " of the location's prefix.")
            .example("proxy_pass http://127.0.0.1:3100;");

    private static Pass read(Use use) {
        Word word = use.arguments().get(0);
        String text = word.text();
        if (use.hasVariables(text)) {
            return new Pass(use.node(), word, use.template(word), null);
        }
        int scheme = ProxyTarget.schemeLength(text);
        if (scheme == 0) {
            throw use.error("invalid URL prefix", word, "expected http:// or https:// at its beginning");
        }
        String behind = text.substring(scheme);
        try {
            return new Pass(use.node(), word, null, HostUrl.parse(behind, ProxyTarget.usualPort(scheme), true));
        } catch (HostUrl.Malformed e) {
            throw use.error(e.getMessage() + " in upstream \"" + behind + "\"", word);
        }
    }

    /** What a use at this place passes to; asks for the addresses of a name that is no block's. */
    static ProxyTarget target(LocationBuild place, Pass pass, Upstreams upstreams) {
        HostUrl url = pass.url();
        String written = pass.at().text();
        if (url == null) {
            return new ProxyTarget(written, pass.template(), null, "");
        }
        boolean noPrefix = place.kind() == Location.Kind.NAMED
                || place.kind() == Location.Kind.IF
                || place.kind() == Location.Kind.LIMIT_EXCEPT
                || place.isRegex();
        if (noPrefix && !url.uri().isEmpty()) {
            throw ConfigException.at(
                            pass.node(),
                            pass.at(),
                            "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside"
                                    + " named location, or inside \"if\" statement, or inside \"limit_except\" block")
                    .withHint("leave out \"" + url.uri() + "\" behind the host, or rewrite the URI before");
        }
        String scheme = written.substring(0, ProxyTarget.schemeLength(written));
        ProxyTarget.Place fixed = ProxyTarget.Place.of(scheme, url, group(pass, url, upstreams), false);
        return new ProxyTarget(written, null, fixed, noPrefix ? "" : place.name());
    }

    private static UpstreamGroup group(Pass pass, HostUrl url, Upstreams upstreams) {
        UpstreamGroup block = url.isUnix() ? null : upstreams.block(url.host());
        if (block != null) {
            if (url.hasPort()) {
                throw ConfigException.at(
                        pass.node(), pass.at(), "upstream \"" + url.host() + "\" may not have port " + url.port());
            }
            return block;
        }
        try {
            return upstreams.implied(url);
        } catch (HostUrl.Malformed e) {
            throw ConfigException.at(pass.node(), pass.at(), e.getMessage() + " in upstream \"" + url.host() + "\"")
                    .withHint("neither DNS nor an upstream block of this file knows \"" + url.host() + "\"");
        }
    }
}
