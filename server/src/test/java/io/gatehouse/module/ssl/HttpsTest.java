package io.gatehouse.module.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP over TLS, from outside. */
class HttpsTest {
    private static final String SERVER = "listen 127.0.0.1:PORT ssl; ssl_certificate a.pem; ssl_certificate_key a.key;";

    @TempDir
    Path folder;

    private TlsSite site;

    @BeforeEach
    void make() throws Exception {
        site = new TlsSite(folder)
                .certificate("a", Pki.server("localhost", "a.example.com"))
                .certificate("b", Pki.server("b.example.com"));
    }

    @AfterEach
    void end() throws Exception {
        site.close();
    }

    @Test
    void aPageAnUploadAndARedirect() throws Exception {
        site.serve("server { " + SERVER
                + " server_name localhost; location / { return 200 \"$scheme $https $server_port\"; }"
                + " location /r { return 301 /elsewhere; } }");
        try (HttpClient client = HttpClient.newBuilder().sslContext(Pki.jdk()).build()) {
            URI root = URI.create("https://localhost:" + site.port);
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(root.resolve("/")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(page.body()).isEqualTo("https on " + site.port);
            HttpResponse<String> redirect = client.send(
                    HttpRequest.newBuilder(root.resolve("/r")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(redirect.headers().firstValue("location"))
                    .contains("https://localhost:" + site.port + "/elsewhere");
        }
    }

    @Test
    void manyRequestsOnOneConnectionAndALargeFile() throws Exception {
        site.serve("server { " + SERVER + " root html; }");
        byte[] large = new byte[3_000_000];
        new java.util.Random(7).nextBytes(large);
        Files.write(folder.resolve("html/large"), large);
        try (HttpClient client = HttpClient.newBuilder().sslContext(Pki.jdk()).build()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> file = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + site.port + "/large"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(file.body()).isEqualTo(large);
            }
        }
    }

    @Test
    void aRequestInClearIsToldSoAndCanBeRedirected() throws Exception {
        site.serve("server { " + SERVER + " server_name a; } server { " + SERVER
                + " server_name b; error_page 497 https://$host:$server_port$request_uri; }");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            assertThat(TlsSite.get(socket, "a", "/x"))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("<center>The plain HTTP request was sent to HTTPS port</center>");
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            assertThat(TlsSite.get(socket, "b", "/x"))
                    .startsWith("HTTP/1.1 302 Moved Temporarily\r\n")
                    .contains("\r\nLocation: https://b:" + site.port + "/x\r\n");
        }
        assertThat(site.awaitLog("client sent plain HTTP request to HTTPS port"))
                .doesNotContain("[error]", "[crit]");
    }

    @Test
    void theNameDecidesTheCertificate() throws Exception {
        site.serve("server { " + SERVER + " server_name localhost; } server { listen 127.0.0.1:PORT ssl;"
                + " ssl_certificate b.pem; ssl_certificate_key b.key; server_name b.example.com *.b.example.com"
                + " ~^r(\\d+)\\.example\\.com$; return 200 \"b $1\"; }");
        for (String name : new String[] {"b.example.com", "x.b.example.com", "r7.example.com", "B.Example.com"}) {
            assertThat(subject(name)).as(name).isEqualTo("CN=b.example.com");
        }
        assertThat(subject("other.example.com")).isEqualTo("CN=localhost");
        assertThat(subject("")).isEqualTo("CN=localhost");
        assertThat(site.get(Pki.jdk(), "r7.example.com", "r7.example.com", "/")).endsWith("b 7");
    }

    private String subject(String name) throws Exception {
        try (SSLSocket socket = site.dial(Pki.jdk(), name)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    @Test
    void aHandshakeCanBeRejected() throws Exception {
        site.serve("server { listen 127.0.0.1:PORT ssl default_server; ssl_reject_handshake on; } server { " + SERVER
                + " server_name localhost; return 200 here; }");
        assertThat(site.get(Pki.jdk(), "localhost", "localhost", "/")).endsWith("here");
        try (SSLSocket socket = site.dial(Pki.jdk(), "other")) {
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("unrecognized_name");
        }
        assertThat(site.awaitLog("while SSL handshaking")).doesNotContain("[crit]", "[error]");
    }

    @Test
    void noProtocolInCommonEndsTheHandshake() throws Exception {
        site.serve("server { " + SERVER + " }");
        try (SSLSocket socket = site.dial(Pki.jdk(), "localhost")) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"spdy/1"});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(socket::startHandshake).hasMessageContaining("no_application_protocol");
        }
        site.awaitLog("no application protocol");
    }

