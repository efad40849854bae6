package io.gatehouse.upstream;

import static io.gatehouse.upstream.Block.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequences come from a program in another language that follows the published descriptions of these hashes. */
class HashTest {
    private static String keys(Block block, String prefix, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            letters.append(block.request(new Selection().key(prefix + i)));
        }
        return letters.toString();
    }

    private static String digits(String digits) {
        return digits.replace('0', 'a').replace('1', 'b').replace('2', 'c').replace('3', 'd');
    }

    @Test
    void keysGoWhereCacheMemcachedSendsThem() {
        assertThat(keys(Block.of(Hash.INSTANCE, server('a'), server('b'), server('c')), "", 40))
                .isEqualTo(digits("1210100220202212011211201111201102111112"));
        Block weighted = Block.of(
                Hash.INSTANCE,
                server('a').withWeight(5),
                server('b'),
                server('c').withWeight(2));
        assertThat(keys(weighted, "k", 40)).isEqualTo(digits("2200001012002010000010020020202200001010"));
    }

    @Test
    void aKeyWhosePeerFailsIsHashedAgain() {
        List<String> keys = List.of("a", "b", "/index.html", "user=42");
        List<String> orders = List.of("3012", "2310", "2031", "0132");
        for (int i = 0; i < keys.size(); i++) {
            Block block = Block.of(Hash.INSTANCE, Block.letters("abcd").toArray(new Server[0]));
            assertThat(block.failing(new Selection().key(keys.get(i)))).isEqualTo(digits(orders.get(i)));
        }
    }

    @Test
    void anEmptyKeyIsNoKey() {
        assertThat(Block.of(Hash.INSTANCE, server('a'), server('b'), server('c'))
                        .requests(6))
                .isEqualTo("abcabc");
        assertThat(Block.of(ConsistentHash.INSTANCE, server('a'), server('b'), server('c'))
                        .requests(6))
                .isEqualTo("abcabc");
    }

    @Test
    void fullPeersSendTheirKeysToOthers() {
        Block plain =
                Block.of(Hash.INSTANCE, server('a').withMaxConns(1), server('b').withMaxConns(2));
        Block ring = Block.of(
                ConsistentHash.INSTANCE,
                server('a').withMaxConns(1),
                server('b').withMaxConns(2));
        for (Block block : List.of(plain, ring)) {
            StringBuilder letters = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                letters.append(block.pick(block.select(new Selection().key("127.0.0.1"))));
            }
            assertThat(letters.toString().split("")).containsExactlyInAnyOrder("-", "a", "b", "b");
        }
    }

    @Test
    void theRingIsThatOfCacheMemcachedFast() {
        assertThat(keys(Block.of(ConsistentHash.INSTANCE, server('a'), server('b'), server('c')), "", 40))
                .isEqualTo("acacacababaababbcaabbbbabccacbcbccccbccc");
        Server socket = Server.of("unix:/tmp/a.sock", List.of(UnixDomainSocketAddress.of("/tmp/a.sock")));
        Server name = Server.of("app.example", List.of(Block.address("127.0.0.1:80")));
        Server six = Server.of("[::1]:80", List.of(Block.address("::1:80"))).withWeight(2);
        Peers mixed = new PeerGroup("m", ConsistentHash.INSTANCE, List.of(socket, name, six), null, 1, null).onLoop(0);
        StringBuilder owners = new StringBuilder();
        for (int i = 1; i <= 40; i++) {
            Selection selection = new Selection().key("" + i);
            selection.begin(mixed);
            String server = selection.pick(0).server();
            owners.append(server.startsWith("unix") ? 'a' : server.equals("app.example") ? 'b' : 'c');
            selection.release(Outcome.OK, 0);
        }
        assertThat(owners).hasToString("cbcabcaaacacacccacbcabcaacababcbaaccccac");
    }

    @Test
    void aFailedPeersKeysGoToTheNextOnTheRing() {
        List<String> keys = List.of("1", "2", "3", "/x", "zz");
        List<String> orders = List.of("abc", "cab", "acb", "bca", "bac");
        for (int i = 0; i < keys.size(); i++) {
            Block block = Block.of(ConsistentHash.INSTANCE, server('a'), server('b'), server('c'));
            assertThat(block.failing(new Selection().key(keys.get(i)))).isEqualTo(orders.get(i));
        }
    }

    @Test
    void addressesOfOneServerShareItsKeys() {
        Server both = Server.of("app", List.of(Block.address("127.0.0.1:8081"), Block.address("127.0.0.1:8082")));
        Block block = Block.of(ConsistentHash.INSTANCE, both);
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            letters.append(block.request(new Selection().key("x")));
        }
        assertThat(letters).hasToString("abab");
    }

    private static String clients(Block block, String pattern, int count) throws Exception {
        StringBuilder letters = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            byte[] address = InetAddress.getByName(pattern.formatted(i)).getAddress();
            letters.append(block.request(new Selection().client(address)));
        }
        return letters.toString();
    }

    @Test
    void clientsGoByTheirNetwork() throws Exception {
        assertThat(clients(Block.of(IpHash.INSTANCE, server('a'), server('b')), "127.0.%d.2", 30))
                .isEqualTo(digits("10".repeat(15)));
        assertThat(clients(Block.of(IpHash.INSTANCE, server('a'), server('b'), server('c')), "127.0.%d.2", 30))
                .isEqualTo(digits("012".repeat(10)));
        Block weighted = Block.of(
                IpHash.INSTANCE,
                server('a').withWeight(3),
                server('b'),
                server('c').withWeight(2));
        assertThat(clients(weighted, "10.%d.200.1", 30)).isEqualTo(digits("210002".repeat(5)));
        assertThat(clients(Block.of(IpHash.INSTANCE, server('a'), server('b'), server('c')), "2001:db8::%x", 20))
                .isEqualTo(digits("201".repeat(7)).substring(0, 20));
    }

    @Test
    void aClientWhosePeerFailsIsHashedAgain() throws Exception {
        Block block = Block.of(IpHash.INSTANCE, server('a'), server('b'), server('c'));
        byte[] address = InetAddress.getByName("192.168.7.99").getAddress();
        assertThat(block.failing(new Selection().client(address))).isEqualTo("bac");
    }

    @Test
    void aClientOfAUnixSocketHasAPlaceToo() {
        Block block = Block.of(IpHash.INSTANCE, server('a'), server('b'));
        char first = block.request(new Selection().client(null));
        assertThat(block.request(new Selection().client(null))).isEqualTo(first);
    }
}
