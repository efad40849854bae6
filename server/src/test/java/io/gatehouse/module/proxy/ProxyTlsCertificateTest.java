package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown to applications that ask for a certificate. */
class ProxyTlsCertificateTest extends SecureSite {
    private static final X509Bundle ONE = Pki.client("one");
    private static final X509Bundle TWO = Pki.client("two");

    @BeforeEach
    void writeCredentials() throws Exception {
        secure(Pki.server("app"), socket -> socket.setWantClientAuth(true), SecureSite::mirror);
        credentials("one", ONE);
        credentials("two", TWO);
    }

    private String shown(String target) throws IOException {
        String body = site().get(target).body();
        return body.substring(0, Math.max(0, body.indexOf(" asks")));
    }

    @Test
    void aCertificateIsShownWhereThePlaceNamesOne() throws Exception {
        start("", """
            location /none { proxy_pass https://@1; }
            proxy_ssl_certificate one.crt;
            proxy_ssl_certificate_key one.key;
            location /one { proxy_pass https://@1; }
            location /two { proxy_pass https://@1; proxy_ssl_certificate two.crt; proxy_ssl_certificate_key two.key; }
            location /cancelled { proxy_pass https://@1; proxy_ssl_certificate ""; proxy_ssl_certificate_key ""; }
            """);
        assertThat(shown("/one")).isEqualTo("CN=one");
        assertThat(shown("/two")).isEqualTo("CN=two");
        assertThat(shown("/cancelled")).isEqualTo("nobody");
        assertThat(shown("/one")).isEqualTo("CN=one");
        assertThat(applications.getFirst().connections).hasValue(3);
    }

    @Test
    void aKeyMayBeEncrypted() throws Exception {
        file("secret.key", encrypted(ONE, "open sesame"));
        file("passwords", "wrong\nopen sesame\n");
        start("", """
            proxy_ssl_password_file passwords;
            location /fixed {
                proxy_pass https://@1;
                proxy_ssl_certificate one.crt;
                proxy_ssl_certificate_key secret.key;
            }
            location /variable {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c.crt;
                proxy_ssl_certificate_key secret.key;
            }
            """);
        assertThat(shown("/fixed")).isEqualTo("CN=one");
        assertThat(shown("/variable?c=one")).isEqualTo("CN=one");
    }

    @Test
    void variablesMayNameIt() throws Exception {
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c;
                proxy_ssl_certificate_key $arg_k;
            }
            """);
        assertThat(shown("/?c=one.crt&k=one.key")).isEqualTo("CN=one");
        assertThat(shown("/?c=two.crt&k=two.key")).isEqualTo("CN=two");
        assertThat(shown("/?c=one.crt&k=one.key")).isEqualTo("CN=one");
        assertThat(shown("/")).isEqualTo("nobody");
        assertThat(applications.getFirst().connections).hasValue(3);
    }

    @Test
    void theTextItselfMayStandInAVariable() throws Exception {
        start(
                "map $arg_who $cert { one \"data:" + ONE.getCertificatePEM() + "\"; }\n"
                        + "map $arg_who $key { one \"data:" + ONE.getPrivateKeyPEM() + "\"; }",
                "location / { proxy_pass https://@1; proxy_ssl_certificate $cert; proxy_ssl_certificate_key $key; }");
        assertThat(shown("/?who=one")).isEqualTo("CN=one");
    }

    @ParameterizedTest
    @CsvSource({
        "/?c=none.crt&k=one.key, 'cannot load certificate \"FOLDER/none.crt\": BIO_new_file() failed (SSL:"
                + " error:80000002:system library::No such file or directory:calling fopen(FOLDER/none.crt, r)"
                + " error:10000080:BIO routines::no such file)'",
        "/?c=one.crt&k=none.key, 'cannot load certificate key \"FOLDER/none.key\": BIO_new_file() failed'",
        "/?c=one.key&k=one.key, 'cannot load certificate \"FOLDER/one.key\": PEM_read_bio_X509_AUX() failed (SSL:"
                + " error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)'",
        "/?c=one.crt&k=one.crt, 'cannot load certificate key \"FOLDER/one.crt\": PEM_read_bio_PrivateKey() failed'",
        "/?c=one.crt&k=two.key, 'SSL_use_PrivateKey(\"FOLDER/two.key\") failed (SSL:'"
    })
    void whatCannotBeLoadedIsAnError(String target, String message) throws Exception {
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c;
                proxy_ssl_certificate_key $arg_k;
            }
            """);
        assertThat(site().get(target).status()).isEqualTo(500);
        assertThat(site().stop()).contains("[error]").contains(message.replace("FOLDER", folder.toString()));
    }

    // ---------------------------------------------------------------- the cache

    private void replace(String name, String with) throws IOException {
        for (String kind : new String[] {".crt", ".key"}) {
            Files.copy(folder.resolve(with + kind), folder.resolve("new" + kind));
            Files.move(folder.resolve("new" + kind), folder.resolve(name + kind), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void withoutACacheAChangedFileIsSeenAtOnce() throws Exception {
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c.crt;
                proxy_ssl_certificate_key $arg_c.key;
            }
            """);
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        assertThat(applications.getFirst().connections).hasValue(1);
        replace("one", "two");
        assertThat(shown("/?c=one")).isEqualTo("CN=two");
    }

    @ParameterizedTest
    @CsvSource({"1h, CN=one", "0s, CN=two"})
    void inACacheItIsSeenWhenItsTimeIsOver(String valid, String after) throws Exception {
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c.crt;
                proxy_ssl_certificate_key $arg_c.key;
                proxy_ssl_certificate_cache max=4 valid=%s;
            }
            """.formatted(valid));
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        long begun = System.nanoTime();
        replace("one", "two");
        String last = "CN=one";
        // its age is counted in whole seconds
        while (last.equals("CN=one") && System.nanoTime() - begun < 2_500_000_000L) {
            last = shown("/?c=one");
        }
        assertThat(last).isEqualTo(after);
    }

    @Test
    void aFullCacheForgetsWhatWasUnusedForLongest() throws Exception {
        credentials("three", Pki.client("three"));
        start("", """
            location / {
                proxy_pass https://@1;
                proxy_ssl_certificate $arg_c.crt;
                proxy_ssl_certificate_key $arg_c.key;
                proxy_ssl_certificate_cache max=4 valid=1h;
            }
            """);
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        assertThat(shown("/?c=two")).isEqualTo("CN=two");
        for (String kind : new String[] {".crt", ".key"}) {
            Files.delete(folder.resolve("one" + kind));
            Files.delete(folder.resolve("two" + kind));
        }
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        assertThat(shown("/?c=three")).isEqualTo("CN=three");
        assertThat(shown("/?c=one")).isEqualTo("CN=one");
        assertThat(site().get("/?c=two").status()).isEqualTo(500);
    }

    @Test
    void aKeyWithAPasswordIsNotKept() throws Exception {
        file("e.crt", ONE.getCertificatePathPEM());
        file("e.key", encrypted(ONE, "secret"));
        file("password", "secret");
        start("", """
            proxy_ssl_certificate $arg_c.crt;
            proxy_ssl_certificate_key $arg_c.key;
            proxy_ssl_certificate_cache max=4 valid=1h;
            location /with { proxy_pass https://@1; proxy_ssl_password_file password; }
            location /without { proxy_pass https://@1; }
            """);
        assertThat(shown("/with?c=e")).isEqualTo("CN=one");
        assertThat(site().get("/without?c=e").status()).isEqualTo(500);
        replace("e", "two");
        assertThat(shown("/with?c=e")).isEqualTo("CN=two");
    }
}
