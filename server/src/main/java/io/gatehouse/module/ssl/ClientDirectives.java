package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.module.ssl.CertificateDirectives.Said;
import io.gatehouse.tls.ClientVerify;
import java.util.List;
import java.util.Map;

/** Which certificate clients are asked for. */
final class ClientDirectives {
    static final Directive<ClientVerify> SSL_VERIFY_CLIENT = directive("ssl_verify_client")
            .in(HTTP, SERVER)
            .takes(Arguments.oneOf(Map.of(
                    "off", ClientVerify.OFF,
                    "on", ClientVerify.ON,
                    "optional", ClientVerify.OPTIONAL,
                    "optional_no_ca", ClientVerify.OPTIONAL_NO_CA)))
            .byDefault(ClientVerify.OFF, "off")
            .syntax("on | off | optional | optional_no_ca")
            .says("Sets whether clients are asked for a certificate. With on, a request without one is answered 496 and"
                    + " with a bad one 495, both of which the client sees as 400; with optional, none is needed; with"
                    + " optional_no_ca, its authority need not be known either. $ssl_client_verify tells what came of"
                    + " it.")
            .example("ssl_verify_client on;");

    static final Directive<Integer> SSL_VERIFY_DEPTH = directive("ssl_verify_depth")
            .in(HTTP, SERVER)
            .takes(Arguments.NUMBER)
            .byDefault(1, "1")
            .syntax("number")
            .says("Sets how many certificates may stand between a client's own and the authority's.")
            .example("ssl_verify_depth 2;");

    static final Directive<Said> SSL_CLIENT_CERTIFICATE = directive("ssl_client_certificate")
            .in(HTTP, SERVER)
            .takes(Said::of)
            .syntax("file")
            .says("Names a file with the certificates in PEM of the authorities that clients' certificates come from."
                    + " Their names are told to clients.")
            .example("ssl_client_certificate /etc/clients/ca.pem;");

    static final Directive<Said> SSL_TRUSTED_CERTIFICATE = directive("ssl_trusted_certificate")
            .in(HTTP, SERVER)
            .takes(Said::of)
            .syntax("file")
            .says("As ssl_client_certificate, but clients are not told the names.")
            .example("ssl_trusted_certificate /etc/clients/intermediates.pem;");

    static final Directive<Said> SSL_CRL = directive("ssl_crl")
            .in(HTTP, SERVER)
            .takes(Said::of)
            .syntax("file")
            .says("Names a file with the lists in PEM of revoked certificates. There has to be one of each authority on"
                    + " the way from a client's certificate to the root.")
            .example("ssl_crl /etc/clients/revoked.pem;");

    static final List<Directive<?>> ALL =
            List.of(SSL_VERIFY_CLIENT, SSL_VERIFY_DEPTH, SSL_CLIENT_CERTIFICATE, SSL_TRUSTED_CERTIFICATE, SSL_CRL);

    private ClientDirectives() {}
}
