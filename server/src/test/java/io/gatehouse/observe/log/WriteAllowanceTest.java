package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteAllowanceTest {
    private static final long MILLI = 1_000_000;

    private final WriteAllowance allowance = new WriteAllowance();
    /** Monotonic times may pass the largest number. */
    private final long start = halfASecondBeforeTheLargest();

    private static long halfASecondBeforeTheLargest() {
        return Long.MAX_VALUE - 500 * MILLI;
    }

    @Test
    void aSecondHasTwentyMilliseconds() {
        for (int i = 0; i < 20; i++) {
            assertThat(allowance.granted(start + i * MILLI)).isTrue();
            allowance.used(start + i * MILLI, start + (i + 1) * MILLI);
        }
        assertThat(allowance.granted(start + 20 * MILLI)).isFalse();
        assertThat(allowance.granted(start + 999 * MILLI)).isFalse();
        assertThat(allowance.granted(start + 1000 * MILLI)).isTrue();
    }

    @Test
    void aWriteThatTookLongShutsLoopsOutForFiftyTimesAsLong() {
        assertThat(allowance.granted(start)).isTrue();
        allowance.used(start, start + 200 * MILLI);
        assertThat(allowance.granted(start + 200 * MILLI)).isFalse();
        assertThat(allowance.granted(start + 10_199 * MILLI)).isFalse();
        assertThat(allowance.granted(start + 10_200 * MILLI)).isTrue();
    }
}
