package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.tls.ocsp.Ocsp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What an authority says of the server's certificates while they are valid (OCSP, RFC 6960), sent along with them. */
final class StaplingDirectives {
    static final Directive<Boolean> SSL_STAPLING = directive("ssl_stapling")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether an authority's word that the certificate is still good is sent along with it. Its"
                    + " responder, which the certificate names, is asked when the first client wants to know, which"
                    + " goes without; then once an hour, or shortly before the word is out of date. The issuer's"
                    + " certificate has to be known: behind the server's own, or by ssl_trusted_certificate. A name"
                    + " of a responder is looked up by resolver; without one, when the configuration is read."
                    + " Authorities give this up: Let's Encrypt has ended its responders in 2025.")
            .example("ssl_stapling on;");

    static final Directive<byte[]> SSL_STAPLING_FILE = directive("ssl_stapling_file")
            .in(HTTP, SERVER)
            .takes(StaplingDirectives::file)
            .syntax("file")
            .says("Names a file with the authority's response in DER, as openssl ocsp writes it, which is sent along;"
                    + " no responder is asked then.")
            .example("ssl_stapling_file /etc/keys/response.der;");

    static final Directive<Responder> SSL_STAPLING_RESPONDER = directive("ssl_stapling_responder")
            .in(HTTP, SERVER)
            .takes(Responder::of)
            .syntax("url")
            .says("Names the responder to ask, instead of the one that the certificate names; http:// only.")
            .example("ssl_stapling_responder http://127.0.0.1/;");

    static final Directive<Boolean> SSL_STAPLING_VERIFY = directive("ssl_stapling_verify")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether a response is sent along only if whoever has signed it may do so: the issuer, or"
                    + " somebody whom the issuer has made a responder. The root's and every other certificate on the"
                    + " way to it have to be in ssl_trusted_certificate, unless the issuer's is behind the server's.")
            .example("ssl_stapling_verify on;");

    static final List<Directive<?>> ALL =
            List.of(SSL_STAPLING, SSL_STAPLING_FILE, SSL_STAPLING_RESPONDER, SSL_STAPLING_VERIFY);

    private StaplingDirectives() {}

    private static byte[] file(Use use) {
        Path file = use.confPath(use.text(0));
        String name = CertificateDirectives.name(file);
        try {
            byte[] response = Files.readAllBytes(file);
            if (!Ocsp.isResponse(response)) {
                throw use.error(
                        "d2i_OCSP_RESPONSE_bio(\"" + name
                                + "\") failed (SSL: error:068000A8:asn1 encoding routines::wrong tag)",
                        use.arguments().get(0),
                        "openssl ocsp writes one with -respout FILE");
            }
            return response;
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
