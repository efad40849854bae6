package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Alongside;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Start, signals, stop. */
@Alongside
class LifeTest {
    private static final String ONE = "server { listen 127.0.0.1:PORT; location / { return 200 one; } }\n";

    /** Its answer takes a second or two. */
    private static final String SLOW = "server { listen 127.0.0.1:PORT; location / { limit_rate 400; return 200 "
            + "0123456789".repeat(60) + "; } }\n";

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

    @Test
    void thePidFileHoldsThePidOfWhoWasStarted() {
        server.http(ONE).start();

        assertThat(server.read("nginx.pid")).isEqualTo(server.process().pid() + "\n");
        assertThat(server.log())
                .contains("[notice] " + server.process().pid() + "#"
                        + server.process().pid() + ": nginx/1.31.5");
    }

    @Test
    void everySocketListensWhenThePidFileIsThere() throws Exception {
        int other = ChildServer.freePort();
        server.http(ONE + "server { listen 127.0.0.1:" + other + "; listen unix:" + folder
                        + "/a.sock; location / { return 200 two; } }")
                .start();

        assertThat(server.get()).endsWith("one");
        assertThat(ChildServer.get(other)).endsWith("two");
        assertThat(folder.resolve("a.sock")).exists();
    }

    @Test
    void quitClosesIdleConnectionsAtOnceAndRemovesItsFiles() throws Exception {
        server.http(ONE + "server { listen unix:" + folder + "/a.sock; }").start();
        try (Asking idle = server.ask()) {
            idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();

            server.signal("QUIT");

            assertThat(idle.rest()).isEmpty();
        }
        assertThat(server.awaitExit()).isZero();
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
        assertThat(folder.resolve("a.sock")).doesNotExist();
        assertThat(server.log())
                .containsPattern("signal 3 \\(SIGQUIT\\) received from \\d+, shutting down\n")
                .containsSubsequence("gracefully shutting down\n", "exited with code 0\n", ": exit\n")
                .doesNotContain("[alert]");
    }

    @Test
    void quitLetsAnAnswerFinish() throws Exception {
        server.http(SLOW).start();
        try (Asking busy = server.ask()) {
            String begun = busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read(1);

            server.signal("QUIT").awaitLog("gracefully shutting down");

            assertThat(begun + busy.rest()).endsWith("0123456789".repeat(60));
        }
        assertThat(server.awaitExit()).isZero();
    }

    @Test
    void termEndsAtOnceThoughAnAnswerIsUnderWay() throws Exception {
        server.http(SLOW).start();
        try (Asking busy = server.ask()) {
            busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read(1);
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
        assertThat(server.log()).containsPattern("signal 15 \\(SIGTERM\\) received from \\d+, exiting\n");
    }

    @Test
    void asManyFilesAsTheSystemAllows() throws Exception {
        server.http(ONE).start();

        assertThat(Files.readString(Path.of("/proc/" + server.process().pid() + "/limits")))
                .containsPattern("Max open files +(\\d+) +\\1 ");
    }

    @Test
    void intEndsItToo() {
        server.http(ONE).start();
        assertThat(server.signal("INT").awaitExit()).isZero();
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    /** A terminal sends it when its window changes. */
    @Test
    void winchMeansNothingInTheForeground() throws Exception {
        server.http(ONE).start();

        server.signal("WINCH").signal("USR1").awaitLog("reopening logs");

        assertThat(server.get()).endsWith("one");
        assertThat(server.log()).doesNotContain("WINCH");
    }

    @Test
    void usr1OpensRenamedLogsAnew() throws Exception {
        server.conf("""
            daemon off;
            pid nginx.pid;
            error_log error.log notice;
            events {}
            http { access_log access.log; server { listen 127.0.0.1:PORT; location / { return 200 one; } } }
            """).start();
        server.get();
        server.await("a line", () -> server.read("access.log").lines().count() == 1);
        Files.move(folder.resolve("access.log"), folder.resolve("access.log.1"));
        Files.move(folder.resolve("error.log"), folder.resolve("error.log.1"));

        server.signal("USR1");
        server.await(
                "new logs",
                () -> Files.exists(folder.resolve("access.log")) && Files.exists(folder.resolve("error.log")));
        server.get();

        server.await("a line", () -> server.read("access.log").lines().count() == 1);
        assertThat(server.read("access.log.1").lines()).hasSize(1);
    }

    @Test
    void addressesInUseAreTriedFiveTimes() {
        server.http(ONE).start();
        try (ChildServer second = new ChildServer(folder)) {
            second.file("second.conf", server.read("nginx.conf").replace("nginx.pid", "second.pid"));

            ChildServer.Outcome outcome = second.runOnly("-p", folder + "/", "-c", "second.conf", "-e", "second.log");

            String inUse =
                    "nginx: [emerg] bind() to 127.0.0.1:" + server.port + " failed (98: Address already in use)\n";
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err()).isEqualTo(inUse.repeat(5) + "nginx: [emerg] still could not bind()\n");
            assertThat(folder.resolve("second.pid")).doesNotExist();
            assertThat(server.log()).contains("try again to bind() after 500ms");
        }
    }

    @Test
    void aFailedStartLeavesAnErrorLogThatSaysWhy() {
        ChildServer.Outcome outcome = server.http("nonsense on;\n").run();

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("nginx: [emerg] unknown directive \"nonsense\" in " + folder + "/nginx.conf:7\n");
        assertThat(server.log()).contains("[emerg]").contains("unknown directive \"nonsense\"");
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    @Test
    void aPidFileThatCannotBeWrittenEndsTheStart() {
        ChildServer.Outcome outcome = server.conf("daemon off; pid none/nginx.pid; events {} error_log error.log;"
                        + " http { access_log off; server { listen 127.0.0.1:PORT; } }")
                .run();

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("nginx: [emerg] open() \"" + folder
                        + "/none/nginx.pid\" failed (2: No such file or directory)\n");
    }

    @Test
    void aDeviceAsPidFileStaysADevice() {
        server.conf("daemon off; pid /dev/null; events {} error_log error.log notice;"
                + " http { access_log off; server { listen 127.0.0.1:PORT; } }");
        Process process = server.launch("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
        server.awaitLog("start worker processes");

        server.signal("QUIT", process.pid());

        assertThat(ChildServer.awaitExit(process)).isZero();
        assertThat(Path.of("/dev/null")).exists();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        assertThat(server.log()).doesNotContain("[alert]");
    }

    /** The system would not let one listen beside the other. */
    @Test
    void aWildcardAndOneAddressShareASocket() throws Exception {
        server.http("""
            server { listen PORT; location / { return 200 any; } }
            server { listen 127.0.0.1:PORT; location / { return 200 one; } }
            """).start();

        assertThat(server.get()).endsWith("one");
    }
}
