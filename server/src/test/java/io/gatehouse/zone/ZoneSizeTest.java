package io.gatehouse.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ZoneSizeTest {
    /** nginx's documentation: a megabyte holds about 8 thousand states of 128 bytes, or 16 thousand of 64. */
    @Test
    void aMegabyteHoldsWhatNginxSaysItDoes() {
        long room = ZoneSize.room(1024 * 1024);
        assertThat(room / ZoneSize.cost(80 + 4)).isBetween(8_000L, 8_192L);
        assertThat(room / ZoneSize.cost(36 + 4)).isBetween(16_000L, 16_384L);
    }

    @Test
    void aStateTakesTheNextPowerOfTwoOrWholePages() {
        assertThat(ZoneSize.cost(1)).isEqualTo(8);
        assertThat(ZoneSize.cost(64)).isEqualTo(64);
        assertThat(ZoneSize.cost(65)).isEqualTo(128);
        assertThat(ZoneSize.cost(2048)).isEqualTo(2048);
        assertThat(ZoneSize.cost(2049)).isEqualTo(4096);
        assertThat(ZoneSize.cost(4097)).isEqualTo(8192);
    }

    @Test
    void smallZonesHaveOneLockAndLargeOnesSeveral() {
        assertThat(ZoneSize.shards(32 * 1024)).isEqualTo(1);
        assertThat(ZoneSize.shards(200 * 1024)).isEqualTo(2);
        assertThat(ZoneSize.shards(10 * 1024 * 1024)).isEqualTo(16);
    }

    @Test
    void valuesSpreadOverTheParts() {
        int[] counts = new int[16];
        for (int i = 0; i < 16_000; i++) {
            counts[ZoneSize.shard("\u007f\0" + (char) (i >> 8) + (char) (i & 255), 16)]++;
        }
        assertThat(Arrays.stream(counts).boxed()).allMatch(count -> count >= 500 && count <= 2_000);
    }
}
