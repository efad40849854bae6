package io.gatehouse.tls.acme;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** A process that wants one certificate and does nothing else; it says "answering PORT", and "done SERIAL" once it has it. */
final class AcmeChild {
    private AcmeChild() {}

    /** @param arguments directory, trusted certificate, state folder, port for http-01 (0 for any), key of the account "kid-1", name */
    public static void main(String[] arguments) throws Exception {
        List<X509Certificate> trusted;
        try (var in = Files.newInputStream(Path.of(arguments[1]))) {
            trusted = List.of(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Engine.Issuer issuer = new Engine.Issuer(arguments[0], trusted, Path.of(arguments[2]));
        issuer.external = new AcmeIssuer.ExternalAccount("kid-1", arguments[4]);
        try (Engine engine = new Engine(new MovedClock());
                Answering answering = new Answering(Integer.parseInt(arguments[3]), engine.acme.challenges())) {
            System.out.println("answering " + answering.httpPort());
            IssuedCertificate issued =
                    engine.get(Engine.wish(issuer.build(), arguments[5])).current();
            System.out.println("done " + issued.certificate().getSerialNumber());
        }
    }
}
