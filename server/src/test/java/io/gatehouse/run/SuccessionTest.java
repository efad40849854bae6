package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
            location /long { limit_rate 10; return 200 SLOW; }
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
        start(null);
    }

    private void start(@Nullable String notified) throws IOException {
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
        if (notified != null) {
            builder.environment().put("NOTIFY_SOCKET", notified);
        }
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

    /** What a WebSocket does to an upgrade: the first process is there until its client goes. */
    private Asking keepBusy() throws IOException {
        Asking busy = server.ask();
        busy.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n").read(1);
        return busy;
    }

    @Test
    void oneThatIsStillBusyAfterTheNextChangeClaimsNothing() throws Exception {
        start();
        long first = server.process().pid();
        try (Asking busy = keepBusy()) {
            server.signal("USR2");
            awaitSuccessor();
            long second = successor;
            server.signal("QUIT").awaitLog("gracefully shutting down");
            server.signal("USR2", second);
            server.await("the next pid file", () -> {
                String third = server.read("nginx.pid").strip();
                return !third.isEmpty() && !third.equals(Long.toString(second));
            });
            successor = Long.parseLong(server.read("nginx.pid").strip());

            server.signal("QUIT", second)
                    .await("its end", () -> ProcessHandle.of(second).isEmpty());
            server.awaitLog(first + "#" + first + ": new binary process exited");

            assertThat(server.process().isAlive()).isTrue();
        }
        assertThat(server.awaitExit()).isZero();
        assertThat(server.read("nginx.pid")).isEqualTo(successor + "\n");
        assertThat(folder.resolve("a.sock")).as("the third one's now").exists();
        assertThat(server.get()).endsWith("\r\n" + successor);
        assertThat(server.log()).doesNotContain("[alert]", "[emerg]");
    }

    /** Nobody serves any more, and only the first process is the supervisor's own, whose end it sees. */
    @Test
    void oneWhoseSuccessorCrashesEndsForItsSupervisor() throws Exception {
        assumeTrue(Epoll.isAvailable(), "Netty's native library is not for this machine");
        Socket supervisor = Socket.newSocketDomainDgram();
        try {
            supervisor.bind(new DomainSocketAddress(folder + "/notify"));
            start(folder + "/notify");
            long first = server.process().pid();
            try (Asking _ = keepBusy()) {
                server.signal("USR2");
                awaitSuccessor();
                server.signal("QUIT").awaitLog("gracefully shutting down");

                server.signal("KILL", successor);

                assertThat(server.awaitExit()).isEqualTo(1);
            }
            assertThat(server.log()).contains(first + "#" + first + ": new binary process was ended by signal 9");
            assertThat(lastHeard(supervisor))
                    .isEqualTo("MAINPID=" + first + "\nSTATUS=The new program ended, and this one has stopped serving");
        } finally {
            supervisor.close();
        }
    }

    private static String lastHeard(Socket supervisor) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(512);
        String last = "";
        for (int read = supervisor.read(message, 0, message.capacity());
                read > 0;
                read = supervisor.read(message, 0, message.capacity())) {
            byte[] bytes = new byte[read];
            message.get(0, bytes);
            last = new String(bytes, StandardCharsets.UTF_8);
        }
        return last;
    }

    @Test
    void oneWhoseSuccessorCrashesFinishesWhereNobodyWouldStartAnother() throws Exception {
        start();
        try (Asking _ = keepBusy()) {
            server.signal("USR2");
            awaitSuccessor();
            server.signal("QUIT").awaitLog("gracefully shutting down");

            server.signal("KILL", successor).awaitLog("new binary process was ended by signal 9");

            assertThat(server.process().isAlive()).isTrue();
        }
        assertThat(server.awaitExit()).isZero();
    }
}
