package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wire.SystemClock;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFileTest {
    @TempDir
    Path dir;

    private final LogFiles files =
            new LogFiles(new SystemClock(), new LogTime(TimeZone.getTimeZone("UTC")), 7, Thread::start, 1 << 18);

    /** It had one for half a minute, which logs that are open for one line would have had in thousands. */
    @Test
    void aFileThatNobodyUsesHasNoThread() throws Exception {
        List<Thread> started = new CopyOnWriteArrayList<>();
        LogFiles some = new LogFiles(new SystemClock(), new LogTime(TimeZone.getTimeZone("UTC")), 7, thread -> {
            started.add(thread);
            thread.start();
        });
        Path path = dir.resolve("short.log");
        LogFile file = some.open(path.toString());
        byte[] line = "line\n".getBytes(ISO_8859_1);
        file.write(line, 0, line.length);
        file.release();
        for (Thread thread : started) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(path).hasContent("line\n");
    }

    @Test
    void writesFromManyThreadsWholeAndInTheOrderOfEach() throws Exception {
        int threads = 4;
        int lines = 100_000;
        LogFiles roomy = new LogFiles(new SystemClock(), new LogTime(TimeZone.getTimeZone("UTC")), 7, Thread::start);
        LogFile file = roomy.open(path("access.log"));
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "thread" + t + " ";
            // half of them write themselves where they may, as loops do
            writers.add(start(t % 2 == 0, () -> {
                for (int i = 0; i < lines; i++) {
                    write(file, name + i + " GET /some/path/that/is/as/long/as/paths/are HTTP/1.1 200\n");
                    if (i % 5_000 == 0) {
                        drain(file);
                    }
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(roomy.drain(20_000)).isTrue();
        assertThat(file.dropped()).isZero();

        int[] next = new int[threads];
        try (Stream<String> all = Files.lines(dir.resolve("access.log"), ISO_8859_1)) {
            all.forEach(line -> {
                String[] parts = line.split(" ");
                int t = parts[0].charAt(6) - '0';
                assertThat(line)
                        .isEqualTo("thread" + t + " " + next[t]++
                                + " GET /some/path/that/is/as/long/as/paths/are HTTP/1.1 200");
            });
        }
        assertThat(next).containsOnly(lines);
    }

    @Test
    void isOpenedToAppendAndSharedByPath() throws Exception {
        Files.writeString(dir.resolve("a.log"), "before\n");
        LogFile file = files.open(path("a.log"));

        assertThat(files.open(path("a.log"))).isSameAs(file);
        write(file, "after\n");
        drain(file);
        assertThat(dir.resolve("a.log")).hasContent("before\nafter\n");
    }

    @Test
    void saysWhyItCannotBeOpened() {
        assertThatThrownBy(() -> files.open(path("no/such.log")))
                .isInstanceOf(LogOpenException.class)
                .hasMessage("open() \"" + path("no/such.log") + "\" failed (2: No such file or directory)");
        assertThatThrownBy(() -> files.open(dir.toString()))
                .hasMessage("open() \"" + dir + "\" failed (21: Is a directory)");
    }

    @Test
    void losesNothingWhenReopened() throws Exception {
        LogFile file = files.open(path("a.log"));
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 500; i++) {
                write(file, round * 500 + i + "\n");
            }
            Files.move(dir.resolve("a.log"), dir.resolve("a.log." + round));
            files.reopen();
            assertThat(dir.resolve("a.log")).exists();
        }
        write(file, "last\n");
        drain(file);

        assertThat(dir.resolve("a.log")).content().endsWith("last\n");
        List<String> all = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            all.addAll(Files.readAllLines(dir.resolve("a.log." + round)));
        }
        all.addAll(Files.readAllLines(dir.resolve("a.log")));
        assertThat(all).hasSize(10_001);
        assertThat(all.subList(0, 10_000).stream().map(Integer::valueOf)).isSorted();
    }

    @Test
    void keepsTheOldFileWhenTheNewOneCannotBeOpened() throws Exception {
        LogFile errors = files.open(path("error.log"));
        files.tellTroublesTo(new ErrorLog(
                List.of(new ErrorLog.Entry(errors, Level.ERROR)),
                new SystemClock(),
                new LogTime(TimeZone.getTimeZone("UTC")),
                7));
        Path folder = Files.createDirectory(dir.resolve("gone"));
        LogFile file = files.open(path("gone/a.log"));
        Path moved = Files.move(folder, dir.resolve("moved"));

        files.reopen();
        write(file, "still\n");
        assertThat(files.drain(10_000)).isTrue();

        assertThat(moved.resolve("a.log")).hasContent("still\n");
        assertThat(dir.resolve("error.log"))
                .content()
                .contains("[emerg] 7#7: open() \"" + path("gone/a.log") + "\" failed (2: No such file or directory)");
    }

    @Test
    void writesWhatWaitedWhenItsLastUserGoes() throws Exception {
        LogFile file = files.open(path("a.log"));
        files.open(path("a.log")).release();
        write(file, "one\n");
        file.release();
        drain(file);

        assertThat(dir.resolve("a.log")).hasContent("one\n");
        assertThat(files.open(path("a.log"))).isNotSameAs(file);
    }

    @Test
    void neitherBlocksNorForgetsWhenAFifoStalls() throws Exception {
        LogFile fifo = files.open(fifo("stalled"));
        int lines = 0;
        while (fifo.dropped() < 10) {
            write(fifo, "line " + lines++ + " of some length to fill what the pipe holds sooner\n");
        }
        long dropped = fifo.dropped();

        try (BufferedReader reader = Files.newBufferedReader(dir.resolve("stalled"))) {
            for (int i = 0; i < lines - dropped; i++) {
                assertThat(reader.readLine()).startsWith("line " + i + " ");
            }
            assertThat(reader.readLine())
                    .endsWith("[error] 7#7: " + dropped + " lines were dropped, \"" + path("stalled")
                            + "\" could not be written as fast as they came");
        }
    }

    @Test
    void oneStalledFileDoesNotHoldUpAnother() throws Exception {
        LogFile fifo = files.open(fifo("stalled"));
        while (fifo.dropped() == 0) {
            write(fifo, "x".repeat(1000) + "\n");
        }
        LogFile other = files.open(path("a.log"));
        write(other, "one\n");
        drain(other);

        assertThat(dir.resolve("a.log")).hasContent("one\n");
    }

    @Test
    void writesASingleLineSoon() throws Exception {
        LogFile fifo = files.open(fifo("watched"));
        try (BufferedReader reader = Files.newBufferedReader(dir.resolve("watched"))) {
            write(fifo, "starts the thread\n");
            reader.readLine();
            long slowest = Long.MAX_VALUE;
            for (int i = 0; i < 20; i++) {
                long start = System.nanoTime();
                write(fifo, "line\n");
                reader.readLine();
                slowest = Math.min(slowest, System.nanoTime() - start);
            }
            // The machine may be busy; that it is ever this fast shows that nothing waits on purpose.
            assertThat(slowest).isLessThan(10_000_000);
        }
    }

    @Test
    void waitsForADiskThatIsFull() throws Exception {
        LogFile errors = files.open(path("error.log"));
        files.tellTroublesTo(new ErrorLog(
                List.of(new ErrorLog.Entry(errors, Level.ERROR)),
                new SystemClock(),
                new LogTime(TimeZone.getTimeZone("UTC")),
                7));
        Path link = Files.createSymbolicLink(dir.resolve("full.log"), Path.of("/dev/full"));
        LogFile full = files.open(link.toString());
        write(full, "kept\n");
        // It does not wait for what just failed.
        assertThat(full.drain(1_000_000)).isFalse();
        drain(errors);
        assertThat(dir.resolve("error.log"))
                .content()
                .contains("[alert] 7#7: write() to \"" + link + "\" failed (28: No space left on device)");

        Files.delete(link);
        files.reopen();
        write(full, "more\n");
        drain(full);
        assertThat(link).hasContent("kept\nmore\n");
    }

    @Test
    void writesToNothing() throws Exception {
        LogFile nothing = files.open("/dev/null");
        write(nothing, "x\n");
        files.reopen();
        drain(nothing);
        assertThat(nothing.dropped()).isZero();
    }

    @Test
    void holdsLinesBackUntilTheBufferIsFull() throws Exception {
        BufferedLog buffer = files.open(path("a.log")).buffered(100, 0, 0);
        write(buffer, "1".repeat(59) + "\n");
        assertThat(Files.size(dir.resolve("a.log"))).isZero();
        LogFile fifo = files.open(fifo("watched"));
        BufferedLog watched = fifo.buffered(100, 0, 0);
        try (BufferedReader reader = Files.newBufferedReader(dir.resolve("watched"))) {
            write(watched, "2".repeat(59) + "\n");
            write(watched, "3".repeat(59) + "\n");
            assertThat(reader.readLine()).startsWith("2");
            assertThat(reader.ready()).isFalse();
            write(watched, "4".repeat(200) + "\n");
            assertThat(reader.readLine()).startsWith("3");
            assertThat(reader.readLine()).startsWith("4");
        }
        assertThat(Files.size(dir.resolve("a.log"))).isZero();
        assertThat(files.drain(10_000)).isTrue();
        assertThat(Files.size(dir.resolve("a.log"))).isEqualTo(60);
    }

    @Test
    void flushesABufferInTime() throws Exception {
        LogFile fifo = files.open(fifo("watched"));
        BufferedLog buffer = fifo.buffered(1 << 16, 50, 0);
        try (BufferedReader reader = Files.newBufferedReader(dir.resolve("watched"))) {
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                write(buffer, "line " + i + "\n");
                assertThat(reader.readLine()).isEqualTo("line " + i);
                assertThat(System.nanoTime() - start).isBetween(50_000_000L, 5_000_000_000L);
            }
        }
    }

    @Test
    void flushesABufferWhenReopenedAndWhenReleased() throws Exception {
        LogFile file = files.open(path("a.log"));
        BufferedLog buffer = file.buffered(4096, 0, 0);
        assertThat(file.buffered(4096, 0, 0)).isSameAs(buffer);
        buffer.release();
        write(buffer, "one\n");
        files.reopen();
        file.release();
        write(buffer, "two\n");
        buffer.release();
        drain(file);

        assertThat(dir.resolve("a.log")).hasContent("one\ntwo\n");
    }

    @Test
    void writesGzipMembers() throws Exception {
        LogFile file = files.open(path("a.log.gz"));
        BufferedLog buffer = file.buffered(1000, 0, 9);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            String line = "GET /" + i + "\n";
            write(buffer, line);
            expected.append(line);
        }
        drain(file);

        byte[] bytes = Files.readAllBytes(dir.resolve("a.log.gz"));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(in.readAllBytes(), ISO_8859_1)).isEqualTo(expected.toString());
        }
    }

    @Test
    void namesAreOctetStrings() throws Exception {
        String name = "\u00c3\u00a9.log";
        LogFile file = files.open(path(name));
        write(file, "x\n");
        drain(file);

        Process ls = new ProcessBuilder("ls", "-b", dir.toString()).start();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(ls.getInputStream(), ISO_8859_1))) {
            assertThat(reader.readLine()).isIn("\\303\\251.log", name);
        }
    }

    private static Thread start(boolean likeALoop, Runnable task) {
        Thread thread = likeALoop ? new LoopLike(task) : new Thread(task);
        thread.start();
        return thread;
    }

    private static final class LoopLike extends Thread implements NeverInterrupted {
        LoopLike(Runnable task) {
            super(task);
        }
    }

    private String path(String name) {
        return dir + "/" + name;
    }

    private String fifo(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path(name)).start().waitFor()).isZero();
        return path(name);
    }

    private static void write(LogFile file, String line) {
        file.write(line.getBytes(ISO_8859_1), 0, line.length());
    }

    private static void write(BufferedLog log, String line) {
        log.write(line.getBytes(ISO_8859_1), 0, line.length());
    }

    private static void drain(LogFile file) {
        try {
            assertThat(file.drain(10_000)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
