package io.gatehouse.module.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each directive, tried by openssl s_client or another real client. */
class SslDirectivesTest {
    private static final Path CERTBOT =
            Path.of("/usr/lib/python3/dist-packages/certbot_nginx/_internal/tls_configs/options-ssl-nginx.conf");
    private static final String SERVER = "listen 127.0.0.1:PORT ssl; ssl_certificate a.pem; ssl_certificate_key a.key;";

    @TempDir
    Path folder;

    private TlsSite site;

    @BeforeEach
    void make() throws Exception {
        site = new TlsSite(folder).certificate("a", Pki.server("localhost", "a.example.com"));
        assumeTrue(isThere("openssl"), "openssl is not installed");
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":", 0)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @AfterEach
    void end() throws Exception {
        site.close();
    }

    private String client(String... options) throws Exception {
        List<String> command =
                new java.util.ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + site.port));
        command.addAll(List.of(options));
        return site.run("", command.toArray(new String[0]));
    }

    @Test
    void versionsAreThoseOfTheServerThatIsAskedFor() throws Exception {
        site.serve("server { " + SERVER + " server_name old; ssl_protocols TLSv1.2; } server { " + SERVER
                + " server_name new; ssl_protocols TLSv1.3; }");
        assertThat(client("-servername", "old")).contains("Protocol  : TLSv1.2");
        assertThat(client("-servername", "new")).contains("New, TLSv1.3");
        assertThat(client("-servername", "new", "-tls1_2")).contains("protocol version");
    }

    @Test
    void theOrderOfCiphersIsTheClientsOrTheServers() throws Exception {
        String ciphers = " ssl_protocols TLSv1.2;"
                + " ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256"
                + ":@SECLEVEL=1;";
        site.serve("server { " + SERVER + ciphers + " server_name client; } server { " + SERVER + ciphers
                + " server_name server; ssl_prefer_server_ciphers on; }");
        String offered = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
        assertThat(client("-servername", "client", "-cipher", offered))
                .contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256");
        assertThat(client("-servername", "server", "-cipher", offered))
                .contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384");
        assertThat(client("-servername", "server", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"))
                .contains("handshake failure");
        assertThat(site.awaitLog("while SSL handshaking"))
                .contains("NO_SHARED_CIPHER")
                .doesNotContain("[crit]");
    }

    @Test
    void groupsAreThoseThatAreNamed() throws Exception {
        site.serve("server { " + SERVER + " ssl_ecdh_curve secp384r1:X448:prime256v1; }");
        assertThat(client("-groups", "X25519:P-256:P-384")).contains("ECDH, prime256v1");
        assertThat(client("-groups", "P-384")).contains("ECDH, secp384r1");
        assertThat(client("-groups", "X25519")).contains("handshake failure");
    }

    @Test
    void rsaAndEcdsaAreBothThere() throws Exception {
        site.certificate("rsa", Pki.server(Algorithm.rsa2048, "localhost"))
                .serve("server { ssl_certificate rsa.pem; ssl_certificate_key rsa.key; " + SERVER + " }");
        assertThat(client("-sigalgs", "ECDSA+SHA256")).contains("Peer signature type: ECDSA");
        assertThat(client("-sigalgs", "RSA-PSS+SHA256:RSA+SHA256")).contains("Peer signature type: RSA-PSS");
    }

    @Test
    void sessionsGoOnByIdentifierByTicketAndInTls13() throws Exception {
        site.serve("""
            server { %1$s server_name cache; ssl_session_cache shared:s:1m; ssl_session_tickets off; }
            server { %1$s server_name tickets; }
            server { %1$s server_name none; ssl_session_tickets off; }
            server { %1$s server_name builtin; ssl_session_cache builtin:100; ssl_session_tickets off; }
            """.formatted(SERVER));
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(reused("cache", version)).as("cache %s", version).isTrue();
            assertThat(reused("tickets", version)).as("tickets %s", version).isTrue();
            assertThat(reused("builtin", version)).as("builtin %s", version).isTrue();
            assertThat(reused("none", version)).as("none %s", version).isFalse();
        }
    }

    private boolean reused(String name, String version) throws Exception {
        Path session = folder.resolve("session");
        Files.deleteIfExists(session);
        String request = "GET / HTTP/1.0\r\n\r\n";
        String[] connect = {
            "openssl", "s_client", "-ign_eof", "-connect", "127.0.0.1:" + site.port, "-servername", name, version
        };
        List<String> first = new java.util.ArrayList<>(List.of(connect));
        first.addAll(List.of("-sess_out", "session"));
        site.run(request, first.toArray(new String[0]));
        if (!Files.exists(session)) {
            return false;
        }
        List<String> second = new java.util.ArrayList<>(List.of(connect));
        second.addAll(List.of("-sess_in", "session"));
        return site.run(request, second.toArray(new String[0])).contains("\nReused, TLS");
    }

    @Test
    void ticketsOfAFileAreUnderstoodByWhoeverHasTheFile() throws Exception {
        byte[] key = new byte[80];
        new java.util.Random(1).nextBytes(key);
        Files.write(folder.resolve("old.key"), key);
        new java.util.Random(2).nextBytes(key);
        Files.write(folder.resolve("new.key"), java.util.Arrays.copyOf(key, 48));
        site.serve("server { " + SERVER + " ssl_session_ticket_key old.key; }");
        site.run(
                "GET / HTTP/1.0\r\n\r\n",
                "openssl",
                "s_client",
                "-ign_eof",
                "-connect",
                "127.0.0.1:" + site.port,
                "-sess_out",
                "session");
        site.close();
        site.serve("server { " + SERVER + " ssl_session_ticket_key new.key; ssl_session_ticket_key old.key; }");
        assertThat(client("-sess_in", "session")).contains("\nReused, TLS");
    }

    @Test
    void encryptedKeysAreReadWithTheirPasswords() throws Exception {
        site.run("", "openssl", "pkcs8", "-topk8", "-in", "a.key", "-out", "pkcs8.key", "-passout", "pass:second");
        site.run("", "openssl", "ec", "-aes256", "-in", "a.key", "-out", "sec1.key", "-passout", "pass:second");
        site.write("passwords", "first\nsecond\n");
        site.serve("ssl_password_file passwords; ssl_certificate a.pem; server { listen 127.0.0.1:PORT ssl;"
                + " server_name pkcs8; ssl_certificate_key pkcs8.key; } server { listen 127.0.0.1:PORT ssl;"
                + " server_name sec1; ssl_certificate_key sec1.key; }");
        assertThat(client("-servername", "pkcs8")).contains("CN = localhost");
        assertThat(client("-servername", "sec1")).contains("CN = localhost");
    }

    @Test
    void theTextItselfMayBeTheCertificate() throws Exception {
        String certificate = Files.readString(folder.resolve("a.pem"));
        String key = Files.readString(folder.resolve("a.key"));
        site.serve("server { listen 127.0.0.1:PORT ssl; ssl_certificate \"data:" + certificate
                + "\"; ssl_certificate_key \"data:" + key + "\"; }");
        assertThat(client()).contains("CN = localhost");
    }

    @Test
    void revokedCertificatesAreRefused() throws Exception {
        X509Bundle alice = Pki.client("alice");
        X509Bundle bob = Pki.client("bob");
        site.write("ca.key", Pki.CA.getPrivateKeyPEM());
        site.write("bob.pem", bob.getCertificatePEM());
        site.write("index", "");
        site.write("ca.conf", "[ca]\ndefault_ca = c\n[c]\ndatabase = index\ndefault_md = sha256\n");
        site.run(
                "",
                "openssl",
                "ca",
                "-config",
                "ca.conf",
                "-revoke",
                "bob.pem",
                "-keyfile",
                "ca.key",
                "-cert",
                "ca.pem");
        site.run(
                "",
                "openssl",
                "ca",
                "-gencrl",
                "-config",
                "ca.conf",
                "-keyfile",
                "ca.key",
                "-cert",
                "ca.pem",
                "-crldays",
                "1",
                "-out",
                "crl.pem");
        site.serve("server { " + SERVER + " ssl_client_certificate ca.pem; ssl_verify_client on; ssl_crl crl.pem;"
                + " error_page 495 = /bad; location / { return 200 good; }"
                + " location /bad { return 200 \"bad $ssl_client_verify\"; } }");
        assertThat(site.get(Pki.jdk(alice), "localhost", "localhost", "/")).endsWith("good");
        assertThat(site.get(Pki.jdk(bob), "localhost", "localhost", "/")).endsWith("bad FAILED:certificate revoked");
    }

    @Test
    void variablesTellOfTheClientsCertificate() throws Exception {
        X509Bundle alice = Pki.client("alice");
        site.serve("server { " + SERVER + " ssl_client_certificate ca.pem; ssl_verify_client on; return 200"
                                        + " \"$ssl_client_s_dn|$ssl_client_i_dn|$ssl_client_s_dn_legacy|$ssl_client_serial|$ssl_client_fingerprint|$ssl_client_v_end|$ssl_client_escaped_cert|$ssl_protocol|$ssl_server_name\";"
                                        + " }");
        String answer = site.get(Pki.jdk(alice), "localhost", "localhost", "/");
        assertThat(answer)
                .contains(
                        "\r\n\r\nCN=alice|CN=Test Authority|/CN=alice|" + serial(alice) + "|",
                        "|-----BEGIN%20CERTIFICATE-----%0A",
                        " GMT|",
                        "|TLSv1.3|localhost");
    }

    /** Whole octets, as OpenSSL prints them: a nought may come first. */
    private static String serial(X509Bundle of) {
        String digits = of.getCertificate().getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    @Test
    void aResponseOfTheAuthorityIsSentAlong() throws Exception {
        site.write("ca.key", Pki.CA.getPrivateKeyPEM());
        site.write("own.pem", Files.readString(folder.resolve("a.pem")));
        site.write("index", "");
        site.run(
                "",
                "openssl",
                "ocsp",
                "-index",
                "index",
                "-CA",
                "ca.pem",
                "-rsigner",
                "ca.pem",
                "-rkey",
                "ca.key",
                "-issuer",
                "ca.pem",
                "-cert",
                "own.pem",
                "-respout",
                "response.der",
                "-ndays",
                "1");
        site.serve("server { " + SERVER + " ssl_stapling on; ssl_stapling_file response.der; }");
        assertThat(client("-status")).contains("OCSP Response Status: successful");
    }

    @Test
    void openSslsCommandsHaveTheLastWord() throws Exception {
        site.certificate("b", Pki.server("b.example.com"))
                .serve("server { " + SERVER + " ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command MaxProtocol TLSv1.2;"
                        + " ssl_session_tickets off; ssl_conf_command Options SessionTicket,-ServerPreference;"
                        + " ssl_conf_command Certificate b.pem; ssl_conf_command PrivateKey b.key; }");
        assertThat(client()).contains("CN = b.example.com", "Protocol  : TLSv1.2", "TLS session ticket:");
    }

    @Test
    void whatCertbotWritesIsAccepted() throws Exception {
        assumeTrue(Files.exists(CERTBOT), "certbot's plugin for nginx is not installed");
        site.write("dhparam.pem", "-----BEGIN DH PARAMETERS-----\nMAYCAQUCAQI=\n-----END DH PARAMETERS-----\n");
        site.serve("server { " + SERVER + " include " + CERTBOT + "; ssl_dhparam dhparam.pem; return 200 ok; }");
        try (HttpClient client = HttpClient.newBuilder().sslContext(Pki.jdk()).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + site.port + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("ok");
        }
    }

    @Test
    void renegotiationIsRefused() throws Exception {
        site.serve("server { " + SERVER + " ssl_protocols TLSv1.2; }");
        String said = site.run("R\n", "openssl", "s_client", "-connect", "127.0.0.1:" + site.port);
        assertThat(said).contains("RENEGOTIATING", "no renegotiation");
    }

    @Test
    void http2IsAgreedOnByAlpn() throws Exception {
        site.serve("server { " + SERVER + " http2 on; server_name localhost; return 200 $server_protocol; }"
                + " server { " + SERVER + " server_name one; return 200 $server_protocol; }");
        assertThat(client("-alpn", "h2,http/1.1", "-servername", "localhost")).contains("ALPN protocol: h2");
        assertThat(client("-alpn", "h2,http/1.1", "-servername", "one")).contains("ALPN protocol: http/1.1");
        try (HttpClient http = HttpClient.newBuilder().sslContext(Pki.jdk()).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + site.port + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("HTTP/2.0");
        }
    }

    /** It stops a test of the configuration, but not a server that serves others too. */
    @Test
    void anExpiredCertificateIsServedWithAWarningAndFailsTheTest() throws Exception {
        X509Bundle expired = Pki.named(Algorithm.ecp256, "old")
                .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
                .notAfter(Instant.parse("2021-01-01T00:00:00Z"))
                .buildIssuedBy(Pki.CA);
        site.certificate("a", expired).serve("server { " + SERVER + " }");
        assertThat(client()).contains("CN = old");
        java.io.PrintStream stderr = System.err;
        java.io.ByteArrayOutputStream said = new java.io.ByteArrayOutputStream();
        System.setErr(new java.io.PrintStream(said, true, java.nio.charset.StandardCharsets.ISO_8859_1));
        try {
            int exit = io.gatehouse.cli.Commands.run(
                    new String[] {"-t", "-p", folder + "/", "-c", "nginx.conf", "-e", "logs/test.log"});
            assertThat(exit).isEqualTo(1);
        } finally {
            System.setErr(stderr);
        }
        assertThat(said.toString(java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("[emerg] certificate \"" + folder + "/a.pem\" has expired on 2021-01-01 00:00:00 UTC in ");
    }
}