    @Test
    void clientsAreAskedForCertificates() throws Exception {
        String ask = "ssl_client_certificate ca.pem; ssl_verify_client ";
        String tell = "return 200 \"$ssl_client_verify $ssl_client_s_dn\";";
        site.serve("server { " + SERVER + " server_name on; " + ask + "on; " + tell + " } server { " + SERVER
                + " server_name optional; " + ask + "optional; " + tell + " } server { " + SERVER
                + " server_name noca; ssl_verify_client optional_no_ca; " + tell + " } server { " + SERVER
                + " server_name off; "
                + tell + " }");
        var alice = Pki.client("alice");
        var mallory = Pki.named(io.netty.pkitesting.CertificateBuilder.Algorithm.ecp256, "mallory")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        assertThat(site.get(Pki.jdk(alice), "on", "on", "/")).endsWith("SUCCESS CN=alice");
        assertThat(site.get(Pki.jdk(), "on", "on", "/"))
                .startsWith("HTTP/1.1 400 ")
                .contains("No required SSL certificate was sent");
        assertThat(site.get(Pki.jdk(), "optional", "optional", "/")).endsWith("NONE ");
        assertThat(site.get(Pki.jdk(mallory), "noca", "noca", "/"))
                .contains("FAILED:self-signed certificate CN=mallory");
        assertThat(site.get(Pki.jdk(alice), "off", "off", "/")).endsWith("NONE ");
        assertThat(site.get(Pki.jdk(), "off", "on", "/")).startsWith("HTTP/1.1 421 ");
        site.awaitLog("client attempted to request the server name different from the one that was negotiated");
    }

    /** As nginx has it of OpenSSL: the authority need not be known, but dates and signatures count. */
    @Test
    void anExpiredCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        site.serve("server { " + SERVER + " ssl_verify_client optional_no_ca; return 200 $ssl_client_verify; }");
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        CertificateBuilder builder = Pki.named(CertificateBuilder.Algorithm.ecp256, "mallory")
                .notBefore(yesterday.minus(Duration.ofDays(1)))
                .notAfter(yesterday);
        X509Bundle issued = builder.buildIssuedBy(Pki.CA);
        X509Bundle own = builder.setIsCertificateAuthority(true).buildSelfSigned();
        for (X509Bundle shown : List.of(issued, own)) {
            assertThat(site.get(Pki.jdk(shown), "localhost", "localhost", "/"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("The SSL certificate error");
            site.awaitLog("client SSL certificate verify error: (10:certificate has expired)");
        }
    }

    @Test
    void aBadCertificateOfAClientIsRefusedAlsoWhenItsSessionGoesOn() throws Exception {
        site.serve("server { " + SERVER + " ssl_trusted_certificate b.pem; ssl_verify_client optional;"
                + " return 200 \"$ssl_client_verify $ssl_session_reused\"; }");
        var context = Pki.jdk(Pki.client("alice"));
        for (int i = 0; i < 3; i++) {
            assertThat(site.get(context, "localhost", "localhost", "/"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("The SSL certificate error");
        }
        site.awaitLog("client SSL certificate verify error: (21:unable to verify the first certificate)");
    }

    /** Also of a client that sends certificates of authorities along, and when its session goes on. */
    @Test
    void theClientsCertificateIsItsOwn() throws Exception {
        site.serve("server { " + SERVER + " ssl_client_certificate ca.pem; ssl_verify_client on; ssl_verify_depth 2;"
                + " return 200 \"$ssl_client_verify $ssl_client_s_dn $ssl_session_reused\"; }");
        X509Bundle middle = Pki.named(CertificateBuilder.Algorithm.ecp256, "Middle")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(Pki.CA);
        SSLContext carol = Pki.jdk(Pki.named(CertificateBuilder.Algorithm.ecp256, "carol")
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(middle));
        assertThat(site.get(carol, "localhost", "localhost", "/")).endsWith("SUCCESS CN=carol .");
        assertThat(site.get(carol, "localhost", "localhost", "/")).endsWith("SUCCESS CN=carol r");
    }

    @Test
    void certificatesMayDependOnTheName() throws Exception {
        site.serve("server { listen 127.0.0.1:PORT ssl; ssl_certificate $ssl_server_name.pem;"
                + " ssl_certificate_key $ssl_server_name.key; ssl_certificate_cache max=10; }");
        Files.copy(folder.resolve("b.pem"), folder.resolve("b.example.com.pem"));
        Files.copy(folder.resolve("b.key"), folder.resolve("b.example.com.key"));
        assertThat(subject("b.example.com")).isEqualTo("CN=b.example.com");
        assertThat(subject("b.example.com")).isEqualTo("CN=b.example.com");
        try (SSLSocket socket = site.dial(Pki.jdk(), "c.example.com")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
        site.awaitLog(
                "cannot load certificate \"" + folder + "/c.example.com.pem\": BIO_new_file() failed (SSL: error:");
    }

    /** As nginx does it: certificate and key are entries of their own, and the longest unused go first. */
    @Test
    void certificatesByNameAreKeptWithoutTheirFiles() throws Exception {
        site.serve("server { listen 127.0.0.1:PORT ssl; ssl_certificate $ssl_server_name.pem;"
                + " ssl_certificate_key $ssl_server_name.key; ssl_certificate_cache max=2 valid=1h; }");
        for (String name : new String[] {"b.example.com", "c.example.com"}) {
            Files.copy(folder.resolve("b.pem"), folder.resolve(name + ".pem"));
            Files.copy(folder.resolve("b.key"), folder.resolve(name + ".key"));
        }
        assertThat(subject("b.example.com")).isEqualTo("CN=b.example.com");
        Files.delete(folder.resolve("b.example.com.pem"));
        Files.delete(folder.resolve("b.example.com.key"));
        assertThat(subject("b.example.com")).isEqualTo("CN=b.example.com");
        assertThat(subject("c.example.com")).isEqualTo("CN=b.example.com");
        try (SSLSocket socket = site.dial(Pki.jdk(), "b.example.com")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }
}
