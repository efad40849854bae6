package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.CacheArguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.tls.CredentialsCache;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.Passwords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a server shows of itself: certificates and their keys. */
final class CertificateDirectives {
    /**
     * Where a certificate, key or list is.
     *
     * @param text the name with variables
     * @param folder that its path is relative to
     */
    record Said(Node node, Word word, Template text, Path folder) {
        static Said of(Use use) {
            return new Said(
                    use.node(),
                    use.arguments().get(0),
                    use.hasVariables(use.text(0))
                            ? use.template(use.arguments().get(0))
                            : Template.constant(use.text(0)),
                    use.confPath(""));
        }

        boolean hasVariables() {
            return !text.isConstant();
        }
    }

    static final Directive<List<Said>> SSL_CERTIFICATE = directive("ssl_certificate")
            .in(HTTP, SERVER)
            .takesEach(Arity.ONE, Said::of)
            .syntax("file | data:text")
            .says("Names the file with the server's certificate in PEM, and behind it the certificates that lead to an"
                    + " authority. May be used several times, for certificates of different kinds (RSA and ECDSA):"
                    + " each client is shown one that it can verify. With variables in it, the file is read for each"
                    + " connection, see ssl_certificate_cache; data: is followed by the text itself.")
            .example("ssl_certificate /etc/letsencrypt/live/example.com/fullchain.pem;");

    static final Directive<List<Said>> SSL_CERTIFICATE_KEY = directive("ssl_certificate_key")
            .in(HTTP, SERVER)
            .takesEach(Arity.ONE, Said::of)
            .syntax("file | data:text | store:file:file")
            .says("Names the file with the private key in PEM of the certificate at the same place among those of"
                    + " ssl_certificate. An encrypted key needs ssl_password_file.")
            .example("ssl_certificate_key /etc/letsencrypt/live/example.com/privkey.pem;");

    static final Directive<Optional<CredentialsCache>> SSL_CERTIFICATE_CACHE = directive("ssl_certificate_cache")
            .in(HTTP, SERVER)
            .takes(new Arity(1, 3), CertificateDirectives::cache)
            .byDefault(Optional.empty(), "off")
            .syntax("off | max=number [inactive=time] [valid=time]")
            .says("Sets how many certificates and keys that are named with variables are kept, how long one may be"
                    + " unused (10 s), and after which time its file is looked at again (60 s). Keys that need a"
                    + " password are not kept.")
            .example("ssl_certificate_cache max=1000 inactive=20s valid=1m;");

    static final Directive<List<String>> SSL_PASSWORD_FILE = directive("ssl_password_file")
            .in(HTTP, SERVER)
            .takes(CertificateDirectives::passwords)
            .byDefault(List.of(), "")
            .syntax("file")
            .says("Names a file with the passwords of encrypted keys, one a line; each is tried in turn.")
            .example("ssl_password_file /etc/keys/passwords;");

    static final Directive<Boolean> SSL_OBJECT_CACHE_INHERITABLE = directive("ssl_object_cache_inheritable")
            .in(MAIN)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether a reload goes on with certificates and keys whose files are the same and have not"
                    + " changed since, without reading them.")
            .example("ssl_object_cache_inheritable off;");

    static final Directive<Boolean> SSL_REJECT_HANDSHAKE = directive("ssl_reject_handshake")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Ends handshakes for this server, so that clients that ask for no name, or an unknown one, see no"
                    + " certificate. Such a server needs none.")
            .example("ssl_reject_handshake on;");

    static final Directive<Boolean> SSL_CERTIFICATE_COMPRESSION = directive("ssl_certificate_compression")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether certificates are compressed (RFC 8879, zlib) for clients that can undo it.")
            .example("ssl_certificate_compression on;");

    static final Directive<List<Boolean>> SSL_ECH_FILE = directive("ssl_ech_file")
            .in(HTTP, SERVER)
            .takesEach(Arity.ONE, use -> {
                use.warn("\"ssl_ech_file\" is not supported on this platform, ignored");
                return true;
            })
            .syntax("file")
            .standing(Standing.WITHOUT_EFFECT, "Names are sent in clear, as they are without it.")
            .says("Names a file with keys that hide which name a client asks for (ECH).")
            .example("ssl_ech_file /etc/keys/ech.pem;");

    static final List<Directive<?>> ALL = List.of(
            SSL_CERTIFICATE,
            SSL_CERTIFICATE_KEY,
            SSL_CERTIFICATE_CACHE,
            SSL_PASSWORD_FILE,
            SSL_OBJECT_CACHE_INHERITABLE,
            SSL_REJECT_HANDSHAKE,
            SSL_CERTIFICATE_COMPRESSION,
            SSL_ECH_FILE);

    private CertificateDirectives() {}

    private static Optional<CredentialsCache> cache(Use use) {
        return Optional.ofNullable(CacheArguments.ofLoaded(use)).map(CredentialsCache::of);
    }

    private static List<String> passwords(Use use) {
        try {
            return Passwords.read(use.confPath(use.text(0)));
        } catch (LoadException e) {
            throw use.error(e.message(), use.arguments().get(0));
        }
    }

    static String name(Path file) {
        return new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
