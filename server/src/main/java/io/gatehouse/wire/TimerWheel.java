package io.gatehouse.wire;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one loop, in a wheel of five levels of 64 slots; a slot of the lowest lasts 4.2 ms. Arming,
 * disarming and firing cost a few field writes each, moving an armed deadline to later costs one. Nothing here wakes
 * a loop for a tick that no deadline needs.
 */
final class TimerWheel {
    /** No deadline is armed. */
    static final long NONE = Long.MAX_VALUE;

    private static final int TICK_BITS = 22;
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int LEVELS = 5;
    private static final long FARTHEST = (1L << (SLOT_BITS * LEVELS)) - SLOTS;

    /** List heads, [level * 64 + slot]. */
    private final @Nullable Timer[] slots = new @Nullable Timer[LEVELS * SLOTS];
    /** Which slots of a level hold anything. */
    private final long[] filled = new long[LEVELS];

    private final LongSupplier clock;
    private final long origin;
    /** Every tick up to and including this one has been run. */
    private long tick;
    /** A lower bound of the next tick that has something to do. */
    private long next = NONE;

    /** A wheel on a clock in nanoseconds that never goes back. */
    TimerWheel(LongSupplier clock) {
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    Deadline deadline(Runnable expired) {
        return new Timer(this, expired);
    }

    /** When {@link #run} is to be called next, on the clock of {@link Loop#nanos}; {@link #NONE} if never. */
    long wakeNanos() {
        return next == NONE ? NONE : origin + (next << TICK_BITS);
    }

    /** Moves on to the present as far as nothing is due, so that what is armed now is placed finely. */
    void observe(long nanos) {
        long now = (nanos - origin) >> TICK_BITS;
        if (now < next && now > tick) {
            tick = now;
        }
    }

    /** Runs what is due. A deadline that throws does not keep others from running; {@code report} is told. */
    void run(long nanos, LoopReport report) {
        long now = (nanos - origin) >> TICK_BITS;
        while (next <= now) {
            long at = next;
            tick = at;
            cascade(at);
            fire((int) (at & (SLOTS - 1)), nanos, report);
            next = findNext();
        }
        tick = Math.max(tick, now);
    }

    /** Spreads the slots of upper levels that begin with this tick over the levels below. */
    private void cascade(long at) {
        for (int level = LEVELS - 1; level > 0; level--) {
            int shift = SLOT_BITS * level;
            if ((at & ((1L << shift) - 1)) == 0) {
                Timer timer = empty(level, (int) (at >> shift) & (SLOTS - 1));
                while (timer != null) {
                    Timer following = timer.following;
                    timer.unlinked();
                    insert(timer, at);
                    timer = following;
                }
            }
        }
    }

    private void fire(int slot, long nanos, LoopReport report) {
        Timer timer = empty(0, slot);
        if (timer == null) {
            return;
        }
        // Put aside under a head of its own: what runs may disarm those that follow.
        Timer due = new Timer(this, () -> {});
        due.following = timer;
        timer.preceding = due;
        while ((timer = due.following) != null) {
            timer.unlink();
            if (timer.dueNanos > nanos) {
                insert(timer, tick + 1);
                continue;
            }
            timer.armed = false;
            try {
                timer.expired.run();
            } catch (Throwable e) {
                report.failed(e);
            }
        }
    }

    private @Nullable Timer empty(int level, int slot) {
        int index = level * SLOTS + slot;
        Timer first = slots[index];
        slots[index] = null;
        filled[level] &= ~(1L << slot);
        return first;
    }

    private long findNext() {
        long found = NONE;
        for (int level = 0; level < LEVELS; level++) {
            if (filled[level] != 0) {
                int shift = SLOT_BITS * level;
                long position = tick >> shift;
                // Of a level above the lowest, the current slot can only mean the next time round.
                long after = position + 1;
                int distance = Long.numberOfTrailingZeros(Long.rotateRight(filled[level], (int) after));
                found = Math.min(found, (after + distance) << shift);
            }
        }
        return found;
    }

    /** Queues a timer that is armed and not queued; never for a tick before {@code earliest}. */
    private void insert(Timer timer, long earliest) {
        long dueTick = (timer.dueNanos - origin + (1L << TICK_BITS) - 1) >> TICK_BITS;
        dueTick = Math.max(dueTick, earliest);
        long distance = Math.min(dueTick - tick, FARTHEST);
        dueTick = tick + distance;
        int level = distance < SLOTS ? 0 : (63 - Long.numberOfLeadingZeros(distance)) / SLOT_BITS;
        int shift = SLOT_BITS * level;
        int slot = (int) (dueTick >> shift) & (SLOTS - 1);
        int index = level * SLOTS + slot;
        Timer first = slots[index];
        timer.index = index;
        timer.following = first;
        timer.queuedNanos = timer.dueNanos;
        if (first != null) {
            first.preceding = timer;
        }
        slots[index] = timer;
        filled[level] |= 1L << slot;
        next = Math.min(next, (dueTick >> shift) << shift);
    }

    /** One deadline, linked into a slot while it is queued. */
    private static final class Timer extends Deadline {
        private static final long FARTHEST_MILLIS = 10L * 365 * 24 * 3600 * 1000;

        private final TimerWheel wheel;
        private final Runnable expired;
        private @Nullable Timer following;
        private @Nullable Timer preceding;
        private int index = -1;
        private boolean armed;
        private long dueNanos;
        private long queuedNanos;

        Timer(TimerWheel wheel, Runnable expired) {
            this.wheel = wheel;
            this.expired = expired;
        }

        @Override
        public void in(long millis) {
            arm(wheel.clock.getAsLong() + Math.clamp(millis, 1, FARTHEST_MILLIS) * 1_000_000);
        }

        private void arm(long due) {
            dueNanos = due;
            armed = true;
            if (isQueued()) {
                if (due >= queuedNanos) {
                    return; // Its place is early enough; it moves on when the wheel gets there.
                }
                unlink();
            }
            wheel.insert(this, wheel.tick + 1);
        }

        @Override
        public void clear() {
            armed = false;
            if (isQueued()) {
                unlink();
            }
        }

        @Override
        public boolean isArmed() {
            return armed;
        }

        private boolean isQueued() {
            return index >= 0;
        }

        private void unlink() {
            Timer before = preceding;
            Timer after = following;
            if (before != null) {
                before.following = after;
            } else {
                wheel.slots[index] = after;
                if (after == null) {
                    wheel.filled[index / SLOTS] &= ~(1L << (index % SLOTS));
                }
            }
            if (after != null) {
                after.preceding = before;
            }
            unlinked();
        }

        private void unlinked() {
            following = null;
            preceding = null;
            index = -1;
        }
    }
}
