package io.gatehouse.coding;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which large bodies are coded: half as many as there are processors, so that they do not starve those who
 * serve. A body gives in one {@link Step} at a time and stands at the end of the line again for the next, so that all of them
 * go on at the same pace. The line is as long as there are bodies under way, whose memory {@link CodingMemory} bounds.
 */
final class CodingThreads {
    private static final long IDLE_SECONDS = 30;

    private static final ThreadPoolExecutor THREADS = make();

    private CodingThreads() {}

    private static ThreadPoolExecutor make() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("coding-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    static void execute(Runnable step) {
        THREADS.execute(step);
    }
}
