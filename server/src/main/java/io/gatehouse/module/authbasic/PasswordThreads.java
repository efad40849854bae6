package io.gatehouse.module.authbasic;

import io.gatehouse.wire.SideThreads;
import java.util.concurrent.RejectedExecutionException;

/** The threads that read files of users and hash passwords, so that guesses do not starve those who serve. */
final class PasswordThreads {
    private static final int MOST_WAITING = 4096;

    private static final SideThreads THREADS = SideThreads.ofHalfTheProcessors("passwords", MOST_WAITING);

    private PasswordThreads() {}

    /** @throws RejectedExecutionException if too many wait already */
    static void execute(Runnable task) {
        THREADS.execute(task);
    }
}
