package io.gatehouse.observe.log;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The thread of one log target: starts when there is something to write, ends when idle. It carries a line at once; where
 * calls come one upon the other it rests between batches.
 *
 * <p>Calling it costs a volatile read while it is up, and a system call when it sleeps.
 */
final class Courier {
    /** How long lines gather under load: a line is in the file within this and one write. */
    static final long REST = MILLISECONDS.toNanos(4);
    /** How long to wait after a failed write. */
    static final long RETRY = SECONDS.toNanos(1);

    private static final long IDLE_END = SECONDS.toNanos(30);

    /** A call that comes so soon after a batch is one of a row. */
    private static final long SOON = MILLISECONDS.toNanos(1);
    /** After so many calls in a row the thread rests between batches. */
    private static final int ROW = 8;

    private static final int NONE = 0;
    private static final int ASLEEP = 1;
    private static final int AWAKE = 2;

    /** What the thread does; every method on that thread only. */
    interface Round {
        /**
         * Writes what waits. Returns 0 if there was nothing; {@link #REST} if there was, to go on at once or after a rest;
         * else the nanoseconds to rest before the next round.
         */
        long carry();

        /** Whether there is something to carry now. */
        boolean waiting();

        /** Whether there will never be anything to carry again. */
        default boolean isOver() {
            return false;
        }

        /** Nanoseconds until there is something to do although nobody calls; {@code Long.MAX_VALUE} for never. */
        long due();
    }

    private final String name;
    private final Round round;
    private final Consumer<Thread> starter;
    private final long idleEnd;
    private final long gathering;
    private final AtomicInteger state = new AtomicInteger(NONE);
    private final Semaphore calls = new Semaphore(0);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition carried = lock.newCondition();
    private volatile boolean awaited;

    /** Calls that have come in a row; the thread's own. */
    private int row;

    /** @param starter starts the thread, soon */
    Courier(String name, Round round, Consumer<Thread> starter) {
        this(name, round, starter, IDLE_END);
    }

    /** @param idleEnd nanoseconds after which the thread ends when it has nothing to do */
    Courier(String name, Round round, Consumer<Thread> starter, long idleEnd) {
        this(name, round, starter, idleEnd, REST);
    }

    /** @param gathering nanoseconds that it rests between batches where calls come in a row */
    Courier(String name, Round round, Consumer<Thread> starter, long idleEnd, long gathering) {
        this.name = name;
        this.round = round;
        this.starter = starter;
        this.idleEnd = idleEnd;
        this.gathering = gathering;
    }

    /** There is something to carry; any thread, never waits. To be called after it was queued. */
    void wake() {
        for (; ; ) {
            int now = state.get();
            if (now == AWAKE) {
                return;
            }
            if (state.compareAndSet(now, AWAKE)) {
                if (now == ASLEEP) {
                    calls.release();
                } else {
                    start();
                }
                return;
            }
        }
    }

    /** Whether the thread is at work or rests between two batches: what is queued is carried without a call. */
    boolean isUp() {
        return state.get() == AWAKE;
    }

    /** Like {@link #wake}, and ends a rest early. */
    void hurry() {
        wake();
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    private void start() {
        try {
            starter.accept(Thread.ofPlatform().name(name).daemon().unstarted(this::run));
        } catch (OutOfMemoryError e) {
            // No more threads: what is queued stays, the next line tries again.
            state.set(NONE);
        }
    }

    /** Waits until {@code done}, which is looked at after each round; not on a loop. */
    boolean await(BooleanSupplier done, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            hurry();
            while (true) {
                awaited = true;
                if (done.getAsBoolean()) {
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                left = carried.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (carryOrSleep()) {
                state.set(AWAKE);
            }
        } catch (RuntimeException | Error e) {
            state.set(NONE);
            throw e;
        }
    }

    /** Returns whether to go on. */
    private boolean carryOrSleep() {
        calls.drainPermits();
        long rest = round.carry();
        tellCarried();
        if (rest == REST && row < ROW) {
            state.set(ASLEEP);
            row = round.waiting() || called(SOON) ? row + 1 : 0;
            return true;
        }
        if (rest > 0) {
            called(rest == REST ? gathering : rest);
            return true;
        }
        row = 0;
        state.set(ASLEEP);
        if (round.waiting()) {
            return true;
        }
        if (round.isOver()) {
            return !state.compareAndSet(ASLEEP, NONE);
        }
        long due = round.due();
        if (called(Math.min(due, idleEnd)) || due <= idleEnd) {
            return true;
        }
        return !state.compareAndSet(ASLEEP, NONE);
    }

    private boolean called(long nanos) {
        try {
            return calls.tryAcquire(nanos, NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody may interrupt this thread: a channel that it writes to would be closed.
            return true;
        }
    }

    private void tellCarried() {
        if (awaited) {
            lock.lock();
            try {
                awaited = false;
                carried.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
