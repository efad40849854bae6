package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What an authority says of certificates while they are valid (OCSP, RFC 6960). */
final class StaplingDirectives {
    private static final String NOT_ASKED = "Responders are not asked";

    static final Directive<Boolean> SSL_STAPLING = directive("ssl_stapling")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .standing(
                    Standing.EXTENDED,
                    NOT_ASKED + ": without ssl_stapling_file a warning says that nothing is sent along. Let's Encrypt"
                            + " has ended its own in 2025.")
            .says("Sets whether an authority's word that the certificate is still good is sent along with it.")
            .example("ssl_stapling on;");

    static final Directive<byte[]> SSL_STAPLING_FILE = directive("ssl_stapling_file")
            .in(HTTP, SERVER)
            .takes(StaplingDirectives::file)
            .syntax("file")
            .says("Names a file with the authority's response in DER, as openssl ocsp writes it, which is sent along.")
            .example("ssl_stapling_file /etc/keys/response.der;");

    static final Directive<Boolean> SSL_STAPLING_VERIFY = directive("ssl_stapling_verify")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .standing(Standing.WITHOUT_EFFECT, NOT_ASKED + ", and a file's response is sent as it is.")
            .says("Sets whether responses of the authority's responder are verified.")
            .example("ssl_stapling_verify on;");

    static final Directive<Boolean> SSL_STAPLING_RESPONDER = refused(
            "ssl_stapling_responder",
            Arity.ONE,
            "url",
            "Names the responder to ask, instead of the one that the certificate names.",
            "ssl_stapling_responder http://ocsp.example.com/;");

    static final Directive<Boolean> SSL_OCSP = directive("ssl_ocsp")
            .in(HTTP, SERVER)
            .takes(use -> {
                if (!use.text(0).equals("off")) {
                    throw refuse(use);
                }
                return false;
            })
            .byDefault(false, "off")
            .syntax("off")
            .standing(Standing.WITHOUT_EFFECT, NOT_ASKED + "; use ssl_crl. on and leaf are refused.")
            .says("Sets whether responders are asked about clients' certificates.")
            .example("ssl_ocsp off;");

    static final Directive<Boolean> SSL_OCSP_RESPONDER = refused(
            "ssl_ocsp_responder",
            Arity.ONE,
            "url",
            "Names the responder to ask about clients' certificates.",
            "ssl_ocsp_responder http://ocsp.example.com/;");

    static final Directive<Boolean> SSL_OCSP_CACHE = directive("ssl_ocsp_cache")
            .in(HTTP, SERVER)
            .takes(use -> {
                if (!use.text(0).equals("off")) {
                    throw refuse(use);
                }
                return false;
            })
            .byDefault(false, "off")
            .syntax("off")
            .standing(Standing.WITHOUT_EFFECT, NOT_ASKED + ", so there is nothing to keep.")
            .says("Sets where the answers of responders about clients' certificates are kept.")
            .example("ssl_ocsp_cache off;");

    static final List<Directive<?>> ALL = List.of(
            SSL_STAPLING,
            SSL_STAPLING_FILE,
            SSL_STAPLING_VERIFY,
            SSL_STAPLING_RESPONDER,
            SSL_OCSP,
            SSL_OCSP_RESPONDER,
            SSL_OCSP_CACHE);

    private StaplingDirectives() {}

    private static Directive<Boolean> refused(String name, Arity arity, String syntax, String says, String example) {
        return directive(name)
                .in(HTTP, SERVER)
                .takes(arity, use -> {
                    if (use.count() > 0) {
                        throw refuse(use);
                    }
                    return true;
                })
                .syntax(syntax)
                .standing(Standing.WITHOUT_EFFECT, NOT_ASKED + "; this directive is refused.")
                .says(says)
                .example(example);
    }

    private static RuntimeException refuse(Use use) {
        return use.error(
                "\"" + use.directive().name() + "\" is not supported: responders are not asked",
                use.arguments().get(0),
                "use ssl_stapling_file for the server's certificate, ssl_crl for clients'");
    }

    private static byte[] file(Use use) {
        Path file = use.confPath(use.text(0));
        String name = CertificateDirectives.name(file);
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw use.error(
                    "BIO_new_file(\"" + name
                            + "\") failed (SSL: error:80000002:system library::No such file or directory"
                            + ":calling fopen(" + name + ", r) error:10000080:BIO routines::no such file)",
                    use.arguments().get(0));
        } catch (IOException e) {
            throw use.error(
                    "BIO_new_file(\"" + name + "\") failed (" + e.getMessage() + ")",
                    use.arguments().get(0));
        }
    }
}
