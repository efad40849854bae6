package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CourierTest {
    private final ByteQueue queue = new ByteQueue(64, 1 << 16);
    private final List<Byte> carried = new ArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Test
    void missesNoCallWhileItsThreadEnds() throws Exception {
        // The wait that ends the thread is as short as timers allow, and the calls come anywhere around its end.
        Courier courier = new Courier("test", new Carrying(0), Thread::start, 20_000);
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            queue.offer(new byte[] {(byte) i}, 0, 1);
            courier.wake();
            if (i % 3 == 0) {
                ByteQueue.Mark mark = queue.seal();
                assertThat(courier.await(mark::passed, 10_000_000_000L)).isTrue();
            }
            if (i % 100 == 0) {
                for (Thread thread : threads) {
                    thread.join();
                }
            } else {
                spin(random.nextInt(100_000));
            }
        }
        assertThat(courier.await(queue.seal()::passed, 10_000_000_000L)).isTrue();

        assertThat(carried).hasSize(5_000);
        for (int i = 0; i < 5_000; i++) {
            assertThat(carried.get(i)).isEqualTo((byte) i);
        }
        assertThat(threads).hasSizeGreaterThanOrEqualTo(5_000 / 100);
    }

    /** Spends time without giving up the processor, as a loop at work does. */
    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isCalledOutOfItsRest() throws Exception {
        Courier courier = new Courier("test", new Carrying(Long.MAX_VALUE), Thread::start, 1_000_000_000);
        for (int i = 0; i < 100; i++) {
            queue.offer(new byte[1], 0, 1);
            courier.hurry();
            assertThat(courier.await(queue.seal()::passed, 10_000_000_000L)).isTrue();
        }
        assertThat(carried).hasSize(100);
    }

    private final class Carrying implements Courier.Round {
        private final long rest;

        Carrying(long rest) {
            this.rest = rest;
        }

        @Override
        public long carry() {
            threads.add(Thread.currentThread());
            boolean any = false;
            for (ByteBuffer bytes = queue.take(false); bytes != null; bytes = queue.take(false)) {
                while (bytes.hasRemaining()) {
                    carried.add(bytes.get());
                }
                queue.consumed(bytes.position());
                any = true;
            }
            return any ? rest : 0;
        }

        @Override
        public boolean waiting() {
            return queue.waiting(false);
        }

        @Override
        public long due() {
            return Long.MAX_VALUE;
        }
    }
}
