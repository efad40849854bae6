package io.gatehouse.module.ssl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.Commands;
import io.gatehouse.testing.OcspResponder;
import io.gatehouse.testing.OcspResponder.Says;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an authority's responder says of a server's certificate reaches clients that ask for it ({@code ssl_stapling}). */
@Timeout(120)
class StaplingTest {
    private static final String LISTEN = "listen 127.0.0.1:PORT ssl;";
    private static final String SERVER = LISTEN + " ssl_certificate a.pem; ssl_certificate_key a.key;";
    private static final String STAPLES = " ssl_stapling on; ssl_trusted_certificate ca.pem;";

    @TempDir
    Path folder;

    private TlsSite site;
    private OcspResponder responder;
    private X509Bundle own;

    @BeforeEach
    void make() throws Exception {
        responder = new OcspResponder();
        own = certificate(Algorithm.ecp256);
        site = new TlsSite(folder).certificate("a", own);
        responder.says(own.getCertificate(), Says.good());
    }

    private X509Bundle certificate(Algorithm algorithm) throws Exception {
        return Pki.named(algorithm, "localhost")
                .addSanDnsName("localhost")
                .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, OcspResponder.access(responder.url()))
                .buildIssuedBy(Pki.CA);
    }

    @AfterEach
    void end() throws Exception {
        site.close();
        responder.close();
    }

    /** The response that comes with the certificate, or null. */
    private byte @Nullable [] staple(String name, String... ciphers) throws Exception {
        try (SSLSocket socket = site.dial(Pki.jdk(), name)) {
            if (ciphers.length > 0) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(ciphers);
            }
            socket.startHandshake();
            List<byte[]> responses = ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
            byte[] first = responses.isEmpty() ? null : responses.getFirst();
            return first == null || first.length == 0 ? null : first;
        }
    }

    /** Connects until there is one. */
    private byte[] awaitStaple(String name, String... ciphers) throws Exception {
        for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; ) {
            byte[] response = staple(name, ciphers);
            if (response != null) {
                return response;
            }
        }
        throw new AssertionError("nothing came along with the certificate");
    }

    @Test
    void theFirstClientHasItAskedForAndTheNextOnesGetIt() throws Exception {
        responder.hold();
        site.serve("server { " + SERVER + STAPLES + " return 200 page; }");
        assertThat(staple("localhost")).isNull();
        assertThat(site.get(Pki.jdk(), "localhost", "localhost", "/")).endsWith("page");
        responder.release();
        byte[] response = awaitStaple("localhost");
        assertThat(responder.given).hasSize(1);
        assertThat(response).isEqualTo(responder.given.getFirst());
        for (int i = 0; i < 5; i++) {
            assertThat(staple("localhost")).isEqualTo(response);
        }
        assertThat(staple("localhost", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .isEqualTo(response);
        assertThat(responder.asked).hasSize(1);
    }

    @Test
    void eachOfSeveralCertificatesHasItsOwn() throws Exception {
        X509Bundle rsa = certificate(Algorithm.rsa2048);
        responder.says(rsa.getCertificate(), Says.good());
        site.certificate("rsa", rsa)
                .serve("server { " + SERVER + STAPLES + " ssl_certificate rsa.pem; ssl_certificate_key rsa.key; }");
        byte[] one = awaitStaple("localhost", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        byte[] other = awaitStaple("localhost", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(one).isNotEqualTo(other);
        assertThat(responder.given).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void openSslFindsItGood() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        site.serve("server { " + SERVER + STAPLES + " }");
        String[] client = {"openssl", "s_client", "-connect", "127.0.0.1:" + site.port, "-status", "-CAfile", "ca.pem"};
        assertThat(site.run("", client)).contains("OCSP response: no response sent");
        awaitStaple("localhost");
        assertThat(site.run("", client)).contains("OCSP Response Status: successful", "Cert Status: good");
    }

    @Test
    void nobodyIsAskedForAClientThatDoesNotAsk() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        site.serve("server { " + SERVER + STAPLES + " ssl_stapling_responder " + responder.url() + "x/; }");
        for (int i = 0; i < 3; i++) {
            assertThat(site.run("", "openssl", "s_client", "-connect", "127.0.0.1:" + site.port))
                    .contains("CN = localhost");
        }
        assertThat(staple("localhost")).isNull();
        awaitStaple("localhost");
        assertThat(responder.asked).hasSize(1).allMatch(target -> target.startsWith("/x/"));
    }

    /** What is not good is not sent along, is told, and is not asked for again at once. */
    @Test
    void whatIsNotGoodIsKeptBack() throws Exception {
        responder.says("/page/", response -> OcspResponder.http("text/html", response));
        responder.says("/broken/", response -> OcspResponder.http("application/ocsp-response", new byte[] {1, 2, 3}));
        responder.says("/cut/", response -> "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(ISO_8859_1));
        responder.says("/noise/", response -> "noise\r\n\r\n".getBytes(ISO_8859_1));
        responder.says(
                "/busy/",
                response -> OcspResponder.http("application/ocsp-response", new byte[] {0x30, 3, 0x0a, 1, 3}));
        responder.says("/error/", response -> "HTTP/1.1 503 Busy\r\n\r\n".getBytes(ISO_8859_1));
        responder.says("/signature/", response -> {
            byte[] changed = response.clone();
            changed[changed.length - 1] ^= 1;
            return OcspResponder.http("application/ocsp-response", changed);
        });
        expect("revoked", Says.revoked(), "certificate status \"revoked\" in the OCSP response");
        expect("unknown", Says.unknown(), "certificate status \"unknown\" in the OCSP response");
        expect(
                "old",
                Says.good().validFor(Duration.ofHours(-1)),
                "OCSP_check_validity() failed (SSL: error:1380007D:OCSP routines::status expired)");
        expect("page", Says.good(), "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"");
        expect("broken", Says.good(), "d2i_OCSP_RESPONSE() failed (SSL: ");
        expect("cut", Says.good(), "OCSP responder prematurely closed connection");
        expect("noise", Says.good(), "OCSP responder sent invalid response");
        expect("busy", Says.good(), "OCSP response not successful (3: trylater)");
        expect("error", Says.good(), "OCSP responder sent status 503");
        expect(
                "signature",
                Says.good(),
                "OCSP_basic_verify() failed (SSL: error:13800075:OCSP routines::signature failure)");
    }

    private void expect(String path, Says says, String told) throws Exception {
        responder.says(own.getCertificate(), says);
        site.serve("server { " + SERVER + STAPLES + " ssl_stapling_responder " + responder.url() + path + "/; }");
        assertThat(staple("localhost")).isNull();
        String place = " while requesting certificate status, responder: 127.0.0.1, peer: 127.0.0.1:" + responder.port()
                + ", certificate: \"" + folder + "/a.pem\"";
        String log = site.awaitLog(told);
        assertThat(log.lines().filter(line -> line.contains(told)))
                .as(path)
                .hasSize(1)
                .allMatch(line -> line.endsWith(place))
                .allMatch(line -> line.contains("[error]"));
        for (int i = 0; i < 3; i++) {
            assertThat(staple("localhost")).as(path).isNull();
        }
        assertThat(responder.asked("/" + path + "/")).as(path).isEqualTo(1);
        site.close();
    }

    @Test
    void aResponderThatIsNotThereIsTold() throws Exception {
        int nobody;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        site.serve("server { " + SERVER + STAPLES + " ssl_stapling_responder http://127.0.0.1:" + nobody + "; }");
        assertThat(staple("localhost")).isNull();
        site.awaitLog("connect() failed (111: Connection refused) while requesting certificate status, responder:"
                + " 127.0.0.1, peer: 127.0.0.1:" + nobody + ", certificate: \"" + folder + "/a.pem\"");
    }

    @Test
    void whoHasSignedItIsLookedAtIfThatIsWanted() throws Exception {
        X509Bundle delegate = Pki.named(Algorithm.ecp256, "responder")
                .addExtendedKeyUsageOcspSigning()
                .buildIssuedBy(Pki.CA);
        X509Bundle sibling = Pki.named(Algorithm.ecp256, "sibling").buildIssuedBy(Pki.CA);
        X509Bundle stranger = Pki.named(Algorithm.ecp256, "stranger")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        site.write("chain.pem", own.getCertificatePEM() + Pki.CA.getCertificatePEM());
        verified("issuer", "a.pem", Says.good().signedBy(Pki.CA, true), null);
        verified("in-chain", "chain.pem", Says.good(), null);
        verified("delegate", "a.pem", Says.good().signedBy(delegate, true), null);
        verified(
                "sibling", "a.pem", Says.good().signedBy(sibling, true), "67:OCSP routines::missing ocspsigning usage");
        verified(
                "stranger",
                "a.pem",
                Says.good().signedBy(stranger, true),
                "65:OCSP routines::certificate verify error:Verify error: self-signed certificate");
        verified("known", "a.pem", Says.good(), null);
        verified(
                "nobody",
                "a.pem",
                Says.good().signedBy(delegate, false),
                "76:OCSP routines::signer certificate not found");
        // Without ssl_stapling_verify nginx sends it along, whoever has signed it.
        responder.says(own.getCertificate(), Says.good().signedBy(stranger, true));
        site.serve("server { " + SERVER + STAPLES + " ssl_stapling_responder " + responder.url() + "any/; }");
        awaitStaple("localhost");
    }

    private void verified(String path, String file, Says says, @Nullable String trouble) throws Exception {
        responder.says(own.getCertificate(), says);
        site.serve("server { " + LISTEN + " ssl_certificate " + file + "; ssl_certificate_key a.key;" + STAPLES
                + " ssl_stapling_verify on; ssl_stapling_responder " + responder.url() + path + "; }");
        if (trouble == null) {
            awaitStaple("localhost");
        } else {
            assertThat(staple("localhost")).isNull();
            site.awaitLog("OCSP_basic_verify() failed (SSL: error:138000" + trouble + ")");
            assertThat(staple("localhost")).as(path).isNull();
        }
        site.close();
    }

    @Test
    void whoCannotBeAskedIsTold() throws Exception {
        site.certificate("plain", Pki.server("localhost"));
        String plain = LISTEN + " ssl_certificate plain.pem; ssl_certificate_key plain.key;";
        String ignored = "\"ssl_stapling\" ignored, ";
        warned(
                "server { " + SERVER + " ssl_stapling on; }",
                ignored + "issuer certificate not found for certificate \"" + folder + "/a.pem\"");
        warned(
                "server { " + plain + STAPLES + " }",
                ignored + "no OCSP responder URL in the certificate \"" + folder + "/plain.pem\"");
        warned(
                "server { " + plain + STAPLES + " ssl_stapling_responder https://ocsp.example.com/; }",
                ignored + "invalid URL prefix in OCSP responder \"https://ocsp.example.com/\" in the certificate \""
                        + folder + "/plain.pem\"");
        warned(
                "server { " + plain + STAPLES + " ssl_stapling_responder http://127.0.0.1:99999/; }",
                ignored + "invalid port in OCSP responder \"127.0.0.1:99999/\" in the certificate \"" + folder
                        + "/plain.pem\"");
        warned(
                "server { " + plain + STAPLES + " ssl_stapling_responder http://nobody.invalid/; }",
                ignored + "host not found in OCSP responder \"nobody.invalid/\" in the certificate \"" + folder
                        + "/plain.pem\"");
    }

    private void warned(String http, String warning) throws Exception {
        site.configuration(http);
        PrintStream stderr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, ISO_8859_1));
        try {
            assertThat(Commands.run(new String[] {"-t", "-p", folder + "/", "-c", "nginx.conf"}))
                    .isZero();
        } finally {
            System.setErr(stderr);
        }
        assertThat(said.toString(ISO_8859_1)).contains("[warn] " + warning);
    }

    @Test
    void aResponseSurvivesAReload() throws Exception {
        site.serve("server { " + SERVER + STAPLES + " return 200 before; }");
        byte[] response = awaitStaple("localhost");
        site.configuration("server { " + SERVER + STAPLES + " ssl_stapling_verify off; return 200 after; }");
        site.reload();
        assertThat(staple("localhost")).isEqualTo(response);
        assertThat(site.get(Pki.jdk(), "localhost", "localhost", "/")).endsWith("after");
        assertThat(responder.asked).hasSize(1);
    }
}
