package io.gatehouse.wire.dns;

import static io.gatehouse.wire.dns.ReplyWriter.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that make no sense, or come from somebody else, count as none; those too large are cut. */
@Timeout(60)
class HostileReplyTest {
    static Stream<Arguments> replies() {
        return Stream.of(
                wrong("wrong ident 1 in DNS response for host, expect 2", r -> r),
                wrong("invalid UDP DNS response 2 fl:0180", r -> r.flags(0x0180)),
                wrong("invalid UDP DNS response 2 fl:8980", r -> r.flags(0x8980)),
                wrong("DNS error (1: Format error), query id:2, name:\"host\"", r -> r.code(1)),
                wrong("DNS error (9: Unknown error), query id:2", r -> r.code(9)),
                wrong("invalid number of questions in DNS response", r -> r.questions(2)),
                wrong("short DNS response", r -> r.raw(0xc0)),
                wrong("short DNS response", r -> r.raw(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127)),
                wrong("unexpected AAAA record in DNS response", r -> r.address("::1")),
                wrong("invalid A record in DNS response", r -> r.record(ReplyWriter.ASKED, A, 1, new byte[5])),
                wrong("unexpected RR class 3 in DNS response", r -> r.record(ReplyWriter.ASKED, A, 3, new byte[4])),
                wrong("invalid name in DNS response", r -> r.record(new byte[] {0}, A, 1, new byte[4])),
                wrong(
                        "compression pointers loop in DNS response",
                        r -> r.record(ReplyWriter.ASKED, ReplyWriter.CNAME, 1, pointer(34))),
                wrong(
                        "name is out of DNS response",
                        r -> r.record(ReplyWriter.ASKED, ReplyWriter.CNAME, 1, pointer(0x3fff))),
                wrong(
                        "invalid label type in DNS response",
                        r -> r.record(ReplyWriter.ASKED, ReplyWriter.CNAME, 1, new byte[] {(byte) 0x80, 0})),
                wrong(
                        "no A or CNAME types in DNS response",
                        r -> r.record(ReplyWriter.ASKED, ReplyWriter.DNAME, 1, new byte[] {0})),
                wrong(
                        "unexpected RR type 16 in DNS response",
                        r -> r.record(ReplyWriter.ASKED, 16, 1, new byte[] {0})));
    }

    private static Arguments wrong(String told, UnaryOperator<ReplyWriter> how) {
        return Arguments.of(told, how);
    }

    private static byte[] pointer(int to) {
        return new byte[] {(byte) (0xc0 | to >> 8), (byte) to};
    }

