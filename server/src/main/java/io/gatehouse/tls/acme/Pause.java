package io.gatehouse.tls.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How the threads of this room wait: until the end of the work at most. */
final class Pause {
    private static final long LOOK_MILLIS = 20;

    private final CountDownLatch ended = new CountDownLatch(1);

    void end() {
        ended.countDown();
    }

    boolean isOver() {
        return ended.getCount() == 0;
    }

    /** Waits; {@code InterruptedException} if the work is to end. */
    void await(Duration time) throws InterruptedException {
        if (ended.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException();
        }
    }

    /** Takes hold of something that is held for moments only. */
    StateFolder.Hold hold(StateFolder folder, String what, Duration patience) throws IOException {
        for (long left = patience.toMillis(); ; left -= LOOK_MILLIS) {
            StateFolder.Hold hold = folder.tryHold(what);
            if (hold != null) {
                return hold;
            }
            if (left <= 0) {
                throw new IOException("\"" + folder.name(what + ".lock") + "\" has been locked by another process for "
                        + patience.toSeconds() + " s");
            }
            try {
                if (ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new InterruptedIOException("the work ends");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the work ends");
            }
        }
    }
}
