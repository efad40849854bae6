package io.gatehouse.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.OcspResponder;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start is short because it loads little: what no file uses is left out (docs/design/0023-start.md). */
class LoadedClassesTest {
    @TempDir
    private Path folder;

    private List<String> serve(String more) throws Exception {
        try (OcspResponder responder = new OcspResponder();
                ChildServer server = new ChildServer(folder)) {
            X509Bundle own = Pki.named(Algorithm.ecp256, "a.example.com")
                    .addSanDnsName("a.example.com")
                    .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, OcspResponder.access(responder.url()))
                    .buildIssuedBy(Pki.CA);
            server.file("a.pem", own.getCertificatePEM() + Pki.CA.getCertificatePEM());
            server.file("a.key", own.getPrivateKeyPEM());
            server.http("server { listen 127.0.0.1:PORT ssl; ssl_certificate a.pem; ssl_certificate_key a.key; " + more
                    + " location / { return 200 page; } }\n");
            ProcessBuilder builder = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
            int main = builder.command().indexOf("io.gatehouse.Main");
            builder.command().add(main, "-Xlog:class+load=info:file=classes");
            server.start(builder);
            try (HttpsClient client = new HttpsClient(Pki.jdk(), "a.example.com", server.port)) {
                assertThat(client.get("/")).endsWith("page");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
        return Files.readAllLines(folder.resolve("classes"), ISO_8859_1).stream()
                .filter(line ->
                        line.contains(" io.gatehouse.tls.ocsp.") || line.contains(" org.bouncycastle.cert.ocsp."))
                .toList();
    }

    @Test
    void ocspIsLoadedWhereItIsUsedAndNowhereElse() throws Exception {
        assertThat(serve("")).isEmpty();
        assertThat(serve("ssl_stapling on;")).isNotEmpty();
    }
}
