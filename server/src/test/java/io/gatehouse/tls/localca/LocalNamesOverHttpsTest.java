package io.gatehouse.tls.localca;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.run.ProcessSignal;
import io.gatehouse.testing.LocallyCertified;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
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

    private static LocallyCertified server;

    @BeforeAll
    static void serve() throws Exception {
        server = new LocallyCertified(folder, """
            auto_https local;
            server {
                listen PORT ssl;
                listen [::]:PORT ssl ipv6only=on;
                server_name localhost 192.168.77.7;
                return 200 one;
            }
            server { listen PORT ssl; server_name paperclip.test; return 200 two; }
            """);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    private static String get(String address, String name) throws IOException {
        try (SSLSocket socket = server.dial(address, name)) {
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
    void whoTrustsTheRootAloneIsServed(String address, String name, String expected) throws IOException {
        assertThat(get(address, name)).startsWith("HTTP/1.1 200 ").endsWith(expected);
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
        try (SSLSocket named = server.dial("127.0.0.1", "app.localhost");
                SSLSocket bare = server.dial("127.0.0.1", "127.0.0.1")) {
            assertThat(names(named)).containsExactly("app.localhost");
            assertThat(names(bare))
                    .containsExactlyInAnyOrder("127.0.0.1", "localhost", "192.168.77.7", "0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void aReloadKeepsTheCertificates() throws Exception {
        try (SSLSocket before = server.dial("127.0.0.1", "kept.test")) {
            server.send(ProcessSignal.HUP);
            awaitLog("gracefully shutting down");
            try (SSLSocket after = server.dial("127.0.0.1", "kept.test")) {
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
        assertThatThrownBy(() -> server.dial("127.0.0.1", "example.com"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("No subject alternative DNS name matching example.com found");
    }
}
