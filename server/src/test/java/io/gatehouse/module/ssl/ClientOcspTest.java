package io.gatehouse.module.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.testing.NameServer;
import io.gatehouse.testing.OcspResponder;
import io.gatehouse.testing.OcspResponder.Says;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Responders are asked about clients' certificates before their requests are looked at ({@code ssl_ocsp}). */
@Timeout(120)
class ClientOcspTest {
    private static final String BARE = "listen 127.0.0.1:PORT ssl; server_name localhost; ssl_certificate a.pem;"
            + " ssl_certificate_key a.key; ssl_client_certificate ca.pem; ssl_verify_depth 3;";
    private static final String SERVER = BARE + " ssl_verify_client on;";
    private static final String TELL = " error_page 495 = /bad; location / { return 200 \"good $ssl_client_verify\"; }"
            + " location /bad { return 200 \"bad $ssl_client_verify\"; }";
    private static final String FAILED = "bad FAILED:certificate status request failed";

    @TempDir
    Path folder;

    private TlsSite site;
    private OcspResponder responder;
    private X509Bundle alice;

    @BeforeEach
    void make() throws Exception {
        responder = new OcspResponder();
        site = new TlsSite(folder).certificate("a", Pki.server("localhost"));
        alice = client("alice", Pki.CA, responder.url());
        responder.says(alice.getCertificate(), Says.good());
    }

