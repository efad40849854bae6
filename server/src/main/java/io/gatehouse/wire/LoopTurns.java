package io.gatehouse.wire;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Netty's loop with a turn of our own, and our deadlines beside its. */
final class LoopTurns extends SingleThreadIoEventLoop {
    private static final long TASKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private final SocketLoop owner;

    LoopTurns(SocketLoop owner, ThreadFactory threads, IoHandlerFactory handlers) {
        super(null, threads, handlers);
        this.owner = owner;
    }

    @Override
    protected void run() {
        ioHandler().initialize();
        do {
            owner.beginTurn();
            runIo();
            runAllTasks(TASKS_NANOS);
            owner.endTurn();
            if (isShuttingDown()) {
                ioHandler().prepareToDestroy(); // Closes what is open.
            }
        } while (!confirmShutdown());
        owner.ended();
    }

    @Override
    protected boolean hasTasks() {
        return super.hasTasks() || owner.hasMore();
    }

    @Override
    protected long deadlineNanos() {
        long wake = owner.wakeNanos();
        long scheduled = nextScheduledTaskDeadlineNanos();
        if (wake == TimerWheel.NONE) {
            return scheduled;
        }
        wake = Math.max(0, wake - ticker().initialNanoTime());
        return scheduled == -1 ? wake : Math.min(wake, scheduled);
    }

    @Override
    protected long delayNanos(long now) {
        long scheduled = nextScheduledTaskDeadlineNanos() == -1 ? Long.MAX_VALUE : super.delayNanos(now);
        long wake = owner.wakeNanos();
        return wake == TimerWheel.NONE ? scheduled : Math.min(scheduled, Math.max(0, wake - now));
    }
}