    /** The right answer follows the wrong one, and is heard. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("replies")
    void isIgnored(String told, UnaryOperator<ReplyWriter> how) throws Exception {
        boolean wrongNumber = told.startsWith("wrong ident");
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Asker asker = new Asker(new ResolverSettings(
                        List.of((InetSocketAddress) server.getLocalSocketAddress()), 0, true, false))) {
            server.setSoTimeout(20_000);
            var answer = asker.ask(0, "host", Asker.TIMEOUT);
            DatagramPacket question = receive(server);
            int id = new ReplyReader(question.getData()).two(0);
            int wrongId = wrongNumber ? id ^ 1 : id;
            send(server, question, how.apply(new ReplyWriter(wrongId, "host", A)));
            send(server, question, new ReplyWriter(id, "host", A).address("127.0.0.1"));
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1");
            String expected = told.replace(" 2 fl", " " + id + " fl")
                    .replace("id:2", "id:" + id)
                    .replace("ident 1", "ident " + wrongId)
                    .replace("expect 2", "expect " + id);
            assertThat(asker.told.getFirst()).isEqualTo(expected);
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        return packet;
    }

    private static void send(DatagramSocket from, DatagramPacket question, ReplyWriter reply) throws Exception {
        byte[] octets = reply.octets();
        from.send(new DatagramPacket(octets, octets.length, question.getSocketAddress()));
    }

    @Test
    void whatAnotherSourceSaysIsNotHeard() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Asker asker = new Asker(new ResolverSettings(
                        List.of((InetSocketAddress) server.getLocalSocketAddress()), 0, true, false))) {
            server.setSoTimeout(20_000);
            var answer = asker.ask(0, "host", Asker.TIMEOUT);
            DatagramPacket question = receive(server);
            int id = new ReplyReader(question.getData()).two(0);
            send(stranger, question, new ReplyWriter(id, "host", A).address("127.0.0.66"));
            send(server, question, new ReplyWriter(id, "host", A).address("127.0.0.1"));
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1");
            assertThat(asker.told).isEmpty();
        }
    }

    @Test
    void anotherNameIsNotHeard() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(q -> new ReplyWriter(q.id(), "other", q.type()).address("127.0.0.66"));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask(0, "host", 300).get(10, TimeUnit.SECONDS)).isEqualTo("110: Operation timed out");
            assertThat(asker.told).containsExactly("unexpected DNS response for other");
        }
    }

    @Test
    void noMoreAddressesAreKeptThanTheLimit() throws Exception {
        ScriptedServer.Script script = q -> {
            if (!q.tcp()) {
                return q.reply().truncated();
            }
            ReplyWriter reply = q.reply();
            for (int i = 0; i < 3_000; i++) {
                reply.address("127.0.0.1");
            }
            return reply;
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("host").split(" ")).hasSize(Records.MOST_ADDRESSES);
        }
    }

    @Test
    void noMoreServicesAreAskedForThanTheLimit() throws Exception {
        ScriptedServer.Script script = q -> {
            if (q.type() == A) {
                return q.reply().address("127.0.0.1");
            }
            ReplyWriter reply = q.reply();
            for (int i = 0; i < 180; i++) {
                reply.service(1, 1, i + 1, "a");
            }
            return reply;
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.askService("host", "http").split(",")).hasSize(Records.MOST_SERVICES);
        }
    }

    @Test
    void aDatagramLargerThanTheLimitIsCutOff() throws Exception {
        ScriptedServer.Script script = q -> {
            ReplyWriter reply = q.reply();
            for (int i = 0; i < UdpSocket.LONGEST_REPLY / 16 + 1; i++) {
                reply.address("127.0.0.1");
            }
            return reply;
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask(0, "host", 300).get(10, TimeUnit.SECONDS)).isEqualTo("110: Operation timed out");
            assertThat(asker.told).containsExactly("short DNS response");
        }
    }

    @Test
    void noMoreNamesAreRememberedThanTheLimit() {
        Cache cache = new Cache();
        long now = 1;
        for (int i = 0; i < Cache.MOST_NAMES + 10; i++) {
            cache.put("name" + i, new Known.Alias("other", now + 1_000), now);
            assertThat(cache.size()).isLessThanOrEqualTo(Cache.MOST_NAMES);
        }
        assertThat(cache.size()).isGreaterThan(Cache.MOST_NAMES / 2);
        cache.put("again", new Known.Alias("other", now + 3_000), now + 2_000);
        assertThat(cache.get("again", now + 2_000)).isNotNull();
        assertThat(cache.get("name" + (Cache.MOST_NAMES + 9), now + 2_000)).isNull();
    }

    @Test
    void noMoreNamesAreAskedForThanTheLimit() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> null);
                Asker asker = Asker.ipv4(server)) {
            for (int i = 0; i < Asking.MOST_QUERIES; i++) {
                var _ = asker.ask(0, "name" + i, Asker.TIMEOUT);
            }
            assertThat(asker.ask("one.more")).isEqualTo("5: Operation refused");
            assertThat(server.questions.stream()
                            .map(ScriptedServer.Question::port)
                            .distinct()
                            .count())
                    .isLessThanOrEqualTo(NameServer.MOST_SOCKETS);
        }
    }

    @Test
    void nothingToAskIsRefused() {
        assertThatThrownBy(() -> new ResolverSettings(List.of(), 0, true, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
