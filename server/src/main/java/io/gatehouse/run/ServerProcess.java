package io.gatehouse.run;

import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The running server: start, signals, reload, graceful and quick stop. Everything here happens on the thread that calls {@link
 * #run}; others hand it events.
 */
public final class ServerProcess {
    /** What the thread of the process waits for. */
    public sealed interface Event {
        /** A signal by its number. */
        record Signal(int number) implements Event {}

        /** A retired generation has no connections any more. */
        record Over(Object generation) implements Event {}
    }

    private final ConfigLoader loader;
    private final Function<Snapshot, ErrorLog> errorLog;
    private final Path pidFile;
    private final Logs logs;
    private final Clock clock;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ListenSockets sockets = new ListenSockets();
    private final Pipeline pipeline = new Pipeline();
    private final long pid = ProcessHandle.current().pid();
    private final List<Generation> retired = new ArrayList<>();
    private final List<Deadline> deadlines = new ArrayList<>();
    private @Nullable Generation current;
    private Loop[] loops = new Loop[0];
    private boolean quitting;

    private record Deadline(Generation generation, long atNanos) {}

    /**
     * @param errorLog the main level's error log of a snapshot
     * @param pidFile where the number of the process is written
     */
    public ServerProcess(
            ConfigLoader loader, Function<Snapshot, ErrorLog> errorLog, Path pidFile, Logs logs, Clock clock) {
        this.loader = loader;
        this.errorLog = errorLog;
        this.pidFile = pidFile;
        this.logs = logs;
        this.clock = clock;
    }

    /** From any thread: as if the signal had come. */
    public void post(Event event) {
        events.add(event);
    }

    /**
     * Serves until it is told to stop.
     *
     * @param ready run once every address is listened on and the pid file is written
     * @return the process's exit code
     */
    public int run(Snapshot first, Runnable ready) {
        ErrorLog log = errorLog.apply(first);
        log.log(Level.NOTICE, 0, "using the \"epoll\" event method");
        log.log(Level.NOTICE, 0, ServerVersion.SERVER);
        try {
            sockets.open(first.listens(), log);
        } catch (ListenSockets.BindFailed e) {
            if (!String.valueOf(e.getMessage()).isEmpty()) {
                log.log(Level.EMERG, 0, String.valueOf(e.getMessage()));
            }
            return 1;
        }
        int workers = first.main().get(ProcessModule.WORKER_PROCESSES);
        loops = Loops.start(workers == 0 ? Runtime.getRuntime().availableProcessors() : workers);
        Generation generation = new Generation(first, loops, pipeline, g -> post(new Event.Over(g)));
        current = generation;
        generation.accept(sockets);
        try {
            PidFile.write(pidFile, pid);
        } catch (IOException e) {
            log.log(Level.EMERG, 0, "open() \"" + pidFile + "\" failed (" + Errno.text(e) + ")");
            stopNow(log);
            return 1;
        }
        log.log(Level.NOTICE, 0, "start worker processes");
        ready.run();
        serve();
        return 0;
    }

    private void serve() {
        while (true) {
            Event event = nextEvent();
            Generation generation = java.util.Objects.requireNonNull(current);
            ErrorLog log = errorLog.apply(generation.snapshot());
            if (event == null) {
                closeOverdue();
                continue;
            }
            switch (event) {
                case Event.Over over -> {
                    retired.removeIf(g -> g == over.generation());
                    ((Generation) over.generation()).snapshot().end();
                    deadlines.removeIf(d -> d.generation() == over.generation());
                    log.log(Level.NOTICE, 0, "gracefully shutting down");
                    log.log(Level.NOTICE, 0, "worker process " + pid + " exited with code 0");
                }
                case Event.Signal signal -> {
                    if (signal(signal.number(), log)) {
                        stopNow(log);
                        return;
                    }
                }
            }
            if (quitting && retired.isEmpty()) {
                stopNow(log);
                return;
            }
        }
    }

    private @Nullable Event nextEvent() {
        try {
            if (deadlines.isEmpty()) {
                return events.take();
            }
            long wait = Long.MAX_VALUE;
            for (Deadline deadline : deadlines) {
                wait = Math.min(wait, deadline.atNanos() - clock.nanos());
            }
            return events.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return new Event.Signal(Libc.SIGTERM);
        }
    }

    /** Returns whether the process is to end at once. */
    private boolean signal(int number, ErrorLog log) {
        switch (number) {
            case Libc.SIGTERM, Libc.SIGINT -> {
                log.log(
                        Level.NOTICE,
                        0,
                        "signal " + number + " (" + (number == Libc.SIGTERM ? "SIGTERM" : "SIGINT")
                                + ") received, exiting");
                return true;
            }
            case Libc.SIGQUIT -> {
                log.log(Level.NOTICE, 0, "signal 3 (SIGQUIT) received, shutting down");
                quit();
            }
            case Libc.SIGHUP -> {
                log.log(Level.NOTICE, 0, "signal 1 (SIGHUP) received, reconfiguring");
                if (!quitting) {
                    reload(log);
                }
            }
            case Libc.SIGUSR1 -> {
                log.log(Level.NOTICE, 0, "signal 10 (SIGUSR1) received, reopening logs");
                log.log(Level.NOTICE, 0, "reopening logs");
                logs.files().reopen();
            }
            case Libc.SIGWINCH -> {
                log.log(Level.NOTICE, 0, "signal 28 (SIGWINCH) received, shutting down");
                quit();
            }
            case Libc.SIGUSR2 ->
                log.log(Level.NOTICE, 0, "signal 12 (SIGUSR2) received, changing binary is not supported, ignored");
            default -> {}
        }
        return false;
    }

    private void reload(ErrorLog log) {
        log.log(Level.NOTICE, 0, "reconfiguring");
        Generation old = java.util.Objects.requireNonNull(current);
        Snapshot next;
        try {
            next = loader.load(old.snapshot());
        } catch (ConfigException e) {
            log.log(Level.EMERG, 0, e.line());
            e.detail().lines().forEach(line -> log.log(Level.EMERG, 0, line));
            return;
        }
        for (Notices.Notice notice : next.notices()) {
            log.log(notice.level(), 0, notice.text());
        }
        try {
            sockets.open(next.listens(), log);
        } catch (ListenSockets.BindFailed e) {
            log.log(Level.EMERG, 0, String.valueOf(e.getMessage()));
            next.end();
            return;
        }
        Generation generation = new Generation(next, loops, pipeline, g -> post(new Event.Over(g)));
        Set<SocketAddress> gone = sockets.notNamed(next.listens());
        handOver(old, generation, gone);
        current = generation;
        retire(old);
        log.log(Level.NOTICE, 0, "start worker processes");
    }

    /** The new generation accepts in place of the old one; addresses that it does not name are closed. */
    private void handOver(Generation old, Generation next, Set<SocketAddress> gone) {
        for (ListenPoint point : old.snapshot().listens()) {
            for (Loop loop : loops) {
                loop.stopAccepting(sockets.socket(point.spec().address()));
            }
        }
        next.accept(sockets);
        sockets.close(gone);
    }

    private void retire(Generation generation) {
        retired.add(generation);
        long timeout = generation.snapshot().main().get(ProcessModule.WORKER_SHUTDOWN_TIMEOUT);
        if (timeout > 0) {
            deadlines.add(new Deadline(generation, clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeout)));
        }
        generation.retire();
    }

    private void closeOverdue() {
        long now = clock.nanos();
        deadlines.removeIf(deadline -> {
            if (deadline.atNanos() - now > 0) {
                return false;
            }
            deadline.generation().closeAll();
            return true;
        });
    }

    private void quit() {
        if (quitting) {
            return;
        }
        quitting = true;
        Generation generation = java.util.Objects.requireNonNull(current);
        for (ListenPoint point : generation.snapshot().listens()) {
            for (Loop loop : loops) {
                loop.stopAccepting(sockets.socket(point.spec().address()));
            }
        }
        sockets.close(sockets.all());
        retire(generation);
    }

    private void stopNow(ErrorLog log) {
        sockets.close(sockets.all());
        for (Loop loop : loops) {
            loop.stop();
        }
        for (Loop loop : loops) {
            try {
                loop.awaitEnd(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            log.log(Level.ALERT, 0, "unlink() \"" + pidFile + "\" failed (" + Errno.text(e) + ")");
        }
        log.log(Level.NOTICE, 0, "exit");
        try {
            logs.drain(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
