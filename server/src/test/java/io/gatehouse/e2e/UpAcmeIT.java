package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pebble;
import io.gatehouse.testing.RawHttp;
import java.io.IOException;
import java.math.BigInteger;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code gatehouse up NAME} as a user types it, with a public name and pebble for its authority: from the command to the page,
 * what it prints on the way, what it keeps, and what it says when there is no certificate to be had.
 */
class UpAcmeIT {
    private static final String NAME = "paperclip.example.com";
    private static final int HANDSHAKES = 20;

    @TempDir
    private Path folder;

    private int http;
    private int https;
    private Pebble authority;
    private Launched up;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Pebble.missing().isEmpty(), () -> "not installed: " + Pebble.missing());
        http = Launched.freePort();
        https = Launched.freePort();
        authority = new Pebble(folder, http, https);
    }

    @AfterEach
    void stop() {
        if (up != null) {
            up.close();
        }
        if (authority != null) {
            authority.close();
        }
    }

    /** @param httpPort from which clients are sent to HTTPS, or off */
    private Launched up(String directory, String httpPort) throws Exception {
        List<String> words = new ArrayList<>(List.of("--acme", directory, "--acme-ca"));
        words.addAll(List.of(authority.trusted().toString(), "--http-port", httpPort, "--listen", "127.0.0.1"));
        return Launched.up(folder, https, NAME, words.toArray(new String[0]));
    }

    private String get(SSLContext trust) throws IOException {
        try (HttpsClient client = new HttpsClient(trust, NAME, https)) {
            return client.get("/echo");
        }
    }

    private BigInteger serial(SSLContext trust) throws IOException {
        try (HttpsClient client = new HttpsClient(trust, NAME, https)) {
            return client.certificate().getSerialNumber();
        }
    }

    private Http2Peer.Answer overHttp2(SSLContext trust) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), https);
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, NAME, https, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        try (Http2Peer peer = new Http2Peer(socket)) {
            peer.preface();
            peer.settings();
            String[] request = {":method", "GET", ":scheme", "https", ":path", "/echo", ":authority", NAME};
            return peer.answer(peer.open(true, request));
        }
    }

    /** Where a client is sent that comes without TLS. */
    private String whereFrom(String target) throws IOException {
        try (RawHttp plain = new RawHttp(http)) {
            plain.send("GET " + target + " HTTP/1.1\r\nHost: " + NAME + "\r\nConnection: close\r\n\r\n");
            RawHttp.Answer answer = plain.receive(true);
            assertThat(answer.status()).isEqualTo(301);
            return answer.field("Location");
        }
    }

    private static void assertInOrder(String said, String... lines) {
        int at = 0;
        for (String line : lines) {
            assertThat(said.indexOf(line, at))
                    .as("\"" + line + "\" in its place in:\n" + said)
                    .isNotNegative();
            at = said.indexOf(line, at) + line.length();
        }
    }

    @Test
    void fromTheCommandToThePageAndNoQuestionAtTheSecondStart() throws Exception {
        SSLContext clients = authority.clients();
        up = up(authority.directory(), Integer.toString(http));
        String said = up.awaitSaid("certificate obtained: for " + NAME + " from 127.0.0.1, valid until ");
        assertInOrder(
                said,
                "Gatehouse: https://" + NAME + " -> http://127.0.0.1:",
                " (echo)\n",
                "  listens     port " + https + ": HTTPS, HTTP/2; port " + http + ": sends clients there",
                "  ports       443 and 80 of " + NAME + " have to lead to " + https + " and " + http + " here: ",
                "  settings    " + folder + "/gatehouse/up-" + NAME + "-" + https + "/gatehouse.conf",
                "  open        https://" + NAME + "\n",
                "Stop it with Ctrl-C.\n",
                "  certificate awaited: 127.0.0.1 is asked for " + NAME + "; until it is there no browser gets in\n",
                "  certificate obtained: ",
                ", renewed by itself\n");
        assertThat(up.said("stderr")).isEmpty();

        assertThat(get(clients)).startsWith("HTTP/1.1 200 ").contains("X-Forwarded-Proto: https");
        assertThat(overHttp2(clients).status()).isEqualTo(200);
        assertThat(whereFrom("/a?b=c")).isEqualTo("https://" + NAME + "/a?b=c");
        assertPrivate(folder.resolve("gatehouse/acme_127.0.0.1"));

        BigInteger first = serial(clients);
        up.close();
        authority.close();
        up = up(authority.directory(), Integer.toString(http));
        said = up.awaitSaid("certificate for " + NAME + " from 127.0.0.1, valid until ");
        assertThat(said).doesNotContain("awaited", "obtained", "failed");
        assertThat(serial(clients)).isEqualTo(first);
        assertThat(get(clients)).startsWith("HTTP/1.1 200 ");
    }

    /** Nobody but the user who serves looks into the folder of an authority. */
    private static void assertPrivate(Path state) throws IOException {
        assertThat(mode(state)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(state)) {
            List<Path> all = files.toList();
            assertThat(all).anyMatch(file -> file.toString().endsWith(".pem"));
            assertThat(all).anyMatch(file -> file.endsWith("account.key"));
            for (Path file : all) {
                assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
            }
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void withoutAPortForHttpTheAuthorityLooksAtHandshakes() throws Exception {
        SSLContext clients = authority.clients();
        up = up(authority.directory(), "off");
        String said = up.awaitSaid("certificate obtained: for " + NAME);
        assertThat(said)
                .contains("  listens     port " + https + ": HTTPS, HTTP/2, for this machine alone\n")
                .contains("  ports       443 of " + NAME + " has to lead to " + https + " here: ");
        assertThat(up.said("stderr")).isEmpty();
        assertThat(get(clients)).startsWith("HTTP/1.1 200 ");
        assertThatThrownBy(() -> whereFrom("/")).as("nobody answers over HTTP").isInstanceOf(ConnectException.class);
    }

    @Test
    void whyTheAuthorityRefusesIsSaidAndThatClientsComeIsSaidOnce() throws Exception {
        // Somebody else's server, where the name leads to: it does not know the challenge.
        HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.2", http), 0);
        try {
            other.createContext("/", exchange -> {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            });
            other.start();
            authority.point(NAME, "127.0.0.2");
            up = up(authority.directory(), Integer.toString(http));
            String said = up.awaitSaid("certificate failed: 127.0.0.1 gives none for " + NAME + ": ");
            assertThat(said)
                    .contains(" returned 404 (unauthorized)\n")
                    .contains("something else answers on port 80 of \"" + NAME + "\" and does not know the challenge")
                    .contains("DNS points elsewhere")
                    .containsPattern("tried again at \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\n");
        } finally {
            other.stop(0);
        }
        for (int i = 0; i < HANDSHAKES; i++) {
            assertThatThrownBy(() -> get(authority.clients())).isInstanceOf(SSLException.class);
        }
        // Whoever comes without TLS is answered all the same.
        assertThat(whereFrom("/")).isEqualTo("https://" + NAME + "/");
        assertThat(up.said("stderr").lines().filter(line -> line.contains("no certificate for \"" + NAME + "\" yet")))
                .hasSize(1);
    }

    @Test
    void thatThePortIsClosedIsSaid() throws Exception {
        authority.point(NAME, "127.0.0.3");
        up = up(authority.directory(), Integer.toString(http));
        assertThat(up.awaitSaid("certificate failed: 127.0.0.1 gives none for " + NAME + ": "))
                .contains(" connection refused (connection)\n")
                .contains("nothing listens on port 80 of the address that \"" + NAME + "\" points to")
                .contains("have the router forward it, or DNS points elsewhere");
    }

    @Test
    void thatTheAuthorityIsDeadIsSaid() throws Exception {
        int nobody = Launched.freePort();
        up = up("https://127.0.0.1:" + nobody + "/dir", Integer.toString(http));
        assertThat(up.awaitSaid("certificate failed: 127.0.0.1 gives none for " + NAME + ": "))
                .contains("connecting to 127.0.0.1:" + nobody + " failed")
                .contains("nothing listens there, or a firewall on the way refuses")
                .contains("tried again at ");
    }
}
