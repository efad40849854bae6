package io.gatehouse.upstream;

import static io.gatehouse.upstream.Block.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private static Block block(Server... servers) {
        return Block.of(RoundRobin.INSTANCE, servers);
    }

    @Test
    void takesTurns() {
        assertThat(block(server('a'), server('b'), server('c')).requests(7)).isEqualTo("abcabca");
    }

    @Test
    void spreadsTheTurnsOfAHeavyPeer() {
        Block block = block(server('a').withWeight(5), server('b'), server('c'));
        assertThat(block.requests(14)).isEqualTo("aabacaaaabacaa");
    }

    @Test
    void aFailedPeerLosesWeightAndRegainsItTurnByTurn() {
        Block block = block(server('a').withWeight(4).withMaxFails(2), server('b'));
        Selection first = block.select();
        assertThat(block.pick(first)).isEqualTo('a');
        first.release(Outcome.FAILED, block.now);
        assertThat(block.requests(6)).isEqualTo("baaaba");
    }

    @Test
    void aFailedPeerRestsForFailTimeoutAndIsThenTriedOnce() {
        Block block = block(server('a'), server('b'));
        Selection failing = block.select();
        assertThat(block.pick(failing)).isEqualTo('a');
        assertThat(failing.release(Outcome.FAILED, block.now)).isTrue();
        block.seconds(10);
        assertThat(block.requests(4)).isEqualTo("bbbb");
        block.seconds(1);

        Selection trial = block.until('a');
        assertThat(block.requests(3)).as("while the trial lasts").isEqualTo("bbb");
        trial.release(Outcome.OK, block.now);
        assertThat(block.requests(4)).contains("a");
    }

    @Test
    void aTrialThatFailsBeginsAnotherRest() {
        Block block = block(server('a'), server('b'));
        assertThat(block.failing(new Selection())).isEqualTo("ab");
        block.seconds(11);
        Selection trial = block.until('a');
        trial.release(Outcome.FAILED, block.now);
        block.seconds(10);
        assertThat(block.requests(3)).isEqualTo("bbb");
    }

    @Test
    void maxFailsCountsWithinTheTimeAndOneSuccessfulTrialClearsThem() {
        // Of nine requests that "a" gets, the third, sixth and ninth fail; then it rests.
        Block block = block(server('a').withMaxFails(3), server('b').withMaxFails(3));
        int answered = 0;
        int seen = 0;
        int others = 0;
        for (int i = 0; i < 30; i++) {
            Selection selection = block.select();
            char peer = block.pick(selection);
            if (peer == 'a' && ++seen % 3 == 0) {
                selection.release(Outcome.FAILED, block.now);
                peer = block.pick(selection);
            }
            selection.release(Outcome.OK, block.now);
            answered += peer == 'a' ? 1 : 0;
            others += peer == 'b' ? 1 : 0;
        }
        assertThat(answered).isEqualTo(6);
        assertThat(others).isEqualTo(24);
    }

    @Test
    void withoutMaxFailsAPeerIsNeverUnavailable() {
        Block block = block(server('a').withMaxFails(0), server('b').withMaxFails(0));
        for (int i = 0; i < 5; i++) {
            assertThat(block.failing(new Selection())).hasSize(2);
        }
        assertThat(block.requests(4)).contains("ab", "ba");
    }

    @Test
    void anotherAnswerWantedIsNoFailure() {
        Block block = block(server('a'), server('b'));
        Selection selection = block.select();
        assertThat(block.pick(selection)).isEqualTo('a');
        assertThat(selection.release(Outcome.NEXT, block.now)).isFalse();
        assertThat(block.pick(selection)).isEqualTo('b');
        selection.release(Outcome.OK, block.now);
        assertThat(block.requests(2)).contains("a");
    }

    @Test
    void theOnlyPeerIsNeverTakenForFailedButHasOneTry() {
        Block block = block(server('a'));
        for (int i = 0; i < 3; i++) {
            assertThat(block.failing(new Selection())).isEqualTo("a");
        }
        assertThat(block(server('a').with(Admission.DOWN)).request()).isEqualTo('-');
    }

    @Test
    void backupsAreAskedWhenNoOtherCanBe() {
        Block block = block(
                server('a'), server('b'), server('c').withBackup(), server('d').withBackup());
        assertThat(block.select().tries()).isEqualTo(4);
        assertThat(block.requests(4)).isEqualTo("abab");
        assertThat(block.failing(new Selection())).isEqualTo("abcd");
        assertThat(block.request()).as("no live upstreams").isEqualTo('-');
        block.seconds(11);
        assertThat(block.requests(6)).contains("a", "b").doesNotContain("c", "d");
    }

    @Test
    void aBackupMakesTheOnlyOtherPeerFallible() {
        Block block = block(server('a'), server('b').withBackup());
        assertThat(block.failing(new Selection())).isEqualTo("ab");
        block.seconds(11);
        assertThat(block.requests(2)).isEqualTo("aa");
    }

    @Test
    void downAndDrainingServersAreLeftOutAndNotCounted() {
        Server down = server('a').with(Admission.DOWN);
        Server draining = server('c').with(Admission.DRAINING);
        Block block = block(down, server('b'), draining, server('d'));
        assertThat(block.select().tries()).isEqualTo(2);
        assertThat(block.requests(4)).isEqualTo("bdbd");
    }

    @Test
    void maxConnsBoundsWhatAPeerHasAtOnce() {
        Block block = block(server('a').withMaxConns(1), server('b'));
        Selection held = block.select();
        assertThat(block.pick(held)).isEqualTo('a');
        assertThat(block.requests(3)).isEqualTo("bbb");
        held.release(Outcome.OK, block.now);
        assertThat(block.requests(2)).contains("a");
        assertThat(block(server('a').withMaxConns(3)).held(4)).isEqualTo("aaa-");
        assertThat(block(server('a').withMaxConns(2), server('b').withBackup().withMaxConns(3))
                        .held(6))
                .isEqualTo("aabbb-");
    }

    @Test
    void triesCanBeLimitedAndGivenBack() {
        Block block = block(server('a'), server('b'), server('c'));
        Selection selection = block.select();
        selection.limitTries(0);
        assertThat(selection.tries()).isEqualTo(3);
        selection.limitTries(2);
        block.pick(selection);
        selection.release(Outcome.FAILED, block.now);
        assertThat(selection.tries()).isEqualTo(1);
        selection.regainTry();
        assertThat(selection.tries()).isEqualTo(2);
    }

    @Test
    void eachOfManyPeersIsTriedOnce() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            addresses.add(Block.address("127.0.0.1:" + (20000 + i)));
        }
        Selection selection = new Selection();
        selection.begin(PeerGroup.implied("many", addresses, 1).onLoop(0));
        List<String> names = new ArrayList<>();
        for (Peer peer = selection.pick(0); peer != null; peer = selection.pick(0)) {
            names.add(peer.name());
            selection.release(Outcome.FAILED, 0);
        }
        assertThat(names).hasSize(150).doesNotHaveDuplicates();
        assertThat(selection.tries()).isZero();
    }

    @Test
    void aSecondReleaseDoesNothing() {
        Block block = block(server('a'), server('b'));
        Selection selection = block.select();
        block.pick(selection);
        selection.release(Outcome.OK, block.now);
        assertThat(selection.release(Outcome.FAILED, block.now)).isFalse();
        assertThat(selection.tries()).isEqualTo(1);
    }

    @Test
    void peersOfOneRequestAreTriedInOrder() {
        Selection selection = new Selection();
        selection.begin(Peers.of("app", List.of(Block.address("127.0.0.1:1"), Block.address("127.0.0.2:1"))));
        assertThat(selection.pick(0)).hasToString("127.0.0.1:1");
        selection.release(Outcome.FAILED, 0);
        assertThat(selection.pick(0)).hasToString("127.0.0.2:1");
        assertThat(selection.groupName()).isEqualTo("app");
    }
}
