package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MentionTest {
    private final Mention mention = new Mention();

    @Test
    void itIsToldAtOnceAndThenOnceAMinuteWithACount() {
        long start = Long.MAX_VALUE - 5; // The clock runs over meanwhile.
        assertThat(mention.happened(start)).isZero();
        for (int i = 0; i < 1_000; i++) {
            assertThat(mention.happened(start + i)).isEqualTo(-1);
        }
        assertThat(mention.happened(start + Mention.PAUSE)).isEqualTo(1_000);
        assertThat(mention.happened(start + Mention.PAUSE + 1)).isEqualTo(-1);
        assertThat(mention.happened(start + 3 * Mention.PAUSE)).isEqualTo(1);
        assertThat(mention.happened(start + 5 * Mention.PAUSE)).isZero();
    }
}
