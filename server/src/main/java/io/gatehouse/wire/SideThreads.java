package io.gatehouse.wire;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads beside the loops, for one kind of work that would block them, and a bounded line of what waits for it. The
 * threads come with the work, and go when there has been none for a while. From any thread.
 */
public final class SideThreads {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /**
     * @param name of the threads, followed by their numbers
     * @param most threads
     * @param waiting as many as may stand in the line
     */
    public SideThreads(String name, int most, int waiting) {
        threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** For work that needs processors: threads for half of them, so that they do not starve those who serve. */
    public static SideThreads ofHalfTheProcessors(String name, int waiting) {
        return new SideThreads(name, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), waiting);
    }

    /** @throws RejectedExecutionException if too many wait already */
    public void execute(Runnable work) {
        threads.execute(work);
    }
}
