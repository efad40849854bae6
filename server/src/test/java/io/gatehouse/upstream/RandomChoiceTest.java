package io.gatehouse.upstream;

import static io.gatehouse.upstream.Block.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import org.junit.jupiter.api.Test;

class RandomChoiceTest {
    private static RandomChoice drawing(boolean two, int... draws) {
        PrimitiveIterator.OfInt next = Arrays.stream(draws).iterator();
        return new RandomChoice(two, () -> next.hasNext() ? next.nextInt() : draws[draws.length - 1]);
    }

    @Test
    void weightsAreTheChances() {
        Block block =
                Block.of(drawing(false, 0, 1, 2, 3, 7), server('a'), server('b').withWeight(2), server('c'));
        assertThat(block.requests(5)).isEqualTo("abbcc");
    }

    @Test
    void theLessBusyOfTwoIsAsked() {
        Block block = Block.of(drawing(true, 2, 0, 0, 1, 1, 0, 2, 1), server('a'), server('b'), server('c'));
        // Of equals the one drawn last.
        assertThat(block.held(4)).isEqualTo("abac");
    }

    @Test
    void afterTooManyDrawsInVainRoundRobinDecides() {
        Block block = Block.of(drawing(false, 0), server('a').with(Admission.DOWN), server('b'), server('c'));
        assertThat(block.requests(3)).isEqualTo("bcb");
        Block two = Block.of(drawing(true, 1), server('a'), server('b'), server('c'));
        assertThat(two.requests(2)).isEqualTo("ab");
    }
}
