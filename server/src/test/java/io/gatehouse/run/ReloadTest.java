package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HUP: a new configuration beside the old one. */
class ReloadTest {
    private static final String OVER = "exited with code 0";
    private static final String LONG_TEXT = "0123456789".repeat(60);

    @TempDir
    private Path folder;

    private ChildServer server;

    @BeforeEach
    void makeServer() {
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    private static String answering(String text) {
        return "server { listen 127.0.0.1:PORT; location / { return 200 " + text + "; } }\n";
    }

    private static String slow(String text) {
        return "server { listen 127.0.0.1:PORT; location / { limit_rate 400; return 200 " + text + "; } }\n";
    }

    @Test
    void newConnectionsGetTheNewConfigurationAndTheIdleOldGenerationEnds() throws Exception {
        server.http(answering("one")).start();

        server.http(answering("two")).signal("HUP").awaitLog(OVER);

        assertThat(server.get()).endsWith("two");
        assertThat(server.log())
                .containsPattern("signal 1 \\(SIGHUP\\) received from \\d+, reconfiguring\n")
                .containsSubsequence(
                        ": reconfiguring\n", ": gracefully shutting down\n", ": exiting\n", ": exit\n", OVER);
    }

    @Test
    void eachReloadEndsOneGeneration() {
        server.http(answering("one")).start();

        for (int reloads = 1; reloads <= 3; reloads++) {
            server.signal("HUP").awaitLog(OVER, reloads);
        }

        assertThat(server.log().split(OVER, -1)).hasSize(4);
    }

    @Test
    void idleConnectionsAreClosed() throws Exception {
        server.http(answering("one")).start();
        try (Asking idle = server.ask()) {
            assertThat(idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer()).endsWith("one");

            server.http(answering("two")).signal("HUP");

            assertThat(idle.rest()).isEmpty();
        }
    }

    /** The client's first bytes are under way while the configuration changes: it must not be turned away for that. */
    @Test
    void whoHasJustComeShakesHandsAndIsAnswered() throws Exception {
        X509Bundle bundle = Pki.server("a.example.com");
        server.file("a.pem", bundle.getCertificatePathPEM()).file("a.key", bundle.getPrivateKeyPEM());
        String https = "server { listen 127.0.0.1:PORT ssl; ssl_certificate a.pem; ssl_certificate_key a.key;"
                + " location / { return 200 %s; } }\n";
        server.http(https.formatted("one")).start();
        try (Socket come = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
            server.http(https.formatted("two")).signal("HUP").awaitLog("gracefully shutting down");
            try (HttpsClient next = new HttpsClient(Pki.jdk(), "a.example.com", server.port)) {
                assertThat(next.get("/")).endsWith("two");
            }

            try (HttpsClient client = new HttpsClient(Pki.jdk(), "a.example.com", come)) {
                assertThat(client.get("/")).endsWith("one");
            }
        }
        server.awaitLog(OVER);
    }

    @Test
    void anAnswerUnderWayIsFinishedByTheConfigurationItBeganWith() throws Exception {
        server.http(slow(LONG_TEXT)).start();
        try (Asking busy = server.ask()) {
            String begun = busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read(1);

            server.http(answering("two")).signal("HUP").awaitLog("gracefully shutting down");

            assertThat(server.get()).endsWith("two");
            assertThat(server.log()).doesNotContain(OVER);
            assertThat(begun + busy.rest()).endsWith(LONG_TEXT);
        }
        server.awaitLog(OVER);
    }

    @Test
    void theShutdownTimeoutCutsWhatIsStillUnderWay() throws Exception {
        server.http(slow("0123456789".repeat(400)));
        server.conf("worker_shutdown_timeout 100ms;\n" + server.read("nginx.conf"))
                .start();
        try (Asking busy = server.ask()) {
            busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read(1);

            server.signal("HUP").awaitLog(OVER);

            assertThat(busy.rest().length()).isLessThan(4_000);
        }
    }

    @Test
    void aBadFileKeepsTheOldConfigurationAndSaysWhy() throws Exception {
        server.http(answering("one")).start();

        server.http("    servr { }\n").signal("HUP").awaitLog("did you mean");

        assertThat(server.log())
                .contains(": unknown directive \"servr\" in " + folder + "/nginx.conf:7\n")
                .containsPattern(
                        "\\[emerg] .*7 \\|     servr \\{ }\n.*\\[emerg] .*\\|     \\^\\^\\^\\^\\^ did you mean");
        assertThat(server.get()).endsWith("one");
        server.http(answering("two")).signal("HUP").awaitLog(OVER);
        assertThat(server.get()).endsWith("two");
    }

    @Test
    void aMissingFileKeepsTheOldConfiguration() throws Exception {
        server.http(answering("one")).start();
        Files.delete(folder.resolve("nginx.conf"));

        server.signal("HUP").awaitLog("open() \"" + folder + "/nginx.conf\" failed (2: No such file or directory)");

        assertThat(server.get()).endsWith("one");
    }

    @Test
    void socketsComeAndGoWithTheConfiguration() throws Exception {
        int other = ChildServer.freePort();
        String second = "server { listen 127.0.0.1:" + other + "; listen unix:" + folder
                + "/a.sock; location / { return 200 second; } }\n";
        server.http(answering("one")).start();

        server.http(answering("one") + second).signal("HUP").awaitLog(OVER);
        assertThat(ChildServer.get(other)).endsWith("second");
        assertThat(folder.resolve("a.sock")).exists();

        server.http(answering("one")).signal("HUP").awaitLog(OVER, 2);
        assertThat(server.get()).endsWith("one");
        assertThatThrownBy(() -> ChildServer.get(other)).isInstanceOf(ConnectException.class);
        server.await("the socket's file to go", () -> !Files.exists(folder.resolve("a.sock")));
    }

    /** How many sockets listen on the server's port, and the options that the system shows of them. */
    private List<String> listening() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ss")), "ss is not installed (Debian's package iproute2 has it)");
        Process ss = new ProcessBuilder("ss", "-Hltno", "sport = :" + server.port).start();
        try (BufferedReader lines = ss.inputReader()) {
            return lines.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
        }
    }

    private static String reusing(String options) {
        return "server { listen 127.0.0.1:PORT" + options + "; location / { return 200 \"x\"; } }\n";
    }

    @Test
    void eachWorkerHasASocketOfItsOwnWhereThePortIsReused() throws Exception {
        server.http(reusing(" reuseport"));
        server.conf("worker_processes 3;\n" + server.read("nginx.conf")).start();

        assertThat(listening()).hasSize(3);
        for (int i = 0; i < 20; i++) {
            assertThat(server.get()).endsWith("x"); // whichever worker it reaches
        }
    }

    @Test
    void theSocketsOfWorkersComeAndGoWithReuseport() throws Exception {
        server.http(reusing(""));
        server.conf("worker_processes 2;\n" + server.read("nginx.conf")).start();
        assertThat(listening()).hasSize(1);

        server.http(reusing(" reuseport"));
        server.conf("worker_processes 2;\n" + server.read("nginx.conf"))
                .signal("HUP")
                .awaitLog(OVER);
        assertThat(listening()).hasSize(2);
        for (int i = 0; i < 20; i++) {
            assertThat(server.get()).endsWith("x");
        }

        server.http(reusing(""));
        server.conf("worker_processes 2;\n" + server.read("nginx.conf"))
                .signal("HUP")
                .awaitLog(OVER, 2);
        assertThat(listening()).hasSize(1);
        for (int i = 0; i < 20; i++) {
            assertThat(server.get()).endsWith("x");
        }
        assertThat(server.log()).doesNotContain("[alert]", "[warn]");
    }

    @Test
    void aReloadChangesTheOptionsOfOpenSockets() throws Exception {
        server.http(reusing(" backlog=11")).start();
        assertThat(listening()).singleElement().asString().startsWith("LISTEN 0 11 ");

        server.http(reusing(" backlog=22")).signal("HUP").awaitLog(OVER);

        assertThat(listening()).singleElement().asString().startsWith("LISTEN 0 22 ");
    }

    @Test
    void whatABoundSocketCannotChangeIsTold() throws Exception {
        server.http(answering("one") + "server { listen [::]:PORT ipv6only=on; }")
                .start();

        server.http(answering("one") + "server { listen [::]:PORT ipv6only=off; }")
                .signal("HUP")
                .awaitLog(OVER);

        assertThat(server.log())
                .contains("[warn] ")
                .contains("\"ipv6only\" of [::]:" + server.port + " stays as it is until the next start");
    }

    @Test
    void anAddressThatIsTakenKeepsTheOldConfiguration() throws Exception {
        server.http(answering("one")).start();
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            server.http(answering("two") + "server { listen 127.0.0.1:" + taken.getLocalPort() + "; }")
                    .signal("HUP")
                    .awaitLog("still could not bind()");
        }

        assertThat(server.get()).endsWith("one");
        server.signal("HUP").awaitLog(OVER);
        assertThat(server.get()).endsWith("two");
    }

    @Test
    void thePidFileMovesWithTheConfiguration() {
        server.http(answering("one")).start();

        server.conf(server.read("nginx.conf").replace("nginx.pid", "other.pid"))
                .signal("HUP")
                .awaitLog(OVER);

        assertThat(folder.resolve("nginx.pid")).doesNotExist();
        assertThat(server.read("other.pid")).isEqualTo(server.process().pid() + "\n");
        server.signal("QUIT");
        assertThat(server.awaitExit()).isZero();
        assertThat(folder.resolve("other.pid")).doesNotExist();
    }

    @Test
    void theErrorLogMovesWithTheConfiguration() {
        server.http(answering("one")).start();

        server.conf(server.read("nginx.conf").replace("error.log notice", "other.log notice"))
                .signal("HUP");

        server.await("the new log", () -> server.read("other.log").contains(OVER));
        assertThat(server.log()).contains("reconfiguring");
    }
}
