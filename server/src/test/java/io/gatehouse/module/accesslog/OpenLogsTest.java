package io.gatehouse.module.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code open_log_file_cache}: which logs with variables in their names stay open, and what is written to them. */
@Timeout(60)
class OpenLogsTest {
    @TempDir
    private Path folder;

    private Site site;
    private Path logs;

    @BeforeEach
    void serve() throws Exception {
        logs = Files.createDirectory(folder.resolve("lines"));
        site = new Site(folder, "log_format line '$uri';", """
            location /none/ { access_log lines/$arg_n line; return 204; }
            location /often/ {
                open_log_file_cache max=3 inactive=20s valid=1m min_uses=2;
                access_log lines/$arg_n line;
                return 204;
            }
            location /once/ { open_log_file_cache max=2; access_log lines/$arg_n line; return 204; }
            location /anew/ { open_log_file_cache max=2 valid=0; access_log lines/$arg_n line; return 204; }
            location /host/ { root hosts/$arg_n; access_log lines/$arg_n line; return 204; }
            location /short/ { open_log_file_cache max=9 inactive=0; access_log lines/$arg_n line; return 204; }
            """);
    }

    @AfterEach
    void end() throws Exception {
        site.close();
    }

    /** Asks, and waits for the line; the names of logs that are open then. */
    private void request(String place, String name, int lines) throws Exception {
        site.get("/" + place + "/" + lines + "?n=" + name);
        await(() -> lines(name) == lines, name + " has " + lines + " lines");
    }

    private long lines(String name) throws IOException {
        Path file = logs.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** The names of logs that this process has open, as its system knows. */
    private Set<String> open() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "this system does not tell what is open");
        Set<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path one : all.toList()) {
                if (Files.isSymbolicLink(one)) {
                    Path file = Files.readSymbolicLink(one);
                    if (logs.equals(file.getParent())) {
                        names.add(file.getFileName().toString());
                    }
                }
            }
        }
        return names;
    }

    private void awaitOpen(String... names) throws Exception {
        Set<String> expected = new TreeSet<>(Set.of(names));
        await(() -> open().equals(expected), "open are " + expected);
    }

    private interface Fact {
        boolean holds() throws IOException;
    }

    /** A file tells nothing by itself, so it is looked at again and again. */
    private static void await(Fact fact, String what) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            if (fact.holds()) {
                return;
            }
            boolean _ = never.await(20, TimeUnit.MILLISECONDS);
        }
        assertThat(fact.holds()).as(what).isTrue();
    }

    @Test
    void withoutItAFileIsOpenForOneLine() throws Exception {
        request("none", "a", 1);
        awaitOpen();
        Files.move(logs.resolve("a"), logs.resolve("a.1"));
        request("none", "a", 1);
        assertThat(lines("a.1")).isEqualTo(1);
        awaitOpen();
    }

    @Test
    void whatIsUsedOftenEnoughStaysOpenAndTheLongestUnusedGoes() throws Exception {
        request("often", "first", 1);
        awaitOpen();
        request("often", "first", 2);
        awaitOpen("first");
        request("often", "once", 1);
        for (String name : new String[] {"second", "third"}) {
            request("often", name, 1);
            request("often", name, 2);
        }
        awaitOpen("second", "third");
    }

    @Test
    void whatStaysOpenIsWrittenToWhereverItHasGone() throws Exception {
        request("often", "kept", 1);
        request("often", "kept", 2);
        request("often", "once", 1);
        Path moved = Files.move(logs, folder.resolve("moved"));
        site.get("/often/x?n=kept");
        site.get("/often/x?n=once");
        await(() -> Files.readAllLines(moved.resolve("kept")).size() == 3, "the third line");
        site.awaitLine("error.log", "lines/once\" failed (2: No such file or directory)");
        assertThat(Files.readAllLines(moved.resolve("once"))).hasSize(1);
        assertThat(logs).doesNotExist();
    }

    @Test
    void aNameIsOpenedAnewWhenItsTimeIsOver() throws Exception {
        request("anew", "a", 1);
        Files.move(logs.resolve("a"), logs.resolve("a.1"));
        request("anew", "a", 1);
        awaitOpen("a");
        assertThat(lines("a.1")).isEqualTo(1);
    }

    /** As nginx does, so that a client cannot have logs made by asking for hosts that are not there. */
    @Test
    void withoutAFolderToServeFromThereIsNoLog() throws Exception {
        Files.createDirectories(folder.resolve("hosts/known"));
        request("host", "known", 1);
        site.get("/host/1?n=unknown");
        site.awaitLine(
                "error.log",
                "testing \"" + folder + "/hosts/unknown\" existence failed (2: No such file or directory)");
        assertThat(logs.resolve("unknown")).doesNotExist();
    }

    @Test
    void whatIsUnusedGoesWhenAnotherIsUsed() throws Exception {
        request("short", "a", 1);
        awaitOpen("a");
        long begun = System.nanoTime();
        int used = 0;
        // Its time is counted in whole seconds.
        while (open().contains("a") && System.nanoTime() - begun < 10_000_000_000L) {
            request("short", "b", ++used);
        }
        awaitOpen("b");
    }

    @Test
    void nothingStaysOpenBehindTheConfiguration() throws Exception {
        request("once", "a", 1);
        request("once", "b", 1);
        awaitOpen("a", "b");
        site.send(io.gatehouse.run.ProcessSignal.HUP);
        awaitOpen();
        request("once", "a", 2);
        awaitOpen("a");
    }
}
