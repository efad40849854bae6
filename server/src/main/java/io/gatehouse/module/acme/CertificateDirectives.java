package io.gatehouse.module.acme;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.tls.acme.AcmeIdentifier;
import io.gatehouse.tls.acme.KeyKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which servers get their certificates by themselves: {@code auto_https}, {@code acme_certificate}. */
final class CertificateDirectives {
    private static final String ZONE = "zone=";
    private static final String KEY = "key=";
    /** As nginx's module, whose zone has eight pages at least. */
    private static final long LEAST_ZONE = 8 * 4096;

    /**
     * What {@code auto_https} says.
     *
     * @param node where it says it; null for the default
     * @param issuers named, in order; empty unless {@code way} is {@link Way#NAMED}
     */
    record AutoHttps(Way way, @Nullable Node node, List<Word> issuers) {
        enum Way {
            OFF,
            /** The local authority for local names, all issuers for others. */
            ON,
            /** The local authority alone. */
            LOCAL,
            NAMED
        }
    }

    /**
     * One {@code acme_certificate}.
     *
     * @param identifiers empty for the names of the server
     */
    record Said(Node node, Word issuer, List<AcmeIdentifier> identifiers, KeyKind key) {}

    static final Directive<AutoHttps> AUTO_HTTPS = directive("auto_https")
            .in(HTTP, SERVER)
            .takes(Arity.AT_LEAST_ONE, CertificateDirectives::autoHttps)
            .byDefault(new AutoHttps(AutoHttps.Way.OFF, null, List.of()), "off")
            .syntax("on | local | issuer ... | off")
            .standing(Standing.OWN, "")
            .says("Gives a server that listens with ssl and has no ssl_certificate certificates by itself, one for"
                    + " each of its names. With on, names that mean something else on every machine (localhost and"
                    + " .localhost, .test, private addresses) get one from the local authority, and others from the"
                    + " issuers of acme_issuer in their order, or from Let's Encrypt if there are none, whose terms"
                    + " of service are accepted by that. With local all come from the local authority, with names of"
                    + " issuers from these, the next one being asked while one keeps failing; letsencrypt and"
                    + " letsencrypt-staging need no acme_issuer.")
            .example("auto_https on;");

    static final Directive<Said> ACME_CERTIFICATE = directive("acme_certificate")
            .in(SERVER)
            .takes(Arity.AT_LEAST_ONE, CertificateDirectives::certificate)
            .inherits(Inheritance.NONE)
            .syntax("issuer [identifier ...] [key=algorithm[:size]]")
            .standing(Standing.EXTENDED, "a server that says it and has no ssl_certificate serves with it by itself")
            .says("Gets a certificate from an issuer for the identifiers, or for the names of the server; it is in"
                    + " $acme_certificate and $acme_certificate_key. A name with a dot before it means itself and www."
                    + " before it. Wildcards and regular expressions cannot be had.")
            .example("acme_certificate letsencrypt example.com www.example.com key=ecdsa:384;");

    static final Directive<String> ACME_SHARED_ZONE = directive("acme_shared_zone")
            .in(HTTP)
            .takes(CertificateDirectives::zone)
            .inherits(Inheritance.NONE)
            .syntax("zone=name:size")
            .standing(Standing.WITHOUT_EFFECT, "there is one process, which needs no shared memory for certificates")
            .says("Sets the size of the memory for certificates, keys and challenges.")
            .example("acme_shared_zone zone=ngx_acme_shared:1m;");

    static final List<Directive<?>> ALL = List.of(AUTO_HTTPS, ACME_CERTIFICATE, ACME_SHARED_ZONE);

    private CertificateDirectives() {}

    private static AutoHttps autoHttps(Use use) {
        AutoHttps.Way way = switch (use.text(0)) {
            case "on" -> AutoHttps.Way.ON;
            case "off" -> AutoHttps.Way.OFF;
            case "local" -> AutoHttps.Way.LOCAL;
            default -> AutoHttps.Way.NAMED;
        };
        for (Word word : use.arguments()) {
            boolean known = List.of("on", "off", "local").contains(word.text());
            if (word.text().isEmpty() || known && use.count() > 1) {
                throw use.error(
                        "invalid value \"" + word.text() + "\" in \"auto_https\" directive",
                        word,
                        "expected on, local or off alone, or names of acme_issuer blocks");
            }
        }
        return new AutoHttps(way, use.node(), way == AutoHttps.Way.NAMED ? List.copyOf(use.arguments()) : List.of());
    }

    private static Said certificate(Use use) {
        Word issuer = use.arguments().get(0);
        if (issuer.text().isEmpty()) {
            throw use.error("\"acme_certificate\" directive \"issuer\" is missing", issuer);
        }
        KeyKind key = KeyKind.ECDSA_256;
        List<AcmeIdentifier> identifiers = new ArrayList<>();
        for (Word word : use.arguments().subList(1, use.count())) {
            if (word.text().startsWith(KEY)) {
                key = key(use, word, word.text().substring(KEY.length()));
            } else if (word.text().isEmpty()) {
                throw use.error("\"acme_certificate\" directive invalid value", word);
            } else {
                identifiers.addAll(Identifiers.of(use.node(), word, "acme_certificate: "));
            }
        }
        return new Said(use.node(), issuer, List.copyOf(identifiers), key);
    }

    private static KeyKind key(Use use, Word word, String text) {
        KeyKind kind = KeyKind.of(text);
        if (kind == null) {
            IssuerDirectives.checkKind(use, word, text);
            throw use.error("\"acme_certificate\" directive invalid \"key\" value", word, IssuerDirectives.KINDS);
        }
        return kind;
    }

    private static String zone(Use use) {
        Word word = use.arguments().get(0);
        String text = word.text();
        if (!text.startsWith(ZONE)) {
            throw use.error(
                    "\"acme_shared_zone\" must have \"zone\" parameter",
                    word,
                    "expected zone=name:size, for example zone=acme:1m");
        }
        String said = text.substring(ZONE.length());
        int colon = said.indexOf(':');
        long size = colon < 0 ? Units.INVALID : Units.size(said.substring(colon + 1));
        if (size == Units.INVALID) {
            throw use.error(
                    "acme_shared_zone: invalid zone size \"" + said + "\"",
                    word,
                    "a size is a number of bytes, or has k or m behind it: 256k, 1m");
        }
        String name = said.substring(0, colon);
        if (size < LEAST_ZONE) {
            throw use.error("acme_shared_zone: zone " + name + " is too small", word, "at least 32k");
        }
        return name;
    }
}
