package io.gatehouse.module.limitreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.module.limitreq.RequestZone.Answer;
import io.gatehouse.module.limitreq.RequestZone.Verdict;
import io.gatehouse.zone.ZoneSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestZoneTest {
    private static final long THIRTY_A_MINUTE = 30 * 1000 / 60;
    private static final long TEN = 10_000;

    private final RequestZone zone = zone(1024 * 1024);
    private final Answer answer = new Answer();

    private static RequestZone zone(long size) {
        return new RequestZone(new ZoneSize.Named("z", size), "$key");
    }

    private Verdict ask(String value, long rate, long burst, long now) {
        return zone.ask(value, rate, burst, now, true, answer);
    }

    @Test
    void elevenPassAtOnceAndThenOneEachTwoSeconds() {
        for (int i = 0; i < 11; i++) {
            assertThat(ask("a", THIRTY_A_MINUTE, TEN, 5_000)).isEqualTo(Verdict.COUNTED);
            assertThat(answer.excess).isEqualTo(i * 1000L);
        }
        assertThat(ask("a", THIRTY_A_MINUTE, TEN, 5_000)).isEqualTo(Verdict.REFUSED);
        assertThat(answer.excess).isEqualTo(11_000);
        assertThat(ask("a", THIRTY_A_MINUTE, TEN, 6_999)).isEqualTo(Verdict.REFUSED);
        assertThat(answer.excess).isEqualTo(10_001);
        assertThat(ask("a", THIRTY_A_MINUTE, TEN, 7_000)).isEqualTo(Verdict.COUNTED);
        assertThat(ask("a", THIRTY_A_MINUTE, TEN, 7_000)).isEqualTo(Verdict.REFUSED);
        assertThat(ask("a", THIRTY_A_MINUTE, TEN, 9_000)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void aRefusedRequestIsNotCounted() {
        ask("a", 1000, 0, 0);
        for (int i = 1; i < 1_000; i += 100) {
            assertThat(ask("a", 1000, 0, i)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(ask("a", 1000, 0, 1_000)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void eachValueIsCountedByItself() {
        assertThat(ask("a", 1000, 0, 0)).isEqualTo(Verdict.COUNTED);
        assertThat(ask("b", 1000, 0, 0)).isEqualTo(Verdict.COUNTED);
        assertThat(ask("a", 1000, 0, 0)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void aClockThatIsATurnBehindDoesNotHelp() {
        ask("a", 1000, 0, 100);
        assertThat(ask("a", 1000, 0, 90)).isEqualTo(Verdict.REFUSED);
        assertThat(ask("a", 1000, 0, 1_099)).isEqualTo(Verdict.REFUSED);
        assertThat(ask("a", 1000, 0, 1_100)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void aHeldRequestCountsOnlyWhenTheOthersHaveLetItPass() {
        assertThat(zone.ask("a", 1000, 0, 0, false, answer)).isEqualTo(Verdict.HELD);
        Objects.requireNonNull(answer.held).release();
        assertThat(zone.ask("a", 1000, 0, 0, false, answer)).isEqualTo(Verdict.HELD);
        assertThat(Objects.requireNonNull(answer.held).count(1000, 0)).isZero();
        assertThat(zone.ask("a", 1000, 0, 0, false, answer)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void aFullZoneForgetsTheValueAskedForLongestAgo() {
        RequestZone small = zone(32 * 1024);
        long most = 6 * 4096 / 128;
        for (int i = 0; i < 10_000; i++) {
            assertThat(small.ask("value" + i, 1, 0, i, true, answer)).isEqualTo(Verdict.COUNTED);
            assertThat(small.ask("first", 1, 0, i, true, answer)).isEqualTo(i == 0 ? Verdict.COUNTED : Verdict.REFUSED);
            assertThat(small.size()).isLessThanOrEqualTo((int) most);
        }
        assertThat(small.size()).isEqualTo((int) most);
        assertThat(small.ask("value9999", 1, 0, 10_000, true, answer)).isEqualTo(Verdict.REFUSED);
        assertThat(small.ask("value1", 1, 0, 10_000, true, answer)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void aValueThatIsHeldIsNotForgotten() {
        RequestZone small = zone(32 * 1024);
        small.ask("held", 1, 0, 0, false, answer);
        RequestZone.State held = Objects.requireNonNull(answer.held);
        Verdict last = Verdict.COUNTED;
        for (int i = 0; last != Verdict.FULL; i++) {
            assertThat(i).isLessThan(1_000);
            last = small.ask("value" + i, 1, 0, i, true, answer);
        }
        held.count(1, 1_000);
        assertThat(small.ask("another", 1, 0, 1_000, true, answer)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void quietValuesAreForgottenBeforeThereIsNeed() {
        for (int i = 0; i < 100; i++) {
            ask("value" + i, 1000, TEN, i);
        }
        for (int i = 0; i < 50; i++) {
            ask("later" + i, 1000, TEN, 61_000);
        }
        assertThat(zone.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void manyLoopsTogetherLetNoMoreThroughThanOne() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(4);
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                Answer own = new Answer();
                for (int n = 0; n < 20_000; n++) {
                    zone.ask("other" + n % 500, 1, TEN, 0, true, own);
                    if (zone.ask("shared", 1, 1_000_000, 0, true, own) == Verdict.COUNTED) {
                        passed.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(passed.get()).isEqualTo(1_001);
    }
}
