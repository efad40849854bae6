package io.gatehouse.module.limitconn;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.module.limitconn.ConnectionZone.Verdict;
import io.gatehouse.zone.ZoneSize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionZoneTest {
    private static ConnectionZone zone(long size) {
        return new ConnectionZone(new ZoneSize.Named("z", size), "$key");
    }

    @Test
    void oneMoreThanAllowedIsRefusedUntilOneLeaves() {
        ConnectionZone zone = zone(1024 * 1024);
        assertThat(zone.enter("a", 2)).isEqualTo(Verdict.COUNTED);
        assertThat(zone.enter("a", 2)).isEqualTo(Verdict.COUNTED);
        assertThat(zone.enter("a", 2)).isEqualTo(Verdict.REFUSED);
        assertThat(zone.enter("b", 2)).isEqualTo(Verdict.COUNTED);
        zone.leave("a");
        assertThat(zone.enter("a", 2)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void aFullZoneRefusesNewValuesUntilOneIsForgotten() {
        ConnectionZone zone = zone(32 * 1024);
        int count = 0;
        while (zone.enter("value" + count, 5) == Verdict.COUNTED) {
            count++;
        }
        assertThat(count).isEqualTo(6 * 4096 / 64);
        assertThat(zone.enter("another", 5)).isEqualTo(Verdict.FULL);
        assertThat(zone.enter("value0", 5)).isEqualTo(Verdict.COUNTED);
        zone.leave("value1");
        assertThat(zone.enter("another", 5)).isEqualTo(Verdict.COUNTED);
        assertThat(zone.size()).isEqualTo(count);
    }

    @Test
    void nothingIsLeftOverWhenManyLoopsEnterAndLeave() throws Exception {
        ConnectionZone zone = zone(1024 * 1024);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 50_000; n++) {
                    if (zone.enter("shared", 2) == Verdict.COUNTED) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        zone.leave("shared");
                    }
                }
            }));
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(most.get()).isBetween(1, 2);
        assertThat(zone.size()).isZero();
    }
}
