package io.gatehouse.run;

import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.module.process.Account;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.observe.log.StartLog;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.tls.acme.Acme;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running server: start, signals, reload, graceful and quick stop. Everything here happens on the thread that calls {@link
 * #run}; others hand it events.
 */
final class ServerProcess {
    /** For the loops, and for the logs, at the end. */
    private static final long END_MILLIS = 2_000;

    /** The state that {@code systemctl status} shows then. */
    private static final String UNCHANGED = "The last reload changed nothing, see the error log";

    private sealed interface Event {
        record Signal(ProcessSignal signal, long sender) implements Event {}

        /** Something is to be done, as who may read and write what the start could, and the configuration read anew. */
        record Renewal(Runnable first, Consumer<Boolean> then) implements Event {}

        /** A retired generation has no connections any more. */
        record Over(Generation generation) implements Event {}

        /** The process that was to take over, or has, has ended with that code. */
        record SuccessorEnded(int code) implements Event {}
    }

    /** What a configuration wants of the process. */
    interface Wishes {
        /** The main level's error log. */
        ErrorLog errorLog(Snapshot snapshot);

        /** Where the number of the process is written. */
        Path pidFile(Snapshot snapshot);

        /** As whom to serve; null for who started the process. */
        @Nullable
        Account account(Snapshot snapshot);
    }

    private final ConfigLoader loader;
    private final Wishes wishes;
    private final Privileges privileges;
    private final ServingAccount account;
    private final PidFiles pidFiles;
    private final Logs logs;
    private final Manner manner;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ListenSockets sockets;
    private final Succession succession;
    private final Generations retired;
    private final Pipeline pipeline = new Pipeline();
    private final long pid = ProcessHandle.current().pid();
    private Loop[] loops = new Loop[0];
    private @Nullable Generation current;
    private ErrorLog log;
    private int exitCode;
    private boolean quitting;
    private boolean ended;

    /** What this process has from who started it; nothing where it is within a process that does other things. */
    record Inheritance(
            Supervisor supervisor,
            GivenSockets sockets,
            @Nullable Path launcher) {}

    ServerProcess(ConfigLoader loader, Wishes wishes, Logs logs, Clock clock, Manner manner, Inheritance inheritance) {
        this.loader = loader;
        this.sockets = new ListenSockets(inheritance.sockets());
        this.succession = new Succession(
                inheritance.launcher(),
                inheritance.supervisor(),
                (level, text) -> log.log(level, text),
                code -> events.add(new Event.SuccessorEnded(code)));
        this.wishes = wishes;
        this.privileges = new Privileges(manner != Manner.EMBEDDED);
        this.account = new ServingAccount(privileges);
        this.pidFiles = new PidFiles(privileges, pid);
        this.logs = logs;
        this.manner = manner;
        this.retired = new Generations(clock);
        this.log = logs.errorLog(java.util.List.of());
    }

    /** From any thread: a signal came. */
    void post(ProcessSignal signal, long sender) {
        events.add(new Event.Signal(signal, sender));
    }

    /** From any thread: the configuration is to be read anew behind {@code first}, whatever HUP means in this manner. */
    void renew(Runnable first, Consumer<Boolean> then) {
        events.add(new Event.Renewal(first, then));
    }

    /**
     * Serves until it is told to stop.
     *
     * @param start the log of {@code first}, and whoever looks at the start
     * @param ready run once every address is listened on and the pid file is written
     * @return the process's exit code
     */
    int run(Snapshot first, StartLog start, Runnable ready) {
        log = wishes.errorLog(first);
        start.log(Level.NOTICE, "using the \"" + (Loops.usesEpoll() ? "epoll" : "select") + "\" event method");
        start.log(Level.NOTICE, ServerVersion.SERVER);
        int wanted = first.main().get(ProcessModule.WORKER_PROCESSES);
        int workers = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
        if (!sockets.open(SocketPlan.of(first.listens()), workers, start::log)) {
            first.end();
            return 1;
        }
        sockets.tellUnused(start::log);
        PidFile pidFile = new PidFile(wishes.pidFile(first));
        if (!pidFiles.write(pidFile, start::log)) {
            giveUp(first, null);
            return 1;
        }
        if (!privileges.call(() -> OwnAuthority.open(first, start::log))
                || !(manner == Manner.EMBEDDED || account.become(wishes.account(first), first, start::log))) {
            giveUp(first, pidFile);
            return 1;
        }
        loops = Loops.start(workers);
        Generation generation = new Generation(first, loops, pipeline, this::over);
        current = generation;
        generation.begin(log);
        generation.accept(sockets);
        log.log(Level.NOTICE, "start worker processes");
        if (manner == Manner.BACKGROUND) {
            privileges.run(() -> Session.errorsTo(log));
        }
        ready.run();
        succession.ready("Serving");
        serve();
        return exitCode;
    }

    /** The start failed: nothing serves yet. */
    private void giveUp(Snapshot snapshot, @Nullable PidFile pidFile) {
        privileges.run(() -> sockets.closeAll(succession.isUnderWay()));
        if (pidFile != null) {
            pidFiles.delete(pidFile, log::log);
        }
        snapshot.end();
    }

    private void over(Generation generation) {
        events.add(new Event.Over(generation));
    }

    private Generation current() {
        return Objects.requireNonNull(current);
    }

    private void serve() {
        while (!ended) {
            Event event = nextEvent();
            if (event == null) {
                retired.closeOverdue();
            } else if (event instanceof Event.Over over) {
                workersEnded(over.generation());
            } else if (event instanceof Event.Renewal renewal && !quitting) {
                privileges.run(renewal.first());
                renewal.then().accept(reload());
            } else if (event instanceof Event.SuccessorEnded successor) {
                successorEnded(successor.code());
            } else if (event instanceof Event.Signal received && isMeant(received.signal())) {
                log.log(Level.NOTICE, received.signal().line(received.sender()));
                handle(received.signal());
            }
            if (quitting && retired.isEmpty() && !ended) {
                end(succession.fileOf(pidFile()));
            }
        }
    }

    private void successorEnded(int code) {
        if (!quitting) {
            succession.ended(pidFile());
        } else if (succession.isAbandoned(code)) {
            exitCode = 1;
            end(succession.fileOf(pidFile()));
        }
    }

    private @Nullable Event nextEvent() {
        try {
            return events.poll(retired.untilFirstEnds(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return new Event.Signal(ProcessSignal.TERM, 0);
        }
    }

    /** A terminal tells of its window, and somebody who looks at one wants its end to be the server's. */
    private boolean isMeant(ProcessSignal signal) {
        return signal != ProcessSignal.WINCH || manner == Manner.BACKGROUND;
    }

    private void handle(ProcessSignal signal) {
        switch (signal) {
            case TERM, INT -> stop();
            case QUIT -> quit();
            case HUP -> {
                if (manner == Manner.INTERACTIVE) {
                    stop();
                } else if (!quitting) {
                    succession.reloading();
                    succession.ready(reload() ? "Serving" : UNCHANGED);
                }
            }
            case USR1 -> reopen();
            case WINCH -> {
                if (!current().isRetired()) {
                    acceptNoMore();
                }
            }
            case USR2 -> changeBinary();
        }
    }

    private void reopen() {
        log.log(Level.NOTICE, "reopening logs");
        logs.files().tellTroublesTo(log);
        privileges.run(() -> {
            logs.files().reopen();
            if (manner == Manner.BACKGROUND) {
                Session.errorsTo(log);
            }
        });
    }

    private PidFile pidFile() {
        return new PidFile(wishes.pidFile(current().snapshot()));
    }

    /** As nginx: the program as it is on the disk now serves beside this one, until one of them is told to quit. */
    private void changeBinary() {
        String why = null;
        if (quitting) {
            why = "it ends";
        } else if (manner == Manner.INTERACTIVE || manner == Manner.EMBEDDED) {
            why = "it belongs to who started it";
        } else if (privileges.isAnother()) {
            why = "this process is not root's any more, and so would the new one be";
        }
        if (why == null) {
            succession.begin(pidFile(), sockets.toPass());
        } else {
            log.log(Level.NOTICE, "the binary is not changed: " + why);
        }
    }

    /** Returns whether the new configuration is in force; why not is in the log. */
    private boolean reload() {
        log.log(Level.NOTICE, "reconfiguring");
        Generation old = current();
        Snapshot next = loadNext(old.snapshot());
        if (next == null) {
            return false;
        }
        ErrorLog nextLog = wishes.errorLog(next);
        PidFile pidFile = new PidFile(wishes.pidFile(next));
        PidFile oldPidFile = new PidFile(wishes.pidFile(old.snapshot()));
        if (!(pidFile.equals(oldPidFile) || pidFiles.write(pidFile, log::log))
                || !privileges.call(() -> sockets.open(SocketPlan.of(next.listens()), loops.length, log::log))
                || !privileges.call(() -> OwnAuthority.open(next, log::log))
                || !(manner == Manner.EMBEDDED || account.become(wishes.account(next), next, log::log))) {
            if (!pidFile.equals(oldPidFile)) {
                pidFiles.delete(pidFile, log::log);
            }
            next.end();
            return false;
        }
        if (!pidFile.equals(oldPidFile)) {
            pidFiles.delete(oldPidFile, log::log);
        }
        Generation generation = new Generation(next, loops, pipeline, this::over);
        boolean accepted = !old.isRetired();
        if (accepted) {
            old.stopAccepting();
        }
        generation.begin(nextLog);
        generation.accept(sockets);
        privileges.run(() -> sockets.closeOthers(generation.plans()));
        sockets.tellUnused(nextLog::log);
        current = generation;
        log = nextLog;
        tellWorkers(old, next);
        if (accepted) {
            retire(old);
        } else if (!retired.all().contains(old)) {
            old.snapshot().end();
        }
        return true;
    }

    private void tellWorkers(Generation old, Snapshot next) {
        log.log(Level.NOTICE, "start worker processes");
        if (!next.main()
                .get(ProcessModule.WORKER_PROCESSES)
                .equals(old.snapshot().main().get(ProcessModule.WORKER_PROCESSES))) {
            log.log(Level.WARN, "the number of workers stays " + loops.length + " until the next start");
        }
        Account account = privileges.servesAs();
        if (account != null && !account.equals(wishes.account(next))) {
            log.log(Level.WARN, "the user stays \"" + account.name() + "\" until the next start");
        }
    }

    /** Null, and why in the log, if the file as it is now cannot be used. */
    private @Nullable Snapshot loadNext(Snapshot inForce) {
        try {
            Snapshot next = privileges.call(() -> loader.load(inForce));
            for (Notices.Notice notice : next.notices()) {
                log.log(notice.level(), notice.text());
            }
            return next;
        } catch (ConfigException e) {
            log.log(Level.EMERG, e.line());
            e.detail().lines().forEach(line -> log.log(Level.EMERG, line));
        } catch (RuntimeException | Error e) {
            log.log(Level.EMERG, "the configuration could not be read, which is a defect of Gatehouse: " + e);
        }
        return null;
    }

    private void retire(Generation generation) {
        log.log(Level.NOTICE, "gracefully shutting down");
        retired.retire(generation);
    }

    private void workersEnded(Generation generation) {
        retired.over(generation);
        log.log(Level.NOTICE, "exiting");
        log.log(Level.NOTICE, "exit");
        log.log(Level.NOTICE, "worker process " + pid + " exited with code 0");
        if (generation != current) {
            generation.snapshot().end();
        }
    }

    private void acceptNoMore() {
        Generation generation = current();
        generation.stopAccepting();
        retire(generation);
    }

    private void quit() {
        if (quitting) {
            return;
        }
        quitting = true;
        succession.stopping("Finishing what is under way");
        if (!current().isRetired()) {
            acceptNoMore();
        }
        privileges.run(() -> sockets.closeAll(succession.isUnderWay()));
        // Nobody could look at our names any more.
        endAcme();
    }

    private void endAcme() {
        Acme acme = current().snapshot().shared(Acme.class);
        if (acme != null) {
            acme.end();
        }
    }

    private void stop() {
        log.log(Level.NOTICE, "exiting");
        succession.stopping("Exiting");
        end(succession.fileOf(pidFile()));
    }

    private void end(@Nullable PidFile pidFile) {
        ended = true;
        privileges.run(() -> sockets.closeAll(succession.isUnderWay()));
        for (Loop loop : loops) {
            loop.stop();
        }
        try {
            for (Loop loop : loops) {
                loop.awaitEnd(END_MILLIS);
            }
            if (pidFile != null) {
                pidFiles.delete(pidFile, log::log);
            }
            log.log(Level.NOTICE, "exit");
            retired.all().stream()
                    .filter(g -> g != current)
                    .forEach(g -> g.snapshot().end());
            current().snapshot().end();
            endAcme();
            logs.drain(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        privileges.end();
    }
}
