package io.gatehouse.tls.localca;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.config.build.Paths;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.testing.RunningServer;
import io.gatehouse.wire.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code auto_https local}, and clients that trust nothing but the root. */
class LocalNamesOverHttpsTest {
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir
    private static Path folder;

    private static int port;
    private static RunningServer server;
    private static SSLContext trust;

    @BeforeAll
    static void serve() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("logs"));
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
            worker_processes 1;
            error_log logs/error.log info;
            events {}
            http {
                access_log off;
                auto_https local;
                server {
                    listen PORT ssl;
                    listen [::]:PORT ssl ipv6only=on;
                    server_name localhost 192.168.77.7;
                    return 200 one;
                }
                server { listen PORT ssl; server_name paperclip.test; return 200 two; }
            }
            """.replace("PORT", Integer.toString(port)));
        server = new RunningServer(folder, file);
        LocalAuthority authority = new LocalAuthority(Paths.state(), new SystemClock());
        assertThat(authority.file()).as("the server has made it").exists();
        authority.open();
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        for (RootCertificate root : authority.roots()) {
            roots.setCertificateEntry(root.mark(), root.certificate());
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(roots);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    /** Shakes hands with an address, as with what is known by that name. */
    private static SSLSocket dial(String address, String name) throws IOException {
        Socket plain = new Socket(InetAddress.ofLiteral(address), port);
        plain.setSoTimeout(PATIENCE_MILLIS);
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static String get(String address, String name) throws IOException {
        try (SSLSocket socket = dial(address, name)) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + (name.contains(":") ? "[" + name + "]" : name)
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static List<String> names(SSLSocket socket) throws Exception {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return shown.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost, one",
        "127.0.0.1, app.localhost, one",
        "127.0.0.1, paperclip.test, two",
        "127.0.0.1, 127.0.0.1, one",
        "127.0.0.9, 127.0.0.9, one",
        "::1, ::1, one",
        "::1, localhost, one",
        "127.0.0.1, 192.168.77.7, one"
    })
    void whoTrustsTheRootAloneIsServed(String address, String name, String server) throws IOException {
        assertThat(get(address, name)).startsWith("HTTP/1.1 200 ").endsWith(server);
    }

    /** Such as a machine at home has. */
    @Test
    void aPrivateAddressOfThisMachineIsServed() throws IOException {
        List<String> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .filter(LocalNames::isLocal)
                .map(address -> address.replaceFirst("%.*", ""))
                .toList();
        for (String address : own) {
            assertThat(get(address, address)).as(address).endsWith("one");
        }
    }

    @Test
    void aNameHasACertificateOfItsOwnAndAnAddressOneWithTheServersNames() throws Exception {
        try (SSLSocket named = dial("127.0.0.1", "app.localhost");
                SSLSocket bare = dial("127.0.0.1", "127.0.0.1")) {
            assertThat(names(named)).containsExactly("app.localhost");
            assertThat(names(bare))
                    .containsExactlyInAnyOrder("127.0.0.1", "localhost", "192.168.77.7", "0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void aReloadKeepsTheCertificates() throws Exception {
        try (SSLSocket before = dial("127.0.0.1", "kept.test")) {
            server.send(ProcessSignal.HUP);
            awaitLog("gracefully shutting down");
            try (SSLSocket after = dial("127.0.0.1", "kept.test")) {
                assertThat(after.getSession().getPeerCertificates())
                        .isEqualTo(before.getSession().getPeerCertificates());
            }
        }
    }

    /** A file tells nothing by itself, so it is looked at again and again. */
    private static void awaitLog(String text) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < PATIENCE_MILLIS / 20; i++) {
            if (Files.readString(folder.resolve("logs/error.log")).contains(text)) {
                return;
            }
            boolean _ = never.await(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError(Files.readString(folder.resolve("logs/error.log")));
    }

    @Test
    void nothingIsIssuedForAPublicName() {
        assertThatThrownBy(() -> dial("127.0.0.1", "example.com"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("No subject alternative DNS name matching example.com found");
    }
}
