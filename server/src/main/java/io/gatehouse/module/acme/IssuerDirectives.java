package io.gatehouse.module.acme;

import static io.gatehouse.config.directive.Context.ACME_ISSUER;
import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Directive.directive;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.PemSource;
import io.gatehouse.tls.acme.AcmeIssuer.AccountKey;
import io.gatehouse.tls.acme.AcmeIssuer.ExternalAccount;
import io.gatehouse.tls.acme.AcmeIssuer.Profile;
import io.gatehouse.tls.acme.ChallengeType;
import io.gatehouse.tls.acme.KeyKind;
import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code acme_issuer} and what stands in its block. */
final class IssuerDirectives {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final String DATA = "data:";
    static final String KINDS = "expected one of: ecdsa:256, ecdsa:384, ecdsa:521, rsa:2048, rsa:3072, rsa:4096";

    static final Directive<List<IssuerBlock>> ACME_ISSUER_BLOCK = directive("acme_issuer")
            .in(HTTP)
            .takesEach(Arity.ONE, IssuerDirectives::issuer)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("name")
            .standing(
                    Standing.EXTENDED,
                    "auto_https can name it too. Its names are looked up by the system's resolver: it needs no"
                            + " resolver directive")
            .says("Defines an authority that certificates are got from by itself (ACME, RFC 8555).")
            .example("acme_issuer letsencrypt {\n    uri https://acme-v02.api.letsencrypt.org/directory;\n"
                    + "    accept_terms_of_service;\n}");

    static final Directive<URI> DIRECTORY_URI = directive("uri")
            .in(ACME_ISSUER)
            .takes(IssuerDirectives::directory)
            .inherits(Inheritance.NONE)
            .syntax("address")
            .says("Sets where the authority's directory is; every authority tells its own.")
            .example("uri https://acme.example.com/directory;");

    static final Directive<AccountKey> ACCOUNT_KEY = directive("account_key")
            .in(ACME_ISSUER)
            .takes(IssuerDirectives::accountKey)
            .inherits(Inheritance.NONE)
            .byDefault(new AccountKey.Made(KeyKind.ECDSA_256), "ecdsa:256")
            .syntax("ecdsa[:256 | :384 | :521] | rsa[:2048 | :3072 | :4096] | file")
            .says("Sets of which kind the key of the account is made, which the state folder then keeps, or names the"
                    + " file of one that is there.")
            .example("account_key rsa:4096;");

    static final Directive<ChallengeType> CHALLENGE = directive("challenge")
            .in(ACME_ISSUER)
            .takes(IssuerDirectives::challenge)
            .inherits(Inheritance.NONE)
            .syntax("http-01 | tls-alpn-01")
            .standing(
                    Standing.EXTENDED,
                    "where it is not said and the file listens on port 443 with TLS, but nowhere on port 80, it is"
                            + " tls-alpn-01; else http-01, as in nginx")
            .says("Sets how names are shown to be this server's: the authority asks port 80 for a file (http-01), or"
                    + " port 443 for a certificate of its own kind (tls-alpn-01).")
            .example("challenge tls-alpn-01;");

