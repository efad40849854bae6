package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ByteQueueTest {
    @Test
    void neverSplitsARecord() {
        ByteQueue queue = new ByteQueue(10, 1000);
        offer(queue, "1234567");
        offer(queue, "abcdefg");
        offer(queue, "a record that is longer than a chunk");

        assertThat(take(queue, true)).isEqualTo("1234567");
        assertThat(take(queue, true)).isEqualTo("abcdefg");
        assertThat(take(queue, true)).isEqualTo("a record that is longer than a chunk");
        assertThat(queue.waiting(false)).isFalse();
        assertThat(queue.take(false)).isNull();
    }

    @Test
    void givesAChunkBitByBitAndThenWhole() {
        ByteQueue queue = new ByteQueue(10, 1000);
        offer(queue, "12");
        assertThat(take(queue, true)).isNull();
        assertThat(queue.waiting(true)).isFalse();
        assertThat(queue.waiting(false)).isTrue();
        assertThat(take(queue, false)).isEqualTo("12");
        offer(queue, "34");
        offer(queue, "56");
        ByteQueue.Mark mark = queue.seal();
        assertThat(mark.passed()).isFalse();
        assertThat(take(queue, true)).isEqualTo("3456");
        assertThat(mark.passed()).isTrue();
    }

    @Test
    void takesNoMoreThanItsLimitAndRecovers() {
        ByteQueue queue = new ByteQueue(10, 30);
        for (int i = 0; i < 5; i++) {
            offer(queue, "123456789" + i);
        }
        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(take(queue, false)).isEqualTo("1234567890");
        assertThat(take(queue, false)).isEqualTo("1234567891");
        assertThat(take(queue, false)).isEqualTo("1234567892");
        for (int i = 5; i < 50; i++) {
            assertThat(offer(queue, "12345678" + i)).isNotEqualTo(ByteQueue.DROPPED);
            assertThat(take(queue, false)).isEqualTo("12345678" + i);
        }
    }

    @Test
    void refusesWhatIsNotInTheArray() {
        ByteQueue queue = new ByteQueue(10, 30);

        assertThatThrownBy(() -> queue.offer(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        offer(queue, "after");
        assertThat(take(queue, false)).isEqualTo("after");
    }

    @Test
    void keepsEveryRecordOfManyThreads() throws Exception {
        ByteQueue queue = new ByteQueue(256, 1L << 30);
        List<Thread> producers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            byte name = (byte) t;
            producers.add(Thread.ofPlatform().start(() -> {
                ByteBuffer record = ByteBuffer.allocate(5);
                for (int i = 0; i < 200_000; i++) {
                    queue.offer(record.put(0, name).putInt(1, i).array(), 0, 5);
                }
            }));
        }
        int[] next = new int[4];
        for (int records = 0; records < 800_000; ) {
            ByteBuffer bytes = queue.take(false);
            while (bytes != null && bytes.hasRemaining()) {
                int producer = bytes.get();
                assertThat(bytes.getInt()).isEqualTo(next[producer]++);
                records++;
            }
            if (bytes != null) {
                queue.consumed(bytes.position());
            }
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(next).containsOnly(200_000);
        assertThat(queue.waiting(false)).isFalse();
    }

    private static int offer(ByteQueue queue, String record) {
        byte[] bytes = record.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return queue.offer(bytes, 0, bytes.length);
    }

    private static String take(ByteQueue queue, boolean onlyFull) {
        ByteBuffer bytes = queue.take(onlyFull);
        if (bytes == null) {
            return null;
        }
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        queue.consumed(bytes.position());
        return new String(taken, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
