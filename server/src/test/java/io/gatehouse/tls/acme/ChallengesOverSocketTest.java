package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.run.Server;
import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RawHttp;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authority sees that looks whether a name is ours, of a server that refuses and redirects everything. */
class ChallengesOverSocketTest {
    private static final String AUTHORIZATION = "token-1.thumbprint_of-the_account";
    private static final X509Bundle SHOWN = Pki.server("one.example.com");

    @TempDir
    private static Path folder;

    private static int plain;
    private static int secure;
    private static Server server;
    private static Thread serving;
    private static Challenges challenges;

    @BeforeAll
    static void serve() throws Exception {
        plain = freePort();
        secure = freePort();
        Files.createDirectories(folder.resolve("logs"));
        X509Bundle own = Pki.server("one.example.com", "two.example.com");
        Files.writeString(folder.resolve("own.pem"), own.getCertificatePathPEM());
        Files.writeString(folder.resolve("own.key"), own.getPrivateKeyPEM());
        Path file = Files.writeString(
                folder.resolve("nginx.conf"), """
                    worker_processes 1;
                    error_log logs/error.log info;
                    events {}
                    http {
                        access_log off;
                        acme_issuer nobody {
                            uri https://127.0.0.1:%d/dir;
                        }
                        server {
                            listen 127.0.0.1:%d;
                            listen 127.0.0.1:%d ssl;
                            server_name one.example.com;
                            acme_certificate nobody;
                            ssl_certificate own.pem;
                            ssl_certificate_key own.key;
                            return 301 https://$host$request_uri;
                        }
                        server {
                            listen 127.0.0.1:%d;
                            listen 127.0.0.1:%d ssl;
                            server_name two.example.com;
                            ssl_certificate own.pem;
                            ssl_certificate_key own.key;
                            ssl_verify_client optional_no_ca;
                            location / {
                                deny all;
                            }
                        }
                    }
                    """.formatted(freePort(), plain, secure, plain, secure));
        server = new Server(new Paths(folder, folder, file), "", "stderr");
        Snapshot snapshot = server.load();
        challenges = Objects.requireNonNull(snapshot.shared(Acme.class)).challenges();
        CountDownLatch started = new CountDownLatch(1);
        serving = Thread.ofPlatform().daemon().start(() -> server.serve(snapshot, started::countDown));
        started.await();
        challenges.answer("token-1", AUTHORIZATION);
        challenges.answer(AcmeIdentifier.of("one.example.com"), Pki.identity(SHOWN));
        challenges.answer(AcmeIdentifier.of("192.0.2.7"), Pki.identity(SHOWN));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.send(ProcessSignal.TERM);
        serving.join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // -- http-01

    @ParameterizedTest
    @ValueSource(strings = {"one.example.com", "two.example.com", "nobody.example.com"})
    void aTokenIsAnsweredWhateverTheServerSays(String host) throws IOException {
        RawHttp.Answer answer = ask("GET", Challenges.HTTP_PATH + "token-1", host);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.body()).isEqualTo(AUTHORIZATION);
    }

    @Test
    void aHeadSaysHowMuchThereIs() throws IOException {
        RawHttp.Answer answer = ask("HEAD", Challenges.HTTP_PATH + "token-1", "one.example.com");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Length")).isEqualTo(Integer.toString(AUTHORIZATION.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /.well-known/acme-challenge/token-2",
                "GET /.well-known/acme-challenge/",
                "GET /.well-known/acme-challenge/token-1/",
                "GET /x/.well-known/acme-challenge/token-1",
                "POST /.well-known/acme-challenge/token-1",
                "DELETE /.well-known/acme-challenge/token-1"
            })
    void anythingElseGoesTheNormalWay(String request) throws IOException {
        String[] words = request.split(" ");
        RawHttp.Answer answer = ask(words[0], words[1], "one.example.com");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.field("Location")).isEqualTo("https://one.example.com" + words[1]);
    }

    @Test
    void aTokenIsAnsweredOverTlsToo() throws IOException {
        try (SSLSocket socket = dial("one.example.com", "http/1.1")) {
            socket.getOutputStream()
                    .write(("GET " + Challenges.HTTP_PATH + "token-1 HTTP/1.1\r\nHost: one.example.com\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\n" + AUTHORIZATION);
        }
    }

    private static RawHttp.Answer ask(String method, String target, String host) throws IOException {
        try (RawHttp http = new RawHttp(plain)) {
            http.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return http.receive(!method.equals("HEAD"));
        }
    }

    // -- tls-alpn-01

    @ParameterizedTest
    @ValueSource(strings = {"one.example.com", "ONE.example.com", "7.2.0.192.in-addr.arpa"})
    void theCertificateOfAChallengeIsShownAndTheConnectionEnds(String name) throws IOException {
        try (SSLSocket socket = dial(name, Challenges.TLS_PROTOCOL)) {
            assertThat(socket.getApplicationProtocol()).isEqualTo(Challenges.TLS_PROTOCOL);
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(SHOWN.getCertificate());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void nobodyWhoSpeaksSomethingElseTooIsShownIt() throws IOException {
        try (SSLSocket socket = dial("one.example.com", Challenges.TLS_PROTOCOL, "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getPeerCertificates()[0]).isNotEqualTo(SHOWN.getCertificate());
        }
    }

    @Test
    void aNameThatNobodyWaitsForIsRefused() {
        assertThatThrownBy(() -> dial("two.example.com", Challenges.TLS_PROTOCOL))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
    }

    private static SSLSocket dial(String name, String... protocols) throws IOException {
        Socket tcp = new Socket(InetAddress.getLoopbackAddress(), secure);
        tcp.setSoTimeout(20_000);
        SSLSocket socket = (SSLSocket) Pki.jdk().getSocketFactory().createSocket(tcp, name, secure, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }
}
