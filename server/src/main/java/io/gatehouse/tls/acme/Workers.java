package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of this room: one that knows what is due when, and some that do it, while there is something to do. */
final class Workers {
    /** So many orders at once. */
    private static final int THREADS = 8;

    /** The clock may be set, and a machine may sleep: what is due is looked at anew this often. */
    private static final long LOOK_MILLIS = 30_000;

    /** Everything is looked at at least this often. */
    private static final Duration LONGEST_REST = Duration.ofDays(1);

    /** An order that takes longer hangs. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** After a defect of this program, and after what came to no end. */
    private static final Duration AFTER_DEFECT_OR_HANG = Duration.ofHours(1);

    /** How long the end of the process waits for a file that is being written. */
    private static final long END_MILLIS = 500;

    private final Clock clock;
    private final AcmeLog log;
    private final Map<Renewal, Due> all = new HashMap<>();
    private final ThreadPoolExecutor pool;
    private boolean ended;

    /** When something is to be done next, or that it is being done. */
    private static final class Due {
        Instant at = Instant.EPOCH;

        @Nullable
        Future<?> running;

        /** Whether a thread is at it: with many certificates one may wait long for its turn. */
        boolean begun;

        long since;
        /** Whether it was broken off because it took too long. */
        boolean hung;
    }

    Workers(Clock clock, AcmeLog log) {
        this.clock = clock;
        this.log = log;
        ThreadFactory threads = task -> daemon(task, "acme-order");
        pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        daemon(this::run, "acme").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Has it looked at now, the first time or again. */
    synchronized void add(Renewal renewal) {
        all.computeIfAbsent(renewal, r -> new Due()).at = Instant.EPOCH;
        notifyAll();
    }

    /** Work for it ends. */
    synchronized void remove(Renewal renewal) {
        Due due = all.remove(renewal);
        if (due != null && due.running != null) {
            due.running.cancel(true);
        }
    }

    synchronized void look() {
        notifyAll();
    }

    /** Does nothing more; does not wait for what is being done. */
    void stop() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        pool.shutdownNow();
    }

    void end() {
        stop();
        try {
            boolean _ = pool.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void run() {
        try {
            while (!ended) {
                Instant now = Instant.ofEpochMilli(clock.wallMillis());
                long wait = LOOK_MILLIS;
                for (Map.Entry<Renewal, Due> entry : all.entrySet()) {
                    Due due = entry.getValue();
                    if (due.running != null) {
                        if (due.begun && clock.nanos() - due.since > LONGEST.toNanos()) {
                            due.hung = true;
                            due.running.cancel(true);
                        }
                    } else if (!due.at.isAfter(now) || due.at.isAfter(now.plus(LONGEST_REST))) {
                        // Nothing is put off for longer: the clock has been set back.
                        start(entry.getKey(), due);
                    } else {
                        wait = Math.min(wait, Duration.between(now, due.at).toMillis() + 1);
                    }
                }
                wait(wait);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but who ends it.
        }
    }

    private void start(Renewal renewal, Due due) {
        // Somebody may want it to be looked at again while it runs.
        due.at = Instant.MAX;
        due.begun = false;
        due.hung = false;
        due.running = pool.submit(() -> {
            begun(due);
            Instant next;
            try {
                next = renewal.work();
            } catch (InterruptedException e) {
                next = Instant.ofEpochMilli(clock.wallMillis()).plus(AFTER_DEFECT_OR_HANG);
                if (hung(due)) {
                    log.say(
                            Level.ERROR,
                            "the order for \"" + renewal.certificate().wish().names() + "\" has come to no end in "
                                    + Times.text(LONGEST) + " and was broken off. The next attempt is on "
                                    + Times.text(next));
                }
            } catch (RuntimeException | Error e) {
                log.say(Level.ALERT, "work for a certificate failed, which is a defect of Gatehouse: " + e);
                next = Instant.ofEpochMilli(clock.wallMillis()).plus(AFTER_DEFECT_OR_HANG);
            }
            done(due, next);
        });
    }

    private synchronized void begun(Due due) {
        due.begun = true;
        due.since = clock.nanos();
    }

    private synchronized boolean hung(Due due) {
        return due.hung;
    }

    private synchronized void done(Due due, Instant next) {
        due.running = null;
        Instant latest = Instant.ofEpochMilli(clock.wallMillis()).plus(LONGEST_REST);
        for (Instant wanted : List.of(due.at, next)) {
            latest = wanted.isBefore(latest) ? wanted : latest;
        }
        due.at = latest;
        notifyAll();
    }
}
