package io.gatehouse.module.ssl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Pki;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 over TLS: what ALPN agrees on, and real clients (RFC 9113, 3.2). */
@Timeout(120)
class Http2OverTlsTest {
    @TempDir
    private Path folder;

    private TlsSite site;

    @BeforeEach
    void serve() throws Exception {
        site = new TlsSite(folder)
                .certificate("a", Pki.server("localhost", "off.example.com"))
                .serve("""
                    ssl_certificate a.pem;
                    ssl_certificate_key a.key;
                    server {
                        listen 127.0.0.1:PORT ssl;
                        server_name localhost;
                        http2 on;
                        location / { }
                        location /said { return 200 "$server_protocol $http2 $scheme $request"; }
                    }
                    server {
                        listen 127.0.0.1:PORT;
                        server_name off.example.com;
                        return 200 "off $server_protocol";
                    }
                    """);
        Files.writeString(folder.resolve("html/large.txt"), "0123456789abcdef".repeat(200_000));
    }

    @AfterEach
    void end() throws Exception {
        site.close();
    }

    private SSLSocket dial(String name, String... protocols) throws IOException {
        SSLSocket socket = site.dial(Pki.jdk(), name);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void theClientsProtocolIsAgreedOnForTheServerItNames() throws Exception {
        try (SSLSocket both = dial("localhost", "h2", "http/1.1");
                SSLSocket old = dial("localhost", "http/1.1");
                SSLSocket none = dial("localhost");
                SSLSocket off = dial("off.example.com", "h2", "http/1.1")) {
            assertThat(both.getApplicationProtocol()).isEqualTo("h2");
            assertThat(old.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(TlsSite.get(old, "localhost", "/said")).endsWith("HTTP/1.1  https GET /said HTTP/1.1");
            assertThat(TlsSite.get(none, "localhost", "/said")).endsWith("HTTP/1.1  https GET /said HTTP/1.1");
            assertThat(off.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void framesFlowOverTls() throws Exception {
        try (Http2Peer peer = new Http2Peer(dial("localhost", "h2"))) {
            peer.preface();
            peer.settings(4, 1 << 23);
            peer.window(0, 1 << 23);
            String[] request = {":method", "GET", ":scheme", "https", ":path", "/said", ":authority", "localhost"};
            assertThat(peer.answer(peer.open(true, request)).body()).isEqualTo("HTTP/2.0 h2 https GET /said HTTP/2.0");
            request[5] = "/large.txt";
            assertThat(peer.answer(peer.open(true, request)).body()).isEqualTo("0123456789abcdef".repeat(200_000));
            request[7] = "off.example.com";
            assertThat(peer.answer(peer.open(true, request)).status()).isEqualTo(421);
        }
    }

    @Test
    void whatDoesNotBeginWithThePrefaceIsRefused() throws Exception {
        try (Http2Peer peer = new Http2Peer(dial("localhost", "h2"))) {
            peer.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            assertThat(peer.readToEnd())
                    .extracting(Http2Peer.Frame::type)
                    .contains(Http2Peer.GOAWAY)
                    .doesNotContain(Http2Peer.HEADERS);
        }
        site.awaitLog("invalid connection preface");
    }

    @Test
    void theJdksClientSpeaksIt() throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(Pki.jdk()).build()) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String path = i % 3 == 0 ? "/large.txt" : "/said";
                all.add(client.sendAsync(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + site.port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> one : all) {
                HttpResponse<String> answer = one.join();
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.body().length()).isIn(3_200_000, "HTTP/2.0 h2 https GET /said HTTP/2.0".length());
            }
        }
    }

    @Test
    void curlSpeaksIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")));
        String url = "https://localhost:" + site.port;
        assertThat(site.run("", "curl", "-sS", "--cacert", "ca.pem", "-w", " %{http_version}", url + "/said"))
                .isEqualTo("HTTP/2.0 h2 https GET /said HTTP/2.0 2");
        assertThat(site.run("", "curl", "-sS", "--cacert", "ca.pem", "--http1.1", url + "/said"))
                .startsWith("HTTP/1.1  https");
    }
}
