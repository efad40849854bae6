package io.gatehouse.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone: who runs beside it would be told of its leak. */
@Isolated
class RecordingLeakDetectorTest {
    @Test
    void tellsWhereALeakedBufferWasAllocated() throws Exception {
        leak();

        assertThat(RecordingLeakDetector.leaksSinceLastCall())
                .singleElement()
                .asString()
                .contains("ByteBuf was not released")
                .contains("RecordingLeakDetectorTest.leak");
    }

    @Test
    void saysNothingOfAReleasedBuffer() throws Exception {
        PooledByteBufAllocator.DEFAULT.directBuffer(10).release();

        assertThat(RecordingLeakDetector.leaksSinceLastCall()).isEmpty();
    }

    private static void leak() {
        ByteBuf forgotten = PooledByteBufAllocator.DEFAULT.directBuffer(10);
        forgotten.writeInt(1);
    }
}
