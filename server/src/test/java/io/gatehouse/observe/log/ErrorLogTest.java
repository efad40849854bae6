package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ErrorLogTest {
    @TempDir
    Path dir;

    private final Logs logs = new Logs(
            new FixedClock(Instant.parse("2026-02-03T04:05:06Z").toEpochMilli()),
            new LogTime(TimeZone.getTimeZone("UTC")),
            123,
            "host",
            path -> {
                throw new java.io.IOException(path);
            },
            Thread::start);

    @Test
    void writesLinesAsNginxDoes() throws Exception {
        ErrorLog log = open("error.log info");
        log.log(Level.ERROR, 5, "open() \"/x\u00e9\" failed (2: No such file or directory), client: 127.0.0.1");
        log.log(Level.INFO, "nginx/1.31.5");
        log.log(Level.DEBUG, "not this");

        assertThat(lines("error.log"))
                .containsExactly(
                        "2026/02/03 04:05:06 [error] 123#123: *5 open() \"/x\u00e9\" failed"
                                + " (2: No such file or directory), client: 127.0.0.1",
                        "2026/02/03 04:05:06 [info] 123#123: nginx/1.31.5");
    }

    @Test
    void cutsALineAt2048Bytes() throws Exception {
        ErrorLog log = open("error.log");
        log.log(Level.ERROR, "x".repeat(5000));
        log.log(Level.ERROR, "next");

        assertThat(lines("error.log")).hasSize(2);
        assertThat(lines("error.log").getFirst()).hasSize(2047).endsWith("x");
    }

    @Test
    void givesEachTargetItsLevels() throws Exception {
        ErrorLog log = open("high.log emerg", "low.log debug", "dup.log", "dup.log");
        assertThat(log.isEnabled(Level.DEBUG)).isTrue();
        for (Level level : Level.values()) {
            log.log(level, level.text());
        }

        assertThat(lines("low.log")).hasSize(8);
        assertThat(lines("high.log")).hasSize(1);
        assertThat(lines("dup.log")).hasSize(8);
    }

    @Test
    void debugsForSomeConnections() throws Exception {
        ErrorLog log = open("error.log");
        log.debugging().log(Level.DEBUG, 9, "seen");

        assertThat(lines("error.log")).singleElement().asString().endsWith("[debug] 123#123: *9 seen");
    }

    @Test
    void isSilentWithoutTargets() {
        assertThat(logs.errorLog(List.of()).isEnabled(Level.EMERG)).isFalse();
    }

    @Test
    void keepsTheLatestInMemory() throws Exception {
        LogLease lease = logs.lease();
        ErrorLog log = lease.errorLog(List.of(ErrorLogSpec.parse(List.of("memory:3k", "debug"))), p -> p);
        for (int i = 0; i < 1000; i++) {
            log.log(Level.DEBUG, "message " + i);
        }
        String contents = ((MemoryLog) log.entries().getFirst().target()).contents();

        assertThat(contents).hasSize(3072).endsWith("message 999\n").contains("message 990\n");
    }

    @Test
    void tellsTheTerminalAtTheStart() throws Exception {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        StartLog start = new StartLog(open("error.log notice"), terminal);
        start.log(Level.EMERG, "unknown directive \"x\" in /etc/nginx/nginx.conf:3");
        start.log(Level.NOTICE, "quiet");

        assertThat(terminal.toString(ISO_8859_1))
                .isEqualTo("nginx: [emerg] unknown directive \"x\" in /etc/nginx/nginx.conf:3\n");
        assertThat(lines("error.log")).hasSize(2);
    }

    @Test
    void tellsTheTerminalOnceWhenTheErrorLogIsStandardError() throws Exception {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        ErrorLog log = logs.lease().errorLog(List.of(new ErrorLogSpec(new LogTarget.Stderr(), Level.CRIT)), p -> p);
        new StartLog(log, terminal).log(Level.WARN, "only here");

        assertThat(terminal.toString(ISO_8859_1)).isEqualTo("nginx: [warn] only here\n");
    }

    private ErrorLog open(String... directives) throws Exception {
        List<ErrorLogSpec> specs = new java.util.ArrayList<>();
        for (String directive : directives) {
            specs.add(ErrorLogSpec.parse(List.of(directive.split(" "))));
        }
        return logs.lease().errorLog(specs, path -> dir + "/" + path);
    }

    private List<String> lines(String name) throws Exception {
        assertThat(logs.drain(10_000)).isTrue();
        return Files.readAllLines(dir.resolve(name), ISO_8859_1);
    }
}
