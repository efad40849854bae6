package io.gatehouse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long MILLI = 1_000_000;
    private static final long LATEST = 5 * MILLI;

    private long now = 123_456_789_012L;
    private final List<Throwable> faults = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(() -> now);
    private int fired;

    private final LoopReport report = new LoopReport() {
        @Override
        public void acceptFailed(ListenSocket socket, IOException cause) {}

        @Override
        public void failed(Throwable cause) {
            faults.add(cause);
        }
    };

    /** Sleeps as a loop would, until {@code end}; the number of times it woke. */
    private int runUntil(long end) {
        int wakes = 0;
        while (wheel.wakeNanos() <= end) {
            now = Math.max(now, wheel.wakeNanos());
            wheel.run(now, report);
            wakes++;
        }
        now = end;
        wheel.run(now, report);
        return wakes;
    }

    @Test
    void nothingArmedNeverWakes() {
        assertThat(wheel.wakeNanos()).isEqualTo(TimerWheel.NONE);
        wheel.deadline(() -> {}).clear();
        assertThat(wheel.wakeNanos()).isEqualTo(TimerWheel.NONE);
    }

    @Test
    void firesOnceAndInTime() {
        for (long millis :
                new long[] {1, 4, 5, 63, 100, 267, 269, 1000, 17_000, 60_000, 75_000, 3_600_000, 90_000_000}) {
            long armed = now;
            long[] at = new long[1];
            Deadline deadline = wheel.deadline(() -> at[0] = now);
            deadline.in(millis);
            assertThat(deadline.isArmed()).isTrue();
            int wakes = runUntil(now + 2 * millis * MILLI + 20 * MILLI);
            assertThat(at[0] - armed).as("%d ms", millis).isBetween(millis * MILLI, millis * MILLI + LATEST);
            assertThat(deadline.isArmed()).isFalse();
            assertThat(wakes).isLessThan(8);
            assertThat(wheel.wakeNanos()).isEqualTo(TimerWheel.NONE);
        }
    }

    @Test
    void movingToLaterMovesIt() {
        Deadline deadline = wheel.deadline(() -> fired++);
        deadline.in(100);
        for (int i = 0; i < 50; i++) {
            runUntil(now + 90 * MILLI);
            deadline.in(100);
        }
        assertThat(fired).isZero();
        runUntil(now + 99 * MILLI);
        assertThat(fired).isZero();
        runUntil(now + 7 * MILLI);
        assertThat(fired).isOne();
    }

    @Test
    void movingToEarlierMovesIt() {
        Deadline deadline = wheel.deadline(() -> fired++);
        deadline.in(60_000);
        deadline.in(10);
        runUntil(now + 15 * MILLI);
        assertThat(fired).isOne();
        runUntil(now + 70_000 * MILLI);
        assertThat(fired).isOne();
    }

    @Test
    void whatIsClearedNeverFires() {
        Deadline deadline = wheel.deadline(() -> fired++);
        deadline.in(10);
        deadline.clear();
        assertThat(deadline.isArmed()).isFalse();
        runUntil(now + 1000 * MILLI);
        assertThat(fired).isZero();
    }

    @Test
    void aDeadlineMayDisarmAnotherOfTheSameInstantAndArmItself() {
        Deadline[] both = new Deadline[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both[i] = wheel.deadline(() -> {
                fired++;
                both[other].clear();
            });
            both[i].in(50);
        }
        Deadline[] again = new Deadline[1];
        int[] times = new int[1];
        again[0] = wheel.deadline(() -> {
            if (++times[0] < 5) {
                again[0].in(50);
            }
        });
        again[0].in(50);
        runUntil(now + 1000 * MILLI);
        assertThat(fired).isOne();
        assertThat(times[0]).isEqualTo(5);
    }

    @Test
    void oneThatThrowsDoesNotStopOthers() {
        wheel.deadline(() -> {
                    throw new IllegalStateException("as the test wants");
                })
                .in(10);
        wheel.deadline(() -> fired++).in(10);
        runUntil(now + 20 * MILLI);
        assertThat(fired).isOne();
        assertThat(faults).hasSize(1);
    }

    @Test
    void anyMixtureFiresNeverEarlyAndSoonAfter() {
        Random random = new Random(42);
        int count = 500;
        long[] due = new long[count];
        Deadline[] deadlines = new Deadline[count];
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int me = i;
            deadlines[i] = wheel.deadline(() -> {
                fired++;
                if (due[me] == 0 || now < due[me] || now > due[me] + LATEST) {
                    wrong.add(me + " at " + now + ", due " + due[me]);
                }
                due[me] = 0;
            });
        }
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(count);
            if (random.nextInt(4) == 0) {
                deadlines[i].clear();
                due[i] = 0;
            } else {
                long millis = 1 + (long) Math.exp(random.nextDouble() * 12);
                deadlines[i].in(millis);
                due[i] = now + millis * MILLI;
            }
            if (random.nextInt(3) == 0) {
                runUntil(now + (long) (random.nextDouble() * random.nextDouble() * 500 * MILLI));
            }
        }
        runUntil(now + 200_000 * MILLI);
        assertThat(wrong).isEmpty();
        assertThat(fired).isPositive();
        assertThat(due).containsOnly(0);
        assertThat(wheel.wakeNanos()).isEqualTo(TimerWheel.NONE);
    }
}
