package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CourierRowTest {
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile CountDownLatch carried = new CountDownLatch(1);

    /** Every rest would be longer than the test waits. */
    @Test
    void aFewLinesAreCarriedWithoutARest() throws Exception {
        Courier courier = new Courier("test", new Counting(), Thread::start, 1_000_000_000, Long.MAX_VALUE);
        for (int i = 0; i < 4; i++) {
            carried = new CountDownLatch(1);
            waiting.incrementAndGet();
            courier.wake();
            assertThat(carried.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(rounds.get()).isEqualTo(4);
    }

    /** Lines that come one upon the other are gathered: fewer rounds than lines. */
    @Test
    void manyLinesAreGathered() throws Exception {
        Courier courier = new Courier("test", new Counting(), Thread::start);
        for (int i = 0; i < 2_000; i++) {
            waiting.incrementAndGet();
            courier.wake();
            Thread.onSpinWait();
        }
        assertThat(courier.await(() -> waiting.get() == 0, 20_000_000_000L)).isTrue();
        assertThat(rounds.get()).isLessThan(1_000);
    }

    private final class Counting implements Courier.Round {
        @Override
        public long carry() {
            if (waiting.getAndSet(0) == 0) {
                return 0;
            }
            rounds.incrementAndGet();
            carried.countDown();
            return Courier.REST;
        }

        @Override
        public boolean waiting() {
            return waiting.get() > 0;
        }

        @Override
        public long due() {
            return Long.MAX_VALUE;
        }
    }
}