    static final Directive<Boolean> COMMON_NAME_IN_CSR = directive("common_name_in_csr")
            .in(ACME_ISSUER)
            .takes(Arguments.FLAG)
            .inherits(Inheritance.NONE)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the first name stands as common name in requests for certificates too; some"
                    + " authorities refuse that.")
            .example("common_name_in_csr on;");

    static final Directive<List<URI>> CONTACT = directive("contact")
            .in(ACME_ISSUER)
            .takesEach(Arity.ONE, IssuerDirectives::contact)
            .inherits(Inheritance.NONE)
            .syntax("address")
            .says("Tells the authority whom to write to; mailto: may be left out. May be used several times.")
            .example("contact admin@example.com;");

    static final Directive<ExternalAccount> EXTERNAL_ACCOUNT_KEY = directive("external_account_key")
            .in(ACME_ISSUER)
            .takes(new Arity(2, 2), IssuerDirectives::externalAccount)
            .inherits(Inheritance.NONE)
            .syntax("id file | data:key")
            .says("Ties the account to one that one has with the authority already (RFC 8555, 7.3.4), by the identifier"
                    + " and the key in base64url that it gave.")
            .example("external_account_key kid-1 /etc/gatehouse/eab.key;");

    static final Directive<String> PREFERRED_CHAIN = directive("preferred_chain")
            .in(ACME_ISSUER)
            .takes(Arguments.TEXT)
            .inherits(Inheritance.NONE)
            .syntax("name")
            .says("Chooses among the chains that the authority offers the one whose topmost certificate is issued by"
                    + " that common name; the first one if there is none.")
            .example("preferred_chain \"ISRG Root X1\";");

    static final Directive<Profile> PROFILE = directive("profile")
            .in(ACME_ISSUER)
            .takes(new Arity(1, 2), IssuerDirectives::profile)
            .inherits(Inheritance.NONE)
            .syntax("name [require]")
            .says("Asks for a kind of certificate that the authority offers, for example shortlived for one of six"
                    + " days. With require there is none if the authority has no such kind.")
            .example("profile shortlived require;");

    static final Directive<List<X509Certificate>> SSL_TRUSTED_CERTIFICATE = directive("ssl_trusted_certificate")
            .in(ACME_ISSUER)
            .takes(IssuerDirectives::trusted)
            .inherits(Inheritance.NONE)
            .syntax("file")
            .says("Names the certificates in PEM by which the authority's own is verified; without it those that the"
                    + " system trusts.")
            .example("ssl_trusted_certificate /etc/gatehouse/acme-root.pem;");

    static final Directive<Boolean> SSL_VERIFY = directive("ssl_verify")
            .in(ACME_ISSUER)
            .takes(Arguments.FLAG)
            .inherits(Inheritance.NONE)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether the authority's own certificate is verified.")
            .example("ssl_verify off;");

    static final Directive<Optional<Path>> STATE_PATH = directive("state_path")
            .in(ACME_ISSUER)
            .takes(IssuerDirectives::state)
            .inherits(Inheritance.NONE)
            .syntax("folder | off")
            .says("Sets the folder that keeps the account, its key, orders under way and certificates over restarts; it"
                    + " is private. Without it that is acme_ and the issuer's name, under the prefix. With off"
                    + " everything is got anew at each start, and the authority's rate limits are soon met.")
            .example("state_path /var/lib/gatehouse/acme-letsencrypt;");

    static final Directive<Boolean> ACCEPT_TERMS_OF_SERVICE = directive("accept_terms_of_service")
            .in(ACME_ISSUER)
            .takes(Arity.NONE, use -> true)
            .inherits(Inheritance.NONE)
            .says("Accepts the authority's terms of service. Most open no account without it; the log then says where"
                    + " to read them.")
            .example("accept_terms_of_service;");

    static final List<Directive<?>> ALL = List.of(
            ACME_ISSUER_BLOCK,
            DIRECTORY_URI,
            ACCOUNT_KEY,
            CHALLENGE,
            COMMON_NAME_IN_CSR,
            CONTACT,
            EXTERNAL_ACCOUNT_KEY,
            PREFERRED_CHAIN,
            PROFILE,
            SSL_TRUSTED_CERTIFICATE,
            SSL_VERIFY,
            STATE_PATH,
            ACCEPT_TERMS_OF_SERVICE);

    private IssuerDirectives() {}

    private static IssuerBlock issuer(Use use) {
        String name = use.text(0);
        List<IssuerBlock> before = use.scope().own(ACME_ISSUER_BLOCK);
        if (before != null && before.stream().anyMatch(other -> other.name().equals(name))) {
            throw use.error(
                    "\"acme_issuer\" directive is duplicate", use.arguments().get(0));
        }
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw use.error(
                    "invalid issuer name \"" + name + "\"",
                    use.arguments().get(0),
                    "it becomes part of a folder's name: expected letters, digits and hyphens");
        }
        return IssuerBlock.of(use, use.readBlock(Context.ACME_ISSUER));
    }

    private static URI directory(Use use) {
        try {
            URI address = new URI(use.text(0));
            String scheme = address.getScheme();
            if (address.getHost() != null
                    && scheme != null
                    && List.of("https", "http").contains(scheme.toLowerCase(Locale.ROOT))) {
                return address;
            }
        } catch (URISyntaxException e) {
            // As for any other text.
        }
        throw invalid(use, 0, "expected an address such as https://acme.example.com/directory");
    }

    private static AccountKey accountKey(Use use) {
        Word word = use.arguments().get(0);
        String text = word.text();
        KeyKind kind = KeyKind.of(text);
        if (kind != null) {
            return new AccountKey.Made(kind);
        }
        checkKind(use, word, text);
        Path file = use.confPath(text);
        try {
            return new AccountKey.Given(octets(file), Files.readString(file, ISO_8859_1));
        } catch (IOException e) {
            throw use.error(
                    "acme_issuer: cannot load account key \"" + octets(file) + "\" (" + Errno.text(e) + ")",
                    word,
                    "expected a file, or a kind of key such as ecdsa:256");
        }
    }

    /** An error if it names a kind of key, but not one that there is. */
    static void checkKind(Use use, Word word, String text) {
        if (text.startsWith("ecdsa:")) {
            throw use.error(use.directive().name() + ": unsupported curve", word, KINDS);
        }
        if (text.startsWith("rsa:")) {
            throw use.error(use.directive().name() + ": unsupported key size", word, KINDS);
        }
    }

    private static String octets(Path file) {
        return Exchange.octets(file.toString());
    }

    private static ChallengeType challenge(Use use) {
        ChallengeType type = ChallengeType.of(use.text(0));
        if (type == null) {
            throw use.error(
                    "unsupported challenge: " + use.text(0),
                    use.arguments().get(0),
                    use.text(0).startsWith("dns")
                            ? "dns-01 would need a key to your name server; there are http-01 and tls-alpn-01"
                            : "expected http-01 or tls-alpn-01");
        }
        return type;
    }

    private static URI contact(Use use) {
        String text = use.text(0);
        try {
            if (!text.isEmpty()) {
                return new URI(SCHEME.matcher(text).matches() ? text : "mailto:" + text);
            }
        } catch (URISyntaxException e) {
            // As for an empty one.
        }
        throw invalid(use, 0, "expected an address such as admin@example.com");
    }

    private static ExternalAccount externalAccount(Use use) {
        if (use.text(0).isEmpty() || use.text(1).isEmpty()) {
            throw invalid(use, use.text(0).isEmpty() ? 0 : 1, "expected an identifier and a key");
        }
        String key = use.text(1).startsWith(DATA) ? use.text(1).substring(DATA.length()) : keyIn(use);
        String bare = key.strip().replaceFirst("=+$", "");
        try {
            if (Base64.getUrlDecoder().decode(bare).length > 0) {
                return new ExternalAccount(use.text(0), bare);
            }
        } catch (IllegalArgumentException e) {
            // As for an empty one.
        }
        throw use.error(
                "\"external_account_key\" directive invalid base64url encoded value",
                use.arguments().get(1),
                "expected letters, digits, - and _, as the authority gave it");
    }

    private static String keyIn(Use use) {
        try {
            return Files.readString(use.confPath(use.text(1)), ISO_8859_1);
        } catch (IOException e) {
            throw use.error(
                    "external_account_key: cannot read \"" + octets(use.confPath(use.text(1))) + "\" (" + Errno.text(e)
                            + ")",
                    use.arguments().get(1),
                    "expected a file, or the key itself behind data:");
        }
    }

    private static Optional<Path> state(Use use) {
        return use.text(0).equals("off") ? Optional.empty() : Optional.of(use.prefixPath(use.text(0)));
    }

    private static Profile profile(Use use) {
        if (use.count() == 2 && !use.text(1).equals("require")) {
            throw invalid(use, 1, "expected \"require\" or nothing");
        }
        return new Profile(use.text(0), use.count() == 2);
    }

    private static List<X509Certificate> trusted(Use use) {
        try {
            return PemSource.of(use.text(0), use.confPath("")).certificates();
        } catch (LoadException e) {
            throw use.error(e.message(), use.arguments().get(0));
        }
    }

    private static ConfigException invalid(Use use, int argument, String hint) {
        return use.error(
                "\"" + use.directive().name() + "\" directive invalid value",
                use.arguments().get(argument),
                hint);
    }
}
