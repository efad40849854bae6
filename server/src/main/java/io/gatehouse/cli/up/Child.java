package io.gatehouse.cli.up;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The application that {@code --run} starts. A small program of the shell minds it ({@code minder.sh}): made before this
 * process gives up root, it can end what runs as another user, and it ends the application when this process is gone, however
 * that went. It is started anew when it ends, after a pause that doubles each time.
 */
public final class Child implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    /** Who has run so long is not failing to start. */
    private static final long GOOD_RUN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;
    private static final int SIGNALLED = 128;
    /** Longer than the minder needs to end everything. */
    private static final long END_SECONDS = 20;
    /** A line that is longer is told in pieces. */
    private static final int LINE_BYTES = 8_192;

    /** What is heard of it; called by threads of their own. */
    public interface Listener {
        /** A line of what it writes, an octet string. */
        void wrote(String line);

        void tell(String text);

        /** It cannot be started at all. */
        void hopeless(String reason);
    }

    private final Process minder;
    private final OutputStream orders;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ProcessHandle running;
    private Runnable restarting = () -> {};
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean ranOnce;
    private long startedNanos;

    private Child(Process minder, Listener listener) {
        this.minder = minder;
        this.orders = minder.getOutputStream();
        this.listener = listener;
    }

    /**
     * Makes ready to start a command of the shell; it is not started yet.
     *
     * @param user as whom, where this process is root's; null for who this process is
     */
    public static Child of(String command, @Nullable RunAs user, Map<String, String> additions, Listener listener)
            throws IOException {
        List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", script(), "minder", command));
        if (user != null) {
            line.addAll(List.of(user.name(), Integer.toString(user.uid()), Integer.toString(user.gid())));
        }
        ProcessBuilder builder = new ProcessBuilder(line);
        // The launcher's, for this JVM.
        builder.environment().remove("MALLOC_ARENA_MAX");
        builder.environment().putAll(additions);
        Child child;
        try {
            child = new Child(builder.start(), listener);
        } catch (IOException e) {
            throw new IOException("--run needs the programs setsid and sh: " + e.getMessage(), e);
        }
        return child;
    }

    private static String script() throws IOException {
        try (InputStream in = Objects.requireNonNull(Child.class.getResourceAsStream("minder.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /**
     * Starts it for the first time.
     *
     * @param again called each time before it is started anew
     */
    public void start(Runnable again) {
        restarting = again;
        reading("application-output", minder.getInputStream(), (line, _) -> listener.wrote(line));
        reading("application-minder", minder.getErrorStream(), (line, _) -> reported(line));
        order();
    }

    private void order() {
        startedNanos = System.nanoTime();
        try {
            orders.write("start\n".getBytes(StandardCharsets.US_ASCII));
            orders.flush();
        } catch (IOException e) {
            if (closed.getCount() > 0) {
                listener.hopeless("what minds the application has ended: " + e.getMessage());
            }
        }
    }

    private void reported(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        long number = space < 0 ? -1 : io.gatehouse.text.Ascii.decimal(line.substring(space + 1));
        if (word.equals("started") && number > 0) {
            running = ProcessHandle.of(number).orElse(null);
            listener.tell("started, process " + number);
        } else if (word.equals("ended") && number >= 0) {
            running = null;
            ended((int) number);
        } else {
            listener.tell(line);
        }
    }

    private void ended(int code) {
        if (closed.getCount() == 0) {
            return;
        }
        String how = code > SIGNALLED ? "was ended by signal " + (code - SIGNALLED) : "ended with exit code " + code;
        if (!ranOnce && (code == NOT_FOUND || code == CANNOT_RUN)) {
            listener.hopeless("the command of --run cannot be started; the shell says above why");
            return;
        }
        ranOnce = true;
        if (System.nanoTime() - startedNanos > GOOD_RUN_NANOS) {
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
        restarting.run();
        listener.tell(how + "; started anew in " + pauseMillis / 1_000 + " s");
        try {
            if (!closed.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
                order();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reading(String name, InputStream in, BiConsumer<String, Boolean> line) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            byte[] kept = new byte[LINE_BYTES];
            int length = 0;
            try (in) {
                for (int octet = in.read(); octet >= 0; octet = in.read()) {
                    if (octet != '\n') {
                        kept[length++] = (byte) octet;
                    }
                    if (octet == '\n' || length == LINE_BYTES) {
                        line.accept(new String(kept, 0, length, StandardCharsets.ISO_8859_1), octet == '\n');
                        length = 0;
                    }
                }
            } catch (IOException ended) {
                // with the process
            }
            if (length > 0) {
                line.accept(new String(kept, 0, length, StandardCharsets.ISO_8859_1), false);
            }
        });
    }

    /** Ends it and everything it has started: TERM, and KILL after 10 s; returns when that is done. */
    @Override
    public void close() {
        closed.countDown();
        ProcessHandle left = running;
        List<ProcessHandle> all = left == null ? List.of() : left.descendants().toList();
        try {
            orders.close();
            if (!minder.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                minder.destroyForcibly();
            }
        } catch (IOException e) {
            minder.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Those that went into a group of their own, as far as they may be ended from here.
        all.forEach(ProcessHandle::destroyForcibly);
        if (left != null) {
            left.destroyForcibly();
        }
    }
}