    private static X509Bundle client(String name, X509Bundle issuer, String url) throws Exception {
        return Pki.named(Algorithm.ecp256, name)
                .addExtendedKeyUsageClientAuth()
                .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, OcspResponder.access(url))
                .buildIssuedBy(issuer);
    }

    @AfterEach
    void end() throws Exception {
        responder.close();
        site.close();
    }

    private String get(X509Bundle... client) throws Exception {
        String answer = site.get(Pki.jdk(client), "localhost", "localhost", "/");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void theResponderDecides() throws Exception {
        site.serve("server { " + SERVER + " ssl_ocsp leaf;" + TELL + " }");
        assertThat(get(alice)).isEqualTo("good SUCCESS");
        responder.says(alice.getCertificate(), Says.revoked());
        assertThat(get(alice)).isEqualTo("bad FAILED:certificate revoked");
        responder.says(alice.getCertificate(), Says.unknown());
        assertThat(get(alice)).isEqualTo("bad FAILED:certificate status unknown");
        responder.says(alice.getCertificate(), Says.good());
        assertThat(get(alice)).isEqualTo("good SUCCESS");
        assertThat(responder.asked).hasSize(4);
        assertThat(site.awaitLog("client SSL certificate verify error: certificate status unknown"))
                .contains("client SSL certificate verify error: certificate revoked")
                .doesNotContain("[error]");
    }

    @Test
    void withoutAPageOfItsOwnItIsABadRequest() throws Exception {
        responder.says(alice.getCertificate(), Says.revoked());
        site.serve("server { " + SERVER + " ssl_ocsp on; http2 on; }");
        assertThat(site.get(Pki.jdk(alice), "localhost", "localhost", "/"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("<center>The SSL certificate error</center>");
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(Pki.jdk(alice)).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + site.port + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }

    @Test
    void nobodyIsAskedWithoutACertificateOrAboutABadOne() throws Exception {
        X509Bundle namesake = Pki.named(Algorithm.ecp256, "Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle mallory = client("mallory", namesake, responder.url());
        site.serve("server { " + BARE + " ssl_verify_client optional; ssl_ocsp on;" + TELL + " }");
        assertThat(get()).isEqualTo("good NONE");
        assertThat(get(mallory)).isEqualTo("bad FAILED:certificate signature failure");
        assertThat(responder.asked).isEmpty();
        assertThat(get(alice)).isEqualTo("good SUCCESS");
    }

    /** The loop serves others in the meantime. */
    @Test
    void aRequestWaitsForTheAnswerAndNobodyElseDoes() throws Exception {
        site.serve("server { " + BARE + " ssl_verify_client optional; ssl_ocsp on;" + TELL + " }");
        responder.hold();
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            waiting.add(answer);
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(get(alice));
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });
        }
        while (responder.asked.size() < 5) {
            assertThat(get()).isEqualTo("good NONE");
        }
        assertThat(get()).isEqualTo("good NONE");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        responder.release();
        for (CompletableFuture<String> answer : waiting) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("good SUCCESS");
        }
    }

    @Test
    void itIsNotWaitedForLongerThanForARequest() throws Exception {
        site.serve("client_header_timeout 1s; server { " + SERVER + " ssl_ocsp on; }");
        responder.hold();
        try (SSLSocket socket = site.dial(Pki.jdk(alice), "localhost")) {
            assertThat(TlsSite.get(socket, "localhost", "/")).isEmpty();
        }
        site.awaitLog("client timed out (110: Connection timed out) while SSL handshaking");
        assertThat(responder.abandoned().await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answersAreKeptInAZoneAlsoOverAReload() throws Exception {
        String http = "server { " + SERVER + " ssl_ocsp on; ssl_ocsp_cache shared:OCSP:1m;" + TELL + " }";
        site.serve(http);
        assertThat(get(alice)).isEqualTo("good SUCCESS");
        responder.says(alice.getCertificate(), Says.revoked());
        assertThat(get(alice)).isEqualTo("good SUCCESS");
        site.configuration(http.replace("good ", "still good "));
        site.reload();
        assertThat(get(alice)).isEqualTo("still good SUCCESS");
        X509Bundle bob = client("bob", Pki.CA, responder.url());
        responder.says(bob.getCertificate(), Says.revoked());
        assertThat(get(bob)).isEqualTo("bad FAILED:certificate revoked");
        assertThat(get(bob)).isEqualTo("bad FAILED:certificate revoked");
        assertThat(responder.asked).hasSize(2);
    }

    @Test
    void aResumedSessionIsAskedAboutAgain() throws Exception {
        site.serve("server { " + SERVER + " ssl_ocsp on; error_page 495 = /bad; location / { return 200"
                + " \"good $ssl_session_reused\"; } location /bad { return 200 \"$ssl_client_verify"
                + " $ssl_session_reused\"; } }");
        SSLContext context = Pki.jdk(alice);
        assertThat(site.get(context, "localhost", "localhost", "/")).endsWith("good .");
        assertThat(site.get(context, "localhost", "localhost", "/")).endsWith("good r");
        responder.says(alice.getCertificate(), Says.revoked());
        assertThat(site.get(context, "localhost", "localhost", "/")).endsWith("FAILED:certificate revoked r");
    }

    @Test
    void authoritiesAreAskedAboutWithOnAndNotWithLeaf() throws Exception {
        X509Bundle middle = Pki.named(Algorithm.ecp256, "Middle")
                .setIsCertificateAuthority(true)
                .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, OcspResponder.access(responder.url() + "middle/"))
                .buildIssuedBy(Pki.CA);
        X509Bundle carol = client("carol", middle, responder.url() + "carol");
        responder.says(carol.getCertificate(), Says.good().signedBy(middle, false));
        responder.says(middle.getCertificate(), Says.revoked());
        site.serve("server { " + SERVER + " ssl_ocsp leaf;" + TELL + " }");
        assertThat(get(carol)).isEqualTo("good SUCCESS");
        site.close();
        site.serve("server { " + SERVER + " ssl_ocsp on;" + TELL + " }");
        assertThat(get(carol)).isEqualTo("bad FAILED:certificate revoked");
        responder.says(middle.getCertificate(), Says.good());
        assertThat(get(carol)).isEqualTo("good SUCCESS");
        assertThat(responder.asked("/carol/")).isEqualTo(3);
        assertThat(responder.asked("/middle/")).isEqualTo(2);
    }

    @Test
    void whatIsNoAnswerIsNoGoodOne() throws Exception {
        X509Bundle sibling = Pki.named(Algorithm.ecp256, "sibling").buildIssuedBy(Pki.CA);
        responder.says(alice.getCertificate(), Says.good().signedBy(sibling, true));
        responder.says("/page/", response -> OcspResponder.http("text/html", response));
        site.serve("server { " + SERVER + " ssl_ocsp on;" + TELL + " }");
        assertThat(get(alice)).isEqualTo(FAILED);
        assertThat(get(Pki.client("bob"))).isEqualTo(FAILED);
        assertThat(get(client("https", Pki.CA, "https://127.0.0.1/"))).isEqualTo(FAILED);
        assertThat(get(client("spaced", Pki.CA, responder.url() + " HTTP/1.1\r\nX: y")))
                .isEqualTo(FAILED);
        assertThat(get(client("named", Pki.CA, "http://ocsp.test/"))).isEqualTo(FAILED);
        assertThat(get(client("page", Pki.CA, responder.url() + "page/"))).isEqualTo(FAILED);
        String place = " while requesting certificate status, responder: ";
        assertThat(site.awaitLog("invalid \"Content-Type\" header"))
                .contains(
                        "OCSP_basic_verify() failed (SSL: error:13800067:OCSP routines::missing ocspsigning usage)"
                                + place + "127.0.0.1, peer: 127.0.0.1:" + responder.port() + "\n",
                        "no OCSP responder URL in certificate",
                        "invalid URL prefix in OCSP responder \"https://127.0.0.1/\" in certificate",
                        "invalid character in OCSP responder",
                        "no resolver defined to resolve ocsp.test" + place + "ocsp.test\n",
                        "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"" + place);
        assertThat(responder.asked).hasSize(2);
    }

    @Test
    void theNameOfAResponderIsResolved() throws Exception {
        try (NameServer names = new NameServer("ocsp.test")) {
            X509Bundle bob = client("bob", Pki.CA, "http://ocsp.test:" + responder.port() + "/named");
            X509Bundle eve = client("eve", Pki.CA, "http://nowhere.test/");
            responder.says(bob.getCertificate(), Says.good());
            site.serve("resolver 127.0.0.1:" + names.port() + " ipv6=off; server { " + SERVER + " ssl_ocsp on;" + TELL
                    + " }");
            assertThat(get(bob)).isEqualTo("good SUCCESS");
            assertThat(responder.asked("/named/")).isEqualTo(1);
            assertThat(get(eve)).isEqualTo(FAILED);
            site.awaitLog("nowhere.test could not be resolved (3: Host not found) while requesting certificate status,"
                    + " responder: nowhere.test\n");
        }
    }

    @Test
    void anotherResponderCanBeNamed() throws Exception {
        X509Bundle bob = client("bob", Pki.CA, "http://127.0.0.1:1/");
        responder.says(bob.getCertificate(), Says.good());
        site.serve(
                "server { " + SERVER + " ssl_ocsp on; ssl_ocsp_responder " + responder.url() + "other;" + TELL + " }");
        assertThat(get(bob)).isEqualTo("good SUCCESS");
        assertThat(responder.asked("/other/")).isEqualTo(1);
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        refused(
                SERVER + " ssl_ocsp on; ssl_ocsp_responder https://ocsp.example.com/;",
                "invalid URL prefix in OCSP responder \"https://ocsp.example.com/\" in \"ssl_ocsp_responder\"");
        refused(
                SERVER + " ssl_ocsp on; ssl_ocsp_responder http://nobody.invalid/;",
                "host not found in OCSP responder \"nobody.invalid/\" in \"ssl_ocsp_responder\"");
        refused(
                BARE + " ssl_verify_client optional_no_ca; ssl_ocsp on;",
                "\"ssl_ocsp\" is incompatible with \"ssl_verify_client optional_no_ca\"");
    }

    private void refused(String server, String why) {
        assertThatThrownBy(() -> site.serve("server { " + server + " }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why);
    }
}
