package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RawHttp.Answer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether an application's certificate is trusted, and what is said when it is not. */
class ProxyTlsVerifyTest extends SecureSite {
    private static void hello(Application.Connection connection) throws IOException {
        while (true) {
            connection.head();
            connection.answer("hello");
        }
    }

    /** For app.example.com and *.wild.example.com. */
    private static X509Bundle withWildcard() throws Exception {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String name : new String[] {"app.example.com", "*.wild.example.com"}) {
            names.write(0x82);
            names.write(name.length());
            names.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream extension = new ByteArrayOutputStream();
        extension.write(0x30);
        extension.write(names.size());
        names.writeTo(extension);
        return Pki.named(Algorithm.ecp256, "whatever")
                .addExtensionOctetString("2.5.29.17", false, extension.toByteArray())
                .buildIssuedBy(Pki.CA);
    }

    private Answer ask(X509Bundle shown, String directives) throws Exception {
        authority();
        secure(shown, ProxyTlsVerifyTest::hello);
        start(
                "",
                "location / { proxy_pass https://@1; proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt; "
                        + directives + " }");
        return site().get("/");
    }

    private void refused(String message) throws Exception {
        assertThat(site().stop())
                .contains("[error]")
                .contains(message + " while SSL handshaking to upstream, client: 127.0.0.1, server: ")
                .contains("upstream: \"https://127.0.0.1:" + applications.getFirst().port + "/\"");
    }

    @ParameterizedTest
    @CsvSource({"app.example.com", "APP.example.com", "x.wild.example.com", "app.example.com:8443"})
    void aCertificateForTheNameIsTrusted(String name) throws Exception {
        X509Bundle shown = withWildcard();
        assertThat(ask(shown, "proxy_ssl_name " + name + ";").body()).isEqualTo("hello");
        assertThat(site().get("/").body()).isEqualTo("hello");
        assertThat(applications.getFirst().connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"other.example.com", "a.b.wild.example.com", "wild.example.com"})
    void anotherNameIsNot(String name) throws Exception {
        X509Bundle shown = withWildcard();
        assertThat(ask(shown, "proxy_ssl_name " + name + ";").status()).isEqualTo(502);
        refused("upstream SSL certificate does not match \"" + name + "\"");
    }

    @Test
    void theHostOfTheUrlIsTheNameWhereNoneIsGiven() throws Exception {
        assertThat(ask(Pki.server("app.example.com"), "").status()).isEqualTo(502);
        refused("upstream SSL certificate does not match \"127.0.0.1\"");
    }

    @Test
    void aCertificateThatSignsItselfIsNotTrusted() throws Exception {
        X509Bundle shown = new CertificateBuilder()
                .algorithm(Algorithm.ecp256)
                .subject("CN=app.example.com")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        assertThat(ask(shown, "proxy_ssl_name app.example.com;").status()).isEqualTo(502);
        refused("upstream SSL certificate verify error: (18:self-signed certificate)");
    }

    @Test
    void anUnknownAuthorityIsNotTrusted() throws Exception {
        X509Bundle other = new CertificateBuilder()
                .algorithm(Algorithm.ecp256)
                .subject("CN=Other")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle shown = Pki.named(Algorithm.ecp256, "app").buildIssuedBy(other);
        assertThat(ask(shown, "proxy_ssl_name app;").status()).isEqualTo(502);
        assertThat(site().stop())
                .containsPattern("upstream SSL certificate verify error: \\((19|20|21):[a-z -]+\\) while");
    }

    @Test
    void anOldCertificateIsNotTrusted() throws Exception {
        X509Bundle shown = Pki.named(Algorithm.ecp256, "app")
                .notBefore(Instant.now().minus(20, ChronoUnit.DAYS))
                .notAfter(Instant.now().minus(1, ChronoUnit.DAYS))
                .buildIssuedBy(Pki.CA);
        assertThat(ask(shown, "proxy_ssl_name app;").status()).isEqualTo(502);
        refused("upstream SSL certificate verify error: (10:certificate has expired)");
    }

