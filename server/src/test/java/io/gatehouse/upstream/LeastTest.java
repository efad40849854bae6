package io.gatehouse.upstream;

import static io.gatehouse.upstream.Block.server;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code least_conn} and {@code least_time}. */
class LeastTest {
    @Test
    void theLeastBusyIsAskedAndEqualsTakeTurns() {
        assertThat(Block.of(LeastConn.INSTANCE, server('a'), server('b'), server('c'))
                        .held(4))
                .isEqualTo("abcc");
        assertThat(Block.of(LeastConn.INSTANCE, server('a'), server('b')).requests(4))
                .isEqualTo("abab");
    }

    @Test
    void aHeavyPeerMayBeBusier() {
        assertThat(Block.of(LeastConn.INSTANCE, server('a').withWeight(3), server('b'))
                        .held(5))
                .isEqualTo("abaaa");
    }

    @Test
    void leastConnKeepsLimitsAndFallsBack() {
        assertThat(Block.of(LeastConn.INSTANCE, server('a').withMaxConns(1), server('b'))
                        .held(4))
                .isEqualTo("abbb");
        assertThat(Block.of(
                                LeastConn.INSTANCE,
                                server('a').withMaxConns(2),
                                server('b').withBackup().withMaxConns(3))
                        .held(6))
                .isEqualTo("aabbb-");
        assertThat(Block.of(
                                LeastConn.INSTANCE,
                                server('a'),
                                server('b'),
                                server('c').withBackup())
                        .failing(new Selection()))
                .isEqualTo("abc");
        assertThat(Block.of(LeastConn.INSTANCE, server('a')).failing(new Selection()))
                .isEqualTo("a");
    }

    private static void request(Block block, char expected, long header, long whole) {
        Selection selection = block.select();
        assertThat(block.pick(selection)).isEqualTo(expected);
        block.now += header;
        selection.headerArrived(block.now);
        block.now += whole - header;
        selection.release(Outcome.OK, block.now);
    }

    @Test
    void theFasterPeerIsPreferred() {
        Block block = Block.of(new LeastTime(false, false), server('a'), server('b'));
        request(block, 'a', 5, 500);
        for (int i = 0; i < 5; i++) {
            request(block, 'b', 5, 6);
        }
    }

    @Test
    void theTimeOfTheHeaderMayCountInstead() {
        Block block = Block.of(new LeastTime(true, false), server('a'), server('b'));
        request(block, 'a', 5, 500);
        request(block, 'b', 5, 6);
        request(block, 'a', 5, 500);
        request(block, 'b', 300, 306);
        request(block, 'a', 5, 500);
        request(block, 'a', 5, 500);
    }

    @Test
    void aSlowPeerGetsItsChanceAgain() {
        Block block = Block.of(new LeastTime(false, false), server('a').withFailTimeout(0), server('b'));
        request(block, 'a', 5, 100);
        request(block, 'b', 5, 6);
        request(block, 'b', 5, 6);
        block.seconds(4); // 100 ms halved four times is below the 20 ms that make a difference.
        String two = "" + block.request() + block.request();
        assertThat(two).contains("a");
    }

    /** A peer of another weight that is ahead of them does not cost the others their turn. */
    @Test
    void equalsTakeTurnsWhateverTheirWeights() {
        Server twice = server('b').withWeight(2);
        Server fourTimes = server('c').withWeight(4);
        assertThat(Block.of(new LeastTime(false, false), server('a'), twice, fourTimes)
                        .held(7))
                .isEqualTo("ccbcbca");
    }

    @Test
    void requestsNotYetAnsweredCount() {
        Block block = Block.of(new LeastTime(false, true), server('a'), server('b'));
        request(block, 'a', 5, 10);
        request(block, 'b', 5, 10);
        Selection hanging = block.select();
        assertThat(block.pick(hanging)).isEqualTo('a');
        block.seconds(2);
        for (int i = 0; i < 4; i++) {
            request(block, 'b', 5, 10);
        }
        assertThat(block.pick(block.select())).isEqualTo('b');
        assertThat(block.pick(block.select()))
                .as("one request there, but a slow one")
                .isEqualTo('b');
    }

    @Test
    void failingFastIsNotBeingFast() {
        Block block = Block.of(
                new LeastTime(false, false),
                server('a').withMaxFails(0),
                server('b').withMaxFails(0));
        request(block, 'a', 5, 100);
        Selection failing = block.select();
        assertThat(block.pick(failing)).isEqualTo('b');
        failing.release(Outcome.FAILED, block.now);
        assertThat(block.pick(failing)).isEqualTo('a');
        failing.release(Outcome.OK, block.now);
        request(block, 'b', 5, 200);
        request(block, 'a', 5, 100);
    }
}
