package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.Alongside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code daemon on}: one process is left, which has nothing to do with the terminal. */
@Alongside
class BackgroundTest {
    private static final String ONE = "server { listen 127.0.0.1:PORT; location / { return 200 one; } }\n";

    @TempDir
    private Path folder;

    private ChildServer server;
    private long pid;

    @BeforeEach
    void makeServer() {
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void start() {
        server.http(ONE).conf(server.read("nginx.conf").replace("daemon off;\n", ""));
        assertThat(server.run()).isEqualTo(new Outcome(0, "", ""));
        pid = Long.parseLong(server.read("nginx.pid").strip());
    }

    @Test
    void theCommandEndsWhenItListens() throws Exception {
        start();
        assertThat(server.get()).endsWith("one");

        Path proc = Path.of("/proc", Long.toString(pid));
        String[] stat =
                Files.readString(proc.resolve("stat")).replaceAll(".*\\) ", "").split(" ");
        assertThat(stat[3]).as("its session").isEqualTo(Long.toString(pid));
        assertThat(stat[4]).as("its terminal").isEqualTo("0");
        assertThat(Files.readSymbolicLink(proc.resolve("fd/0"))).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(proc.resolve("fd/1"))).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(proc.resolve("fd/2")))
                .isEqualTo(folder.toRealPath().resolve("error.log"));
    }

    /** As certbot and scripts do: they read what they start to the end of its output. */
    @Test
    void whoReadsItsOutputToTheEndIsNotKept() throws Exception {
        server.http(ONE).conf(server.read("nginx.conf").replace("daemon off;\n", ""));
        Path open = Files.writeString(folder.resolve("open"), "");
        Process process = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectInput(open.toFile())
                .start();

        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor()).isZero();

        pid = Long.parseLong(server.read("nginx.pid").strip());
        assertThat(server.get()).endsWith("one");
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            assertThat(descriptors.map(BackgroundTest::target))
                    .doesNotContain(open.toRealPath().toString())
                    .noneMatch(target -> target.startsWith("pipe:"));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (java.io.IOException closed) {
            return "";
        }
    }

    @Test
    void itTakesSignalsAndEnds() throws Exception {
        start();
        server.http(ONE.replace("one", "two"));

        assertThat(server.run("-s", "reload").exit()).isZero();
        server.awaitLog("exited with code 0");
        assertThat(server.get()).endsWith("two");
        assertThat(server.run("-s", "quit").exit()).isZero();
        server.await("its end", () -> ProcessHandle.of(pid).isEmpty());
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    /** As nginx: the sockets stay, and who comes waits for the next configuration. */
    @Test
    void winchStopsAcceptingUntilAReload() throws Exception {
        start();
        server.signal("WINCH", pid).awaitLog("exited with code 0");
        try (Asking waiting = server.ask()) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            server.signal("HUP", pid);

            assertThat(waiting.rest()).endsWith("one");
        }
        server.signal("QUIT", pid).await("its end", () -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void standardErrorFollowsTheRenamedLog() throws Exception {
        start();
        Files.move(folder.resolve("error.log"), folder.resolve("error.log.1"));

        server.signal("USR1", pid);
        server.await("a new log", () -> Files.exists(folder.resolve("error.log")));

        Path stderr = Path.of("/proc", Long.toString(pid), "fd/2");
        server.await("standard error to follow", () -> {
            try {
                return Files.readSymbolicLink(stderr).endsWith("error.log");
            } catch (java.io.IOException e) {
                return false;
            }
        });
    }

    @Test
    void aStartThatFailsSaysWhyAndLeavesNobody() throws Exception {
        try (java.net.ServerSocket taken =
                new java.net.ServerSocket(server.port, 1, java.net.InetAddress.getLoopbackAddress())) {
            server.http(ONE).conf(server.read("nginx.conf").replace("daemon off;\n", ""));

            Outcome outcome = server.run();

            assertThat(taken.isBound()).isTrue();
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("nginx: [emerg] bind() to 127.0.0.1:" + server.port
                            + " failed (98: Address already in use)\n")
                    .endsWith("nginx: [emerg] still could not bind()\n");
        }
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    @Test
    void warningsAreToldOnce() {
        server.conf(
                "pid nginx.pid; error_log error.log; events {} http { access_log off; server { listen 127.0.0.1:PORT;"
                        + " server_name a; } server { listen 127.0.0.1:PORT; server_name a; } }");

        Outcome outcome = server.run();
        pid = Long.parseLong(server.read("nginx.pid").strip());

        assertThat(outcome.err())
                .isEqualTo("nginx: [warn] conflicting server name \"a\" on 127.0.0.1:" + server.port + ", ignored\n");
    }
}
