package io.gatehouse.run;

import io.gatehouse.module.process.Account;
import io.gatehouse.wire.tls.NativeMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that, after the process has given root up, may still do what only root may: it reads configurations and
 * keys, binds, opens logs. Capabilities work only while it is at something. What it needs threads for, others start.
 */
final class Keeper extends Thread {
    private final SynchronousQueue<FutureTask<?>> acts = new SynchronousQueue<>();
    private final List<Thread> toStart = new ArrayList<>();
    private final FutureTask<@Nullable Capabilities> dropping;

    private Keeper(Account account) {
        super("keeper");
        setDaemon(true);
        dropping = new FutureTask<>(() -> drop(account));
    }

    /**
     * Makes the whole process one of that user, with no way back, but for this thread.
     *
     * @throws IOException why not, in nginx's words; the process is then of no use and must end
     */
    static Keeper serveAs(Account account) throws IOException {
        // The one thread that what it does needs at once, and not after the act.
        NativeMemory.prepare();
        Keeper keeper = new Keeper(account);
        keeper.start();
        result(keeper.dropping);
        Credentials.check(account);
        return keeper;
    }

    /** Returns null for root, who may do everything anyway and may still become another. */
    private static @Nullable Capabilities drop(Account account) throws IOException {
        ThreadOnly threadOnly = new ThreadOnly();
        Libc.setGroups(account.name(), account.gid());
        if (account.isRoot()) {
            return null;
        }
        Capabilities.keep();
        Libc.setUser(account.uid());
        Capabilities kept = new Capabilities();
        threadOnly.enforce();
        return kept;
    }

    @Override
    public void run() {
        dropping.run();
        try {
            Capabilities kept = result(dropping);
            while (true) {
                run(acts.take(), kept);
            }
        } catch (IOException e) {
            // Told by whoever waits for it.
        } catch (InterruptedException e) {
            // With this thread its privileges go.
        }
    }

    private static void run(FutureTask<?> act, @Nullable Capabilities kept) throws IOException {
        if (kept == null) {
            act.run();
            return;
        }
        kept.raise();
        try {
            act.run();
        } finally {
            kept.lower();
        }
    }

    /** Does something with the kept privileges, on the keeper's thread; one caller at a time. */
    <T extends @Nullable Object> T call(Supplier<T> act) {
        FutureTask<T> task = new FutureTask<>(act::get);
        try {
            acts.put(task);
            return result(task);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            startWaiting();
        }
    }

    private static <T extends @Nullable Object> T result(FutureTask<T> task) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case IOException told -> throw told;
                        case RuntimeException told -> throw told;
                        case Error told -> throw told;
                        case null, default -> throw new IllegalStateException(e);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Another one takes over. */
    void end() {
        interrupt();
    }

    /**
     * Starts a thread; when the keeper wants one it is started after the act by the one who asked for it, because a thread
     * inherits the privileges of its maker.
     */
    static void start(Thread thread) {
        if (Thread.currentThread() instanceof Keeper keeper) {
            synchronized (keeper.toStart) {
                keeper.toStart.add(thread);
            }
        } else {
            thread.start();
        }
    }

    private void startWaiting() {
        List<Thread> waiting;
        synchronized (toStart) {
            waiting = List.copyOf(toStart);
            toStart.clear();
        }
        waiting.forEach(Thread::start);
    }
}
