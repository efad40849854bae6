package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.tls.ocsp.StatusCache;
import io.gatehouse.zone.ZoneNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What authorities say of clients' certificates while they are valid (OCSP, RFC 6960). */
final class OcspDirectives {
    private static final String SHARED = "shared:";
    private static final int LEAST = 8 * 4096;

    /** Which certificates are asked about. */
    enum Asked {
        NONE,
        LEAF,
        ALL
    }

    static final Directive<Asked> SSL_OCSP = directive("ssl_ocsp")
            .in(HTTP, SERVER)
            .takes(Arguments.oneOf(Map.of("off", Asked.NONE, "leaf", Asked.LEAF, "on", Asked.ALL)))
            .byDefault(Asked.NONE, "off")
            .syntax("on | leaf | off")
            .says("Sets whether the responders that clients' certificates name are asked whether those are still good;"
                    + " with leaf only about the client's own, with on also about those of authorities on the way to"
                    + " the root. The first request waits for the answer. If it is bad, or there is none, requests"
                    + " are answered 495, which the client sees as 400, and $ssl_client_verify tells why. A name of a"
                    + " responder is looked up by resolver.")
            .example("ssl_ocsp leaf;");

    static final Directive<Responder> SSL_OCSP_RESPONDER = directive("ssl_ocsp_responder")
            .in(HTTP, SERVER)
            .takes(Responder::of)
            .syntax("url")
            .says("Names the responder to ask about clients' certificates, instead of those that they name; http://"
                    + " only.")
            .example("ssl_ocsp_responder http://127.0.0.1/;");

    static final Directive<Optional<StatusCache>> SSL_OCSP_CACHE = directive("ssl_ocsp_cache")
            .in(HTTP, SERVER)
            .takes(OcspDirectives::cache)
            .byDefault(Optional.empty(), "off")
            .syntax("off | shared:name:size")
            .says("Sets where answers of responders about clients' certificates are kept as long as they hold, for"
                    + " every server that names it, also over a reload; a megabyte holds about 4,000.")
            .example("ssl_ocsp_cache shared:OCSP:1m;");

    static final List<Directive<?>> ALL = List.of(SSL_OCSP, SSL_OCSP_RESPONDER, SSL_OCSP_CACHE);

    private OcspDirectives() {}

    private static Optional<StatusCache> cache(Use use) {
        Word word = use.arguments().get(0);
        String text = word.text();
        if (text.equals("off")) {
            return Optional.empty();
        }
        int colon = text.indexOf(':', SHARED.length());
        long size = colon < 0 ? -1 : Units.size(text.substring(colon + 1));
        if (!text.startsWith(SHARED) || colon <= SHARED.length() || size < 0) {
            throw use.error("invalid OCSP cache \"" + text + "\"", word, "expected off or shared:name:size");
        }
        if (size < LEAST) {
            throw use.error("OCSP cache \"" + text + "\" is too small", word, "the least is 32k");
        }
        String name = text.substring(SHARED.length(), colon);
        ZoneNames.note(use, word, "ssl_ocsp_cache", name, size);
        StatusCache.Identity identity = new StatusCache.Identity(name, size);
        return Optional.of(use.carried(identity, () -> new StatusCache(identity)));
    }
}
