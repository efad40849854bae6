package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** USR2: the program is started anew beside the one that serves. */
class SuccessionTest {
    private static final String ONE = """
        server {
            listen 127.0.0.1:PORT;
            listen unix:FOLDER/a.sock;
            location / { return 200 $pid; }
            location /slow { limit_rate 400; return 200 SLOW; }
        }
        """.replace("SLOW", "0123456789".repeat(60));

    @TempDir
    private Path folder;

    private ChildServer server;
    private long successor;

    @BeforeEach
    void makeServer() {
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
        ProcessHandle.of(successor).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** The launcher of this test's program, which the server finds where it was started from. */
    private void start() throws IOException {
        server.http(ONE.replace("FOLDER", folder.toString()));
        ProcessBuilder builder = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
        List<String> command = new ArrayList<>(builder.command());
        command.replaceAll(word -> word.startsWith("-Dgatehouse.home=") ? "-Dgatehouse.home=" + folder : word);
        builder.command(command);
        int words = command.indexOf("io.gatehouse.Main") + 1;
        Path launcher = folder.resolve("gatehouse");
        Files.writeString(launcher, "#!/bin/sh\nexec '" + String.join("' '", command.subList(0, words)) + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        // As the launcher does: the JVM would keep the signal for itself.
        builder.environment().put("_JAVA_SR_SIGNUM", "40");
        server.start(builder);
    }

    private void awaitSuccessor() {
        Path pidFile = folder.resolve("nginx.pid");
        server.await(
                "the successor's pid file",
                () -> Files.exists(folder.resolve("nginx.pid.oldbin"))
                        && Files.exists(pidFile)
                        && !server.read("nginx.pid").isBlank());
        successor = Long.parseLong(server.read("nginx.pid").strip());
    }

    @Test
    void bothServeUntilOneIsToldToQuitAndNobodyIsRefused() throws Exception {
        start();
        long first = server.process().pid();
        assertThat(server.get()).endsWith("\r\n" + first);
        try (Asking busy = server.ask()) {
            String begun = busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").read(1);

            server.signal("USR2");
            awaitSuccessor();
            assertThat(successor).isNotEqualTo(first);
            assertThat(server.read("nginx.pid.oldbin")).isEqualTo(first + "\n");
            server.signal("QUIT");

            for (int i = 0; i < 20; i++) {
                assertThat(server.get()).contains("200 OK");
            }
            assertThat(begun + busy.rest()).endsWith("0123456789");
        }
        assertThat(server.awaitExit()).isZero();
        assertThat(server.get()).endsWith("\r\n" + successor);
        assertThat(folder.resolve("nginx.pid.oldbin")).doesNotExist();
        assertThat(folder.resolve("a.sock")).as("the successor's now").exists();
        assertThat(server.log()).doesNotContain("bind()", "[alert]", "[emerg]", "passed to this process");

        server.signal("QUIT", successor)
                .await("its end", () -> ProcessHandle.of(successor).isEmpty());
        assertThat(folder.resolve("a.sock")).doesNotExist();
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    @Test
    void oneThatCannotStartChangesNothing() throws Exception {
        start();
        server.http("servr {}");

        server.signal("USR2").awaitLog("new binary process exited");

        assertThat(server.get()).endsWith("\r\n" + server.process().pid());
        server.await("the pid file", () -> Files.exists(folder.resolve("nginx.pid")));
        assertThat(server.read("nginx.pid")).isEqualTo(server.process().pid() + "\n");
        assertThat(server.log()).contains("unknown directive \"servr\"");
        server.signal("QUIT");
        assertThat(server.awaitExit()).isZero();
        assertThat(folder.resolve("a.sock")).doesNotExist();
    }

    @Test
    void saysWhyNotWhereItIsNotKnownHowToStart() throws Exception {
        start();
        Files.delete(folder.resolve("gatehouse"));

        server.signal("USR2").awaitLog("the binary cannot be changed: the launcher of this program is not known");

        assertThat(server.get()).endsWith("\r\n" + server.process().pid());
        assertThat(server.read("nginx.pid")).isEqualTo(server.process().pid() + "\n");
    }
}
