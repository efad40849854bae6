package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an event loop writes itself, and what it leaves to the file's thread, which runs here only when the test says so. */
@Timeout(60)
class LogOnLoopTest {
    private static final long MILLI = 1_000_000;

    @TempDir
    Path dir;

    private final SteppingClock clock = new SteppingClock();
    private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final LogFiles files =
            new LogFiles(clock, new LogTime(TimeZone.getTimeZone("UTC")), 7, threads::add, 1 << 18);

    @BeforeEach
    void onADiskOfThisMachine() throws IOException {
        assumeThat(LocalDisks.hold(Files.createFile(dir.resolve("probe"))))
                .as("the folder for temporary files is on a disk whose kind is known")
                .isTrue();
    }

    @Test
    void aLineIsInTheFileWhenTheLoopGoesOn() throws Exception {
        LogFile file = files.open(path("a.log"));
        onLoop(() -> {
            for (int i = 1; i <= 100; i++) {
                write(file, "line\n");
                assertThat(Files.size(dir.resolve("a.log"))).isEqualTo(5L * i);
            }
        });
        assertThat(threads).as("threads that were needed").isEmpty();
    }

    @Test
    void aSlowDiskIsLeftToTheThread() throws Exception {
        LogFile file = files.open(path("a.log"));
        clock.step = 200 * MILLI;
        onLoop(() -> write(file, "slow\n"));
        assertThat(dir.resolve("a.log")).hasContent("slow\n");
        clock.step = 0;

        onLoop(() -> write(file, "left\n"));
        assertThat(dir.resolve("a.log")).hasContent("slow\n");
        threadWritesAndSleeps(file);
        assertThat(dir.resolve("a.log")).hasContent("slow\nleft\n");

        clock.now.addAndGet(10_000 * MILLI);
        onLoop(() -> write(file, "quick\n"));
        assertThat(dir.resolve("a.log")).hasContent("slow\nleft\nquick\n");
    }

    @Test
    void manyLinesAreLeftToTheThread() throws Exception {
        LogFile file = files.open(path("a.log"));
        clock.step = MILLI;
        onLoop(() -> {
            for (int i = 0; i < 25; i++) {
                write(file, "line\n");
            }
        });
        assertThat(Files.size(dir.resolve("a.log"))).isEqualTo(5 * 20);
        threads.remove().start();
        assertThat(file.drain(10_000)).isTrue();
        assertThat(Files.size(dir.resolve("a.log"))).isEqualTo(5 * 25);
    }

    @Test
    void whoeverMayBeInterruptedWritesNothing() throws Exception {
        LogFile file = files.open(path("a.log"));
        Thread.currentThread().interrupt();
        write(file, "line\n");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(dir.resolve("a.log")).isEmptyFile();
        threads.remove().start();
        assertThat(file.drain(10_000)).isTrue();
        assertThat(dir.resolve("a.log")).hasContent("line\n");
    }

    @Test
    void aPipeNeverHoldsALoopUp() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path("pipe")).start().waitFor()).isZero();
        LogFile pipe = files.open(path("pipe"));
        threads.remove().start();
        AtomicLong lines = new AtomicLong();
        onLoop(() -> {
            while (pipe.dropped() == 0) {
                write(pipe, "x".repeat(999) + "\n");
                lines.incrementAndGet();
            }
        });
        try (BufferedReader reader = Files.newBufferedReader(dir.resolve("pipe"), ISO_8859_1)) {
            for (int i = 0; i < lines.get() - pipe.dropped(); i++) {
                assertThat(reader.readLine()).hasSize(999);
            }
        }
    }

    @Test
    void whatALoopCouldNotWriteIsTriedAgain() throws Exception {
        FileChannel channel = FileChannel.open(Files.createFile(dir.resolve("a.log")), StandardOpenOption.APPEND);
        channel.close();
        LogFile file = new LogFile(path("a.log"), new LogChannels.Opened(channel, true), files, 1 << 18);
        onLoop(() -> {
            write(file, "first\n");
            write(file, "second\n");
        });
        file.reopen();
        threads.remove().start();
        assertThat(file.drain(10_000)).isTrue();
        assertThat(dir.resolve("a.log")).hasContent("first\nsecond\n");
    }

    @Test
    void linesBehindABufferAreHeldBack() throws Exception {
        BufferedLog buffer = files.open(path("a.log")).buffered(100, 0, 0);
        onLoop(() -> buffer.write("line\n".getBytes(ISO_8859_1), 0, 5));
        threadWritesAndSleeps(buffer.file());
        onLoop(() -> write(buffer.file(), "other\n"));
        assertThat(dir.resolve("a.log")).hasContent("other\n");
    }

    /** As nginx does; scripts that ask and then look into the log count on it. */
    @Test
    void theLineOfAnAnswerIsThereWhenItsConnectionEnds() throws Exception {
        String format = "log_format short $uri;";
        try (Site site = new Site(dir.resolve("site"), format, "access_log logs/short.log short; return 204;")) {
            for (int i = 0; i < 50; i++) {
                try (RawHttp http = new RawHttp(site.port)) {
                    http.send("GET /" + i + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                    assertThat(http.readToEnd()).startsWith("HTTP/1.1 204");
                }
                assertThat(site.folder.resolve("logs/short.log")).content().endsWith("/" + i + "\n");
            }
        }
    }

    private void threadWritesAndSleeps(LogFile file) {
        threads.remove().start();
        while (file.courier().isUp()) {
            Thread.onSpinWait();
        }
    }

    private String path(String name) {
        return dir + "/" + name;
    }

    private static void write(LogFile file, String line) {
        file.write(line.getBytes(ISO_8859_1), 0, line.length());
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void onLoop(Task task) throws Exception {
        LoopLike loop = new LoopLike(task);
        loop.start();
        loop.join();
        Throwable failed = loop.failed.get();
        if (failed != null) {
            throw new AssertionError(failed);
        }
    }

    private static final class LoopLike extends Thread implements NeverInterrupted {
        final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        private final Task task;

        LoopLike(Task task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
            } catch (Throwable e) {
                failed.set(e);
            }
        }
    }

    /** Goes on by a step whenever it is looked at. */
    private static final class SteppingClock implements Clock {
        final AtomicLong now = new AtomicLong();
        volatile long step;

        @Override
        public long wallMillis() {
            return now.get() / MILLI;
        }

        @Override
        public long nanos() {
            return now.getAndAdd(step);
        }
    }
}
