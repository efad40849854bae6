package io.gatehouse.upstream;

import static io.gatehouse.upstream.Block.address;
import static io.gatehouse.upstream.Block.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ZoneTest {
    private static final Server APP = Server.resolving("app.example:8081", new Server.Name("app.example", 8081, ""));
    private static final Server SERVICE = Server.resolving("app.example", new Server.Name("app.example", 0, "http"));

    private static PeerGroup group(@Nullable String zone, @Nullable PeerGroup before, Server... servers) {
        return new PeerGroup("u", RoundRobin.INSTANCE, List.of(servers), zone, 2, before);
    }

    private static List<ServiceAddress> plain(String... hosts) {
        return java.util.Arrays.stream(hosts)
                .map(host -> ServiceAddress.plain(address(host + ":0")))
                .toList();
    }

    private static ServiceAddress service(String address, int priority, int weight) {
        return new ServiceAddress(address(address), "node.example", priority, weight);
    }

    private static String names(PeerGroup group) {
        StringBuilder names = new StringBuilder();
        for (PeerStatus peer : group.status(0)) {
            names.append(peer.backup() ? " +" : " ").append(peer.name());
            names.append(peer.weight() == 1 ? "" : "*" + peer.weight());
        }
        return names.substring(Math.min(1, names.length()));
    }

    @Test
    void withoutAZoneEachLoopHasItsOwnTurns() {
        PeerGroup group = group(null, null, server('a'), server('b'));
        Block first = new Block(group.onLoop(0));
        Block second = new Block(group.onLoop(1));
        assertThat(first.requests(1) + second.requests(2) + first.requests(1)).isEqualTo("aabb");
    }

    @Test
    void inAZoneAllLoopsShareThem() {
        PeerGroup group = group("z", null, server('a'), server('b').withMaxConns(1));
        Block first = new Block(group.onLoop(0));
        Block second = new Block(group.onLoop(1));
        assertThat(first.held(1) + second.held(1) + first.held(1) + second.held(1))
                .isEqualTo("abaa");
        PeerStatus b = group.status(first.now).get(1);
        assertThat(b.active()).isEqualTo(1);
        assertThat(b.requests()).isEqualTo(1);
        assertThat(b.state()).isEqualTo(PeerStatus.State.UP);
    }

    @Test
    void manyThreadsCountRight() throws Exception {
        PeerGroup group = group("z", null, server('a'), server('b'));
        CountDownLatch go = new CountDownLatch(1);
        Thread[] threads = new Thread[2];
        for (int t = 0; t < threads.length; t++) {
            int loop = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                new Block(group.onLoop(loop)).requests(20_000);
            });
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(group.status(0)).allSatisfy(peer -> {
            assertThat(peer.active()).isZero();
            assertThat(peer.requests()).isEqualTo(20_000);
        });
    }

    @Test
    void statusAddsUpLoops() {
        PeerGroup group = group(null, null, server('a'), server('b').withBackup());
        new Block(group.onLoop(0)).held(2);
        Block second = new Block(group.onLoop(1));
        second.failing(new Selection());
        List<PeerStatus> status = group.status(second.now);
        assertThat(status)
                .containsExactly(
                        new PeerStatus(
                                "127.0.0.1:8081", "127.0.0.1:8081", false, 1, PeerStatus.State.UNAVAILABLE, 2, 3, 1),
                        new PeerStatus(
                                "127.0.0.1:8082", "127.0.0.1:8082", true, 1, PeerStatus.State.UNAVAILABLE, 0, 1, 1));
    }

    @Test
    void whatAZoneKnowsOutlivesAReload() {
        PeerGroup before = group("z", null, server('a'), server('b').withMaxConns(1));
        Block old = new Block(before.onLoop(0));
        Selection failing = old.select();
        assertThat(old.pick(failing)).isEqualTo('a');
        failing.release(Outcome.FAILED, old.now);
        assertThat(old.pick(failing)).isEqualTo('b');

        PeerGroup after = group("z", before, server('b').withMaxConns(1), server('a'), server('c'));
        Block fresh = new Block(after.onLoop(1));
        assertThat(fresh.requests(2)).as("a failed, b is full").isEqualTo("cc");
        failing.release(Outcome.OK, old.now);
        assertThat(fresh.until('b').current()).isNotNull();
    }

    @Test
    void changedServersAndOtherZonesBeginAnew() {
        PeerGroup before = group("z", null, server('a'), server('b'));
        new Block(before.onLoop(0)).failing(new Selection());
        assertThat(new Block(group(
                                        "z",
                                        before,
                                        server('a').withMaxFails(2),
                                        server('b').withMaxFails(2))
                                .onLoop(0))
                        .requests(2))
                .isEqualTo("ab");
        assertThat(new Block(group("y", before, server('a'), server('b')).onLoop(0)).requests(2))
                .isEqualTo("ab");
    }

    @Test
    void resolvedAddressesBecomePeers() {
        PeerGroup group = group("z", null, APP, server('b'));
        NamedServer named = group.named().getFirst();
        assertThat(named.name().host()).isEqualTo("app.example");
        assertThat(names(group)).isEqualTo("127.0.0.1:8082");
        named.resolved(plain("127.0.0.201", "127.0.0.202"), 5);
        assertThat(names(group)).isEqualTo("127.0.0.1:8082 127.0.0.201:8081 127.0.0.202:8081");
        assertThat(new Block(group.onLoop(0)).select().tries()).isEqualTo(3);
        named.resolved(plain("127.0.0.202", "fe80::1"), 6);
        assertThat(names(group)).isEqualTo("127.0.0.1:8082 127.0.0.202:8081 [fe80::1]:8081");
        named.resolved(List.of(), 7);
        assertThat(names(group)).isEqualTo("127.0.0.1:8082");
        assertThat(named.validUntil()).isEqualTo(7);
    }

    @Test
    void peersThatStayKeepTheirAccount() {
        PeerGroup group = group("z", null, APP);
        NamedServer named = group.named().getFirst();
        assertThat(new Block(group.onLoop(0)).request()).isEqualTo('-');
        named.resolved(plain("127.0.0.201", "127.0.0.202"), 0);
        Block block = new Block(group.onLoop(0));
        block.failing(new Selection());
        named.resolved(plain("127.0.0.202", "127.0.0.203"), 0);
        Selection selection = block.select();
        assertThat(selection.pick(block.now)).hasToString("127.0.0.203:8081");
    }

    @Test
    void aRequestUnderWayEndsWellButFindsNoOtherPeer() {
        PeerGroup group = group("z", null, APP);
        NamedServer named = group.named().getFirst();
        named.resolved(plain("127.0.0.201", "127.0.0.202"), 0);
        Block block = new Block(group.onLoop(0));
        Selection selection = block.select();
        assertThat(selection.pick(block.now)).isNotNull();
        named.resolved(plain("127.0.0.203", "127.0.0.204"), 0);
        selection.release(Outcome.FAILED, block.now);
        assertThat(selection.tries()).isEqualTo(1);
        assertThat(selection.pick(block.now)).isNull();
        assertThat(group.status(0)).allSatisfy(peer -> assertThat(peer.active()).isZero());
    }

    @Test
    void theOnlyResolvedPeerIsTheOnlyPeer() {
        PeerGroup group = group("z", null, APP);
        NamedServer named = group.named().getFirst();
        named.resolved(plain("127.0.0.201"), 0);
        Block block = new Block(group.onLoop(0));
        assertThat(block.failing(new Selection())).isEqualTo("a");
        assertThat(block.failing(new Selection())).as("never taken for failed").isEqualTo("a");
        named.resolved(plain("127.0.0.201", "127.0.0.202"), 0);
        assertThat(block.failing(new Selection())).isEqualTo("aa");
        assertThat(block.request()).isEqualTo('-');
    }

    @Test
    void everyBalancerMeetsChangingPeers() {
        for (Balancer balancer : List.of(
                RoundRobin.INSTANCE,
                LeastConn.INSTANCE,
                new LeastTime(true, true),
                Hash.INSTANCE,
                ConsistentHash.INSTANCE,
                IpHash.INSTANCE,
                new RandomChoice(false),
                new RandomChoice(true))) {
            PeerGroup group = new PeerGroup("u", balancer, List.of(APP), "z", 1, null);
            NamedServer named = group.named().getFirst();
            Block block = new Block(group.onLoop(0));
            Selection selection = new Selection().key("key").client(new byte[] {10, 0, 0, 1});
            assertThat(block.request(selection)).isEqualTo('-');
            named.resolved(plain("127.0.0.201", "127.0.0.202", "127.0.0.203"), 0);
            assertThat(block.failing(selection)).isEqualTo("aaa");
            block.seconds(20);
            assertThat(block.request(selection)).isEqualTo('a');
            block.select(selection);
            assertThat(block.pick(selection)).isEqualTo('a');
            named.resolved(plain("127.0.0.204"), 0);
            selection.release(Outcome.FAILED, block.now);
            assertThat(block.pick(selection)).isEqualTo('-');
            assertThat(block.request(selection)).isEqualTo('a');
            named.resolved(List.of(), 0);
            assertThat(block.request(selection)).isEqualTo('-');
        }
    }

    @Test
    void servicesBringPortsWeightsAndBackups() {
        PeerGroup group = group("z", null, SERVICE);
        NamedServer named = group.named().getFirst();
        named.resolved(
                List.of(
                        service("127.0.0.201:8082", 1, 5),
                        service("127.0.0.202:8083", 2, 0),
                        service("127.0.0.203:8084", 1, 1)),
                0);
        assertThat(names(group)).isEqualTo("127.0.0.201:8082*5 127.0.0.203:8084 +127.0.0.202:8083");
        assertThat(new Block(group.onLoop(0)).requests(6)).isEqualTo("bbbdbb");
        named.resolved(List.of(service("127.0.0.202:8083", 2, 1)), 0);
        assertThat(names(group)).as("no longer the lesser choice").isEqualTo("127.0.0.202:8083");
        named.resolved(List.of(service("127.0.0.202:8083", 2, 6), service("127.0.0.202:8083", 2, 6)), 0);
        assertThat(names(group)).as("given twice").isEqualTo("127.0.0.202:8083*6 127.0.0.202:8083*6");
    }

    @Test
    void theLinesWeightOverridesThatOfDns() {
        PeerGroup group = group("z", null, SERVICE.withWeight(3));
        group.named().getFirst().resolved(List.of(service("127.0.0.201:8082", 1, 5)), 0);
        assertThat(names(group)).isEqualTo("127.0.0.201:8082*3");
    }

    @Test
    void aReloadKeepsWhatWasResolvedUnderTheNewPort() {
        PeerGroup before = group("z", null, APP, server('b'));
        before.named().getFirst().resolved(plain("127.0.0.201"), 99);
        Server moved = Server.resolving("app.example:9000", new Server.Name("app.example", 9000, ""));
        PeerGroup after = group("z", before, server('b'), moved);
        assertThat(names(after)).isEqualTo("127.0.0.1:8082 127.0.0.201:9000");
        assertThat(after.named().getFirst().validUntil()).isEqualTo(99);
        after.named().getFirst().resolved(plain("127.0.0.202"), 100);
        assertThat(names(after)).isEqualTo("127.0.0.1:8082 127.0.0.202:9000");
    }

    @Test
    void aReloadKeepsBackupsOfAService() {
        PeerGroup before = group("z", null, SERVICE);
        before.named()
                .getFirst()
                .resolved(List.of(service("127.0.0.201:8082", 1, 5), service("127.0.0.202:8083", 2, 1)), 0);
        assertThat(names(group("z", before, SERVICE))).isEqualTo("127.0.0.201:8082*5 +127.0.0.202:8083");
    }

    @Test
    void complaintsAreNginxs() {
        assertThat(PeerGroup.complaint("u", "nginx.conf:7", List.of(), false, true))
                .isEqualTo("no servers in upstream \"u\" in nginx.conf:7");
        assertThat(PeerGroup.complaint("u", "nginx.conf:7", List.of(server('a').withBackup()), false, true))
                .isEqualTo("no servers in upstream \"u\" in nginx.conf:7");
        assertThat(PeerGroup.complaint("u", "nginx.conf:7", List.of(APP), false, true))
                .isEqualTo("resolving names at run time requires upstream \"u\" in nginx.conf:7"
                        + " to be in shared memory");
        assertThat(PeerGroup.complaint("u", "nginx.conf:7", List.of(APP), true, false))
                .isEqualTo("no resolver defined to resolve names at run time in upstream \"u\" in nginx.conf:7");
        assertThatThrownBy(() -> group(null, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
