package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.ChildServer.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --run}: the life of an application that Gatehouse starts. */
class UpRunTest {
    private static final Pattern STARTED = Pattern.compile("started, process (\\d+)");

    @TempDir
    private Path folder;

    private ChildServer server;
    private int application;

    @BeforeEach
    void make() throws Exception {
        for (String program : List.of("setsid", "setpriv")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(":"))
                            .anyMatch(bin -> Files.isExecutable(Path.of(bin, program))),
                    program + " is not installed");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = new ChildServer(folder);
        application = ChildServer.freePort();
    }

    @AfterEach
    void end() {
        pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        server.close();
    }

    private String[] up(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "up", "--port", Integer.toString(server.port), "--to", "127.0.0.1:" + application, "--run", command));
        if (ChildServer.IS_ROOT) {
            words.addAll(List.of("--run-as", "root"));
        }
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    /** The small application, with something beside it that it does not care for when it ends. */
    private static String echo() {
        return "sleep 1000 & echo \"beside $!\"; '" + Path.of(System.getProperty("java.home"), "bin/java")
                + "' -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path")
                + "' io.gatehouse.Main echo \"$PORT\"";
    }

    private String said() {
        return server.read("stdout");
    }

    /** Of what was started, and of what stood beside it. */
    private List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        for (Pattern pattern : List.of(STARTED, Pattern.compile("beside (\\d+)"))) {
            Matcher matcher = pattern.matcher(said());
            while (matcher.find()) {
                pids.add(Long.parseLong(matcher.group(1)));
            }
        }
        return pids;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private void awaitEndOf(List<Long> pids) {
        server.await("the end of " + pids, () -> pids.stream().noneMatch(UpRunTest::isAlive));
    }

    @Test
    void itIsAwaitedStartedAnewAndEndedWithAllThatItStarted() throws Exception {
        Process up = server.launch(up(echo()));
        server.await("the application", () -> said().contains("application answers"));
        assertThat(said()).contains("application started, process ", "  | echo: http://127.0.0.1:" + application);
        assertThat(server.get()).startsWith("HTTP/1.1 200 ");
        List<Long> first = pids();
        assertThat(first).hasSize(2);

        server.signal("KILL", first.getFirst());
        server.await("a second start", () -> STARTED.matcher(said()).results().count() == 2);
        assertThat(said()).contains("application was ended by signal 9; started anew in 1 s");
        assertThat(first).noneMatch(UpRunTest::isAlive);
        server.await("its answer", () -> said().split("application answers", -1).length == 3);
        assertThat(server.get()).startsWith("HTTP/1.1 200 ");

        server.signal("INT", up.pid());
        assertThat(ChildServer.awaitExit(up)).isZero();
        assertThat(pids()).hasSize(4).noneMatch(UpRunTest::isAlive);
    }

    @Test
    void itEndsWhenGatehouseIsKilled() {
        Process up = server.launch(up("echo ready; sleep 1000 & echo \"beside $!\"; wait"));
        server.await("the application", () -> pids().size() == 2);

        server.signal("KILL", up.pid());

        awaitEndOf(pids());
    }

    @Test
    void bothSidesAgreeAndWhatTheUserSetStays() throws Exception {
        ProcessBuilder builder = server.builder(up("env; sleep 1000"));
        builder.environment().put("PAPERCLIP_DEPLOYMENT_EXPOSURE", "public");
        Process up = builder.start();
        try {
            server.await("the environment", () -> said().contains("| PWD="));
            server.await(
                    "all of it", () -> said().contains("| PORT=") && said().contains("PAPERCLIP_DEPLOYMENT_EXPOSURE"));
            assertThat(said())
                    .contains(
                            "  | PORT=" + application + "\n",
                            "  | HOST=127.0.0.1\n",
                            "  | PAPERCLIP_PUBLIC_URL=http://localhost:" + server.port + "\n",
                            "  | PAPERCLIP_DEPLOYMENT_MODE=authenticated\n",
                            "  | PAPERCLIP_DEPLOYMENT_EXPOSURE=public\n",
                            "  | TRUST_PROXY=loopback\n");
        } finally {
            up.destroy();
            up.waitFor();
        }
    }

    @Test
    void whatCannotBeStartedEndsIt() {
        Outcome outcome = server.runOnly(up("no-such-program-anywhere"));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).contains("  | sh: ", "no-such-program-anywhere", "not found");
        assertThat(outcome.err()).contains("gatehouse: the command of --run cannot be started");
    }

    @Test
    void rootNamesAsWhom() {
        assumeTrue(ChildServer.IS_ROOT, "needs root");
        String[] words = {
            "up", "--port", Integer.toString(server.port), "--to", "127.0.0.1:" + application, "--run", "id"
        };
        Outcome refused = server.runOnly(words);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("--run-as USER", "useradd");

        Process up = server.launch(
                "up",
                "--port",
                Integer.toString(server.port),
                "--to",
                "127.0.0.1:" + application,
                "--run",
                "id -un; echo \"$HOME\"; sleep 1000",
                "--run-as",
                "nobody");
        server.await("who it is", () -> said().contains("  | nobody\n"));
        server.await("where it lives", () -> said().contains("  | /"));
        server.await("its number", () -> pids().size() == 1);
        server.signal("TERM", up.pid());
        assertThat(ChildServer.awaitExit(up)).isZero();
        assertThat(pids()).noneMatch(UpRunTest::isAlive);
    }
}
