package io.gatehouse.module.authbasic;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read files of users and hash passwords: half as many as there are processors, so that guesses do not starve
 * those who serve, and a bounded line of who waits for them.
 */
final class PasswordThreads {
    private static final int MOST_WAITING = 4096;
    private static final long IDLE_SECONDS = 30;

    private static final ThreadPoolExecutor THREADS = make();

    private PasswordThreads() {}

    private static ThreadPoolExecutor make() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("passwords-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** @throws RejectedExecutionException if too many wait already */
    static void execute(Runnable task) {
        THREADS.execute(task);
    }
}
