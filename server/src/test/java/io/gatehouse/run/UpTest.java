package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.Alongside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} and {@code echo}: the main job in one command. */
@Alongside
class UpTest {
    @TempDir
    private Path folder;

    private ChildServer server;

    /** Started by root it serves as nobody, who has to get to the folders in it. */
    @BeforeEach
    void makeServer() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    @Test
    void upWithEchoShowsARequestAsItArrives() throws Exception {
        int application = ChildServer.freePort();
        Process up = server.launch(
                "up", "--echo", "--to", "127.0.0.1:" + application, "--port", Integer.toString(server.port));
        server.await("the address", () -> server.read("stdout").contains("Ctrl-C"));

        try (Asking asking = server.ask()) {
            String answer = asking.send("GET /a?b=c HTTP/1.1\r\nHost: localhost:" + server.port
                            + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n")
                    .rest();
            assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("x-forwarded-for");
        }
        assertThat(server.read("stdout"))
                .startsWith("Gatehouse: http://localhost:" + server.port + " -> http://127.0.0.1:" + application
                        + " (echo)\n");
        server.signal("INT", up.pid());
        assertThat(ChildServer.awaitExit(up)).isZero();
        assertThat(server.read("stderr")).isEmpty();
    }

    @Test
    void upWithoutAnApplicationSaysSoAndServesIt() throws Exception {
        int application = ChildServer.freePort();
        Process up = server.launch("up", "--to", "127.0.0.1:" + application, "--port", Integer.toString(server.port));
        server.await("the address", () -> server.read("stdout").contains("Ctrl-C"));

        server.await(
                "what it waits for",
                () -> server.read("stdout").contains("awaited: 127.0.0.1:" + application + " nothing listens there"));
        assertThat(server.get()).startsWith("HTTP/1.1 502 ").contains("Paperclip is not there yet");
        // the terminal was closed
        server.signal("HUP", up.pid());
        assertThat(ChildServer.awaitExit(up)).isZero();
    }

    @Test
    void aTakenPortIsSaidAndAnotherOneNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(server.port, 1, InetAddress.getLoopbackAddress())) {
            Outcome up = server.runOnly("up", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(up.exit()).isEqualTo(1);
            assertThat(up.out()).isEmpty();
            assertThat(up.err())
                    .isEqualTo("gatehouse: port " + server.port + " is in use by another program.\n"
                            + "  Another port: gatehouse up --port " + (server.port + 1) + "\n");

            Outcome echo = server.runOnly("echo", Integer.toString(server.port));
            assertThat(echo.exit()).isEqualTo(1);
            assertThat(echo.err())
                    .contains("cannot listen on 127.0.0.1:" + server.port, "gatehouse echo " + (server.port + 1));

            Outcome both = server.runOnly(
                    "up",
                    "--echo",
                    "--to",
                    "127.0.0.1:" + server.port,
                    "--port",
                    Integer.toString(ChildServer.freePort()));
            assertThat(both.exit()).isEqualTo(1);
            assertThat(both.err()).contains("cannot listen on 127.0.0.1:" + server.port, "leave --echo out");
        }
    }

    @Test
    void intEndsTheEchoApplication() {
        Process process = server.launch("echo", Integer.toString(server.port));
        server.await("the application", () -> server.read("stdout").contains("Ctrl-C"));

        server.signal("INT", process.pid());

        assertThat(ChildServer.awaitExit(process)).isZero();
        assertThat(server.read("stdout")).startsWith("echo: http://127.0.0.1:" + server.port + "\n");
    }

    @Test
    void wrongOptionsAreTold() {
        Outcome outcome = server.runOnly("up", "--port", "web");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("gatehouse: \"web\" is no port; expected a number from 1 to 65535\n");
        assertThat(server.runOnly("up", "--dry").err())
                .isEqualTo("gatehouse: Unknown option: '--dry'\n  gatehouse up -h tells what there is\n");
    }

    @Test
    void explainSaysWhatTheReferenceSays() {
        Outcome outcome = server.runOnly("explain", "client_max_body_size");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .startsWith("client_max_body_size size;\n"
                        + "  default    1m\n"
                        + "  stands in  http, server, location\n\n"
                        + "  Sets the ");

        assertThat(server.runOnly("explain", "proxy_pas").err())
                .isEqualTo("gatehouse: there is no directive \"proxy_pas\"; did you mean \"proxy_pass\"?\n");
        assertThat(server.runOnly("explain", "fastcgi_pass").err()).contains("does not have it yet");
        assertThat(server.runOnly("explain", "$http_x").out()).isEqualTo("$http_name  (module core)\n");
    }
}