    @ParameterizedTest
    @CsvSource({"0, 502", "1, 200", "5, 200"})
    void theDepthBoundsTheAuthoritiesBetween(int depth, int status) throws Exception {
        X509Bundle between = Pki.named(Algorithm.ecp256, "Between")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(Pki.CA);
        X509Bundle shown = Pki.named(Algorithm.ecp256, "app").buildIssuedBy(between);
        assertThat(ask(shown, "proxy_ssl_name app; proxy_ssl_verify_depth " + depth + ";")
                        .status())
                .isEqualTo(status);
        if (status != 200) {
            refused("upstream SSL certificate verify error: (22:certificate chain too long)");
        }
    }

    @Test
    void whoIsNotTrustedIsAFailureAndAnotherIsAsked() throws Exception {
        authority();
        secure(Pki.server("other"), ProxyTlsVerifyTest::hello);
        secure(Pki.server("app"), ProxyTlsVerifyTest::hello);
        start(
                "upstream u { server @1; server @2 backup; }",
                "location / { proxy_pass https://u; proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt;"
                        + " proxy_ssl_name app; add_header X-Tries \"$upstream_status\"; }");
        assertThat(site().get("/").field("X-Tries")).isEqualTo("502, 200");
    }

    @Test
    void whatIsNotVerifiedIsNotLookedAt() throws Exception {
        secure(Pki.server("other"), ProxyTlsVerifyTest::hello);
        start("", "location / { proxy_pass https://@1; proxy_ssl_name app; }");
        assertThat(site().get("/").body()).isEqualTo("hello");
    }

    /** A connection that nobody verified must not serve a place that verifies. */
    @Test
    void placesThatVerifyShareNoConnectionWithPlacesThatDoNot() throws Exception {
        authority();
        secure(Pki.server("other"), ProxyTlsVerifyTest::hello);
        start("", """
            location /any { proxy_pass https://@1; }
            location /strict {
                proxy_pass https://@1;
                proxy_ssl_verify on;
                proxy_ssl_trusted_certificate ca.crt;
                proxy_ssl_name app;
            }
            """);
        assertThat(site().get("/any").status()).isEqualTo(200);
        assertThat(site().get("/strict").status()).isEqualTo(502);
        assertThat(site().get("/any").status()).isEqualTo(200);
    }

    @Test
    void revokedCertificatesAreNotTrusted() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        authority();
        credentials("authority", Pki.CA);
        file("index", "");
        file("serial", "1000\n");
        file(
                "ca.conf",
                "[ca]\ndefault_ca = c\n[c]\ndatabase = " + folder + "/index\nserial = " + folder
                        + "/serial\ndefault_md = sha256\n");
        X509Bundle shown = Pki.server("app");
        credentials("app", shown);
        openssl("ca", "-gencrl", "-crldays", "1", "-out", "none.crl");
        openssl("ca", "-revoke", "app.crt");
        openssl("ca", "-gencrl", "-crldays", "1", "-out", "app.crl");
        secure(shown, ProxyTlsVerifyTest::hello);
        start("", """
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate ca.crt;
            proxy_ssl_name app;
            location /none { proxy_pass https://@1; proxy_ssl_crl none.crl; }
            location /revoked { proxy_pass https://@1; proxy_ssl_crl app.crl; }
            """);
        assertThat(site().get("/none").status()).isEqualTo(200);
        assertThat(site().get("/revoked").status()).isEqualTo(502);
        assertThat(site().stop()).contains("upstream SSL certificate verify error: (23:certificate revoked) while SSL");
    }

    private void openssl(String command, String... words) throws Exception {
        java.util.ArrayList<String> all = new java.util.ArrayList<>(List.of("openssl", command, "-config", "ca.conf"));
        all.addAll(List.of("-keyfile", "authority.key", "-cert", "authority.crt"));
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.out").toFile())
                .start();
        assertThat(process.waitFor())
                .as(() -> {
                    try {
                        return Files.readString(folder.resolve("openssl.out"));
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isZero();
    }
}
