package io.gatehouse.wire.dns;

import static io.gatehouse.wire.dns.ReplyWriter.A;
import static io.gatehouse.wire.dns.ReplyWriter.AAAA;
import static io.gatehouse.wire.dns.ReplyWriter.SRV;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a resolver makes of the answers of name servers. */
@Timeout(60)
class ResolverTest {
    private static final String[] IPV4 = {"127.0.0.201", "127.0.0.202"};
    private static final String[] IPV6 = {"fe80::1", "fe80::2"};

    @Test
    void bothKindsOfAddressAreFound() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().address(q.type() == A ? "127.0.0.1" : "::1"));
                Asker asker = Asker.of(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1 0:0:0:0:0:0:0:1");
            assertThat(asker.told).isEmpty();
        }
    }

    @Test
    void oneKindAlone() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().address(q.type() == A ? "127.0.0.1" : "::1"))) {
            try (Asker asker = new Asker(Asker.settings(true, false, server))) {
                assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1");
            }
            try (Asker asker = new Asker(Asker.settings(false, true, server))) {
                assertThat(asker.ask("example.com")).isEqualTo("0:0:0:0:0:0:0:1");
            }
            assertThat(server.questions).hasSize(2);
        }
    }

    /** Each kind is answered with nothing, addresses, an alias, an alias with addresses, or an error; A first. */
    @ParameterizedTest
    @CsvSource({
        "z, z, 3: Host not found",
        "z, n, fe80::1",
        "z, c, 127.0.0.203 fe80::3",
        "z, cn, fe80::1 fe80::2",
        "z, e, 2: Server failure",
        "n, z, 127.0.0.201",
        "n, n, 127.0.0.201 fe80::1",
        "n, c, 127.0.0.201",
        "n, cn, 127.0.0.201 fe80::1 fe80::2",
        "n, e, 2: Server failure",
        "c, z, 3: Host not found",
        "c, n, fe80::1",
        "c, c, 127.0.0.203 fe80::3",
        "c, e, 2: Server failure",
        "cn, c, 127.0.0.201 127.0.0.202",
        "cn, cn, 127.0.0.201 127.0.0.202 fe80::1 fe80::2",
        "e, z, 2: Server failure",
        "e, n, 2: Server failure",
        "e, c, 2: Server failure",
        "e, e, 2: Server failure"
    })
    void bothKindsMustBeAnswered(String ipv4, String ipv6, String expected) throws Exception {
        ScriptedServer.Script script = q -> {
            if (q.name().equals("alias")) {
                return q.reply().address(q.type() == A ? "127.0.0.203" : "fe80::3");
            }
            return mixed(q, q.type() == A ? ipv4 : ipv6, q.type() == A ? IPV4 : IPV6);
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.of(server)) {
            assertThat(asker.ask("host")).isEqualTo(expected.replace("fe80::", "fe80:0:0:0:0:0:0:"));
        }
    }

    private static ReplyWriter mixed(ScriptedServer.Question q, String what, String[] addresses) {
        ReplyWriter reply = q.reply();
        if (what.startsWith("c")) {
            reply.alias("alias");
        }
        return switch (what) {
            case "n" -> reply.address(addresses[0]);
            case "cn" -> reply.address(addresses[0]).address(addresses[1]);
            case "e" -> reply.code(DnsCode.SERVER_FAILURE);
            default -> reply;
        };
    }

    @Test
    void whatIsKnownIsNotAskedAgainWhicheverLoopAsks() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1");
            assertThat(asker.ask(1, "EXAMPLE.com.", Asker.TIMEOUT).get(10, TimeUnit.SECONDS))
                    .isEqualTo("127.0.0.1");
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void whatHasNoTimeIsAskedAgain() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(q -> q.reply().seconds(0).address("127.0.0.1"));
                Asker asker = Asker.ipv4(server)) {
            asker.ask("example.com");
            asker.ask("example.com");
            assertThat(server.questions).hasSize(2);
        }
    }

    @Test
    void theSettingOverridesTheTimeOfAnswers() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(q -> q.reply().seconds(0).address("127.0.0.1"));
                Asker asker = new Asker(new ResolverSettings(List.of(server.address()), 3_600_000, true, false))) {
            asker.ask("example.com");
            asker.ask("example.com");
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void theShortestTimeOfAnAnswerCounts() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        q -> q.reply().seconds(0).alias("other").seconds(3600).address("127.0.0.1"));
                Asker asker = Asker.ipv4(server)) {
            asker.ask("example.com");
            asker.ask("example.com");
            assertThat(server.questions).hasSize(2);
        }
    }

    @Test
    void errorsAreNotRemembered() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().code(DnsCode.HOST_NOT_FOUND));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("3: Host not found");
            assertThat(asker.ask("example.com")).isEqualTo("3: Host not found");
            assertThat(server.questions).hasSize(2);
        }
    }

    @Test
    void knownAddressesTakeTurns() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(q -> q.reply().address("127.0.0.201").address("127.0.0.202"));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("many")).isEqualTo("127.0.0.201 127.0.0.202");
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                seen.add(asker.ask("many"));
            }
            assertThat(seen).containsExactlyInAnyOrder("127.0.0.201 127.0.0.202", "127.0.0.202 127.0.0.201");
        }
    }

    @Test
    void serversTakeTurns() throws Exception {
        try (ScriptedServer bad = new ScriptedServer(q -> q.reply().code(DnsCode.SERVER_FAILURE));
                ScriptedServer good = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(bad, good)) {
            assertThat(asker.ask("example.com")).isEqualTo("2: Server failure");
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1");
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aServerThatIsNotThereIsPassedBy() throws Exception {
        ScriptedServer gone = new ScriptedServer(q -> null);
        try (ScriptedServer good = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(gone, good)) {
            gone.close();
            assertThat(asker.ask(0, "example.com", 4_000).get(10, TimeUnit.SECONDS))
                    .isEqualTo("127.0.0.1");
            assertThat(asker.told)
                    .containsExactly("recv() failed (111: Connection refused) while resolving, resolver: "
                            + "127.0.0.1:" + gone.address().getPort());
        }
    }

    @Test
    void aTruncatedAnswerIsAskedForOverTcp() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.tcp()
                        ? q.reply().address(q.type() == A ? "127.0.0.1" : "::1")
                        : q.reply().truncated());
                Asker asker = Asker.of(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1 0:0:0:0:0:0:0:1");
            assertThat(server.asked("example.com", AAAA)).isEqualTo(2);
        }
    }

    @Test
    void noAnswerIsATimeout() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> null);
                Asker asker = Asker.ipv4(server)) {
            CompletableFuture<String> first = asker.ask(0, "example.com", 100);
            CompletableFuture<String> second = asker.ask(1, "example.com", 150);
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("110: Operation timed out");
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("110: Operation timed out");
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void whoCancelsHearsNothingAndTheOthersDo() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> go = new CompletableFuture<>();
        ScriptedServer.Script script = q -> {
            asked.complete(null);
            go.join();
            return q.reply().address("127.0.0.1");
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            CompletableFuture<String> cancelled = new CompletableFuture<>();
            CompletableFuture<Lookup> lookup = new CompletableFuture<>();
            asker.loops[1].execute(() -> lookup.complete(asker.begin(1, "example.com", Asker.TIMEOUT, cancelled)));
            CompletableFuture<String> other = asker.ask(0, "example.com", Asker.TIMEOUT);
            asked.get(10, TimeUnit.SECONDS);
            Lookup under = lookup.get(10, TimeUnit.SECONDS);
            asker.loops[1].execute(() -> {
                under.cancel();
                go.complete(null);
            });
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1");
            assertThat(asker.ask(1, "example.com", Asker.TIMEOUT).get(10, TimeUnit.SECONDS))
                    .isEqualTo("127.0.0.1");
            assertThat(cancelled).isNotDone();
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void withoutAnAnswerTheNextServerIsAskedAfterFiveSeconds() throws Exception {
        try (ScriptedServer silent = new ScriptedServer(q -> null);
                ScriptedServer good = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(silent, good)) {
            long began = System.nanoTime();
            assertThat(asker.ask("example.com")).isEqualTo("127.0.0.1");
            assertThat(System.nanoTime() - began).isGreaterThan(4_900_000_000L);
            assertThat(good.questions.getFirst().id())
                    .isEqualTo(silent.questions.getFirst().id());
        }
    }

    @Test
    void aliasesAreFollowedAsFarAsFifty() throws Exception {
        ScriptedServer.Script script = q -> {
            int number = Integer.parseInt(q.name());
            return number == 0 ? q.reply().address("127.0.0.1") : q.reply().alias("" + (number - 1));
        };
        try (ScriptedServer server = new ScriptedServer(script)) {
            try (Asker asker = Asker.ipv4(server)) {
                assertThat(asker.ask("50")).isEqualTo("127.0.0.1");
                assertThat(asker.ask("51")).as("as much is known").isEqualTo("3: Host not found");
            }
            try (Asker asker = Asker.ipv4(server)) {
                assertThat(asker.ask("51")).isEqualTo("3: Host not found");
            }
        }
    }

    @Test
    void anAliasOfItselfIsNotFollowedForEver() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().alias(q.name()));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("3: Host not found");
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void anAliasOfTheRootIsNobody() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().alias(""));
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.ask("example.com")).isEqualTo("3: Host not found");
        }
    }

    @Test
    void aNameThatCannotBeAskedIsNotFound() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(server)) {
            for (String name : List.of("", "a..b", ".a", "a".repeat(64), "a.".repeat(128) + "b")) {
                assertThat(asker.ask(name)).isEqualTo("3: Host not found");
            }
            String label = "a".repeat(63);
            assertThat(asker.ask(label + "." + label + "." + label + "." + label))
                    .isEqualTo("127.0.0.1");
            assertThat(server.questions).hasSize(1);
        }
    }

    @Test
    void eachQuestionHasAPortAndANumberOfItsOwn() throws Exception {
        try (ScriptedServer server = new ScriptedServer(q -> q.reply().address("127.0.0.1"));
                Asker asker = Asker.ipv4(server)) {
            Set<Integer> ports = new HashSet<>();
            Set<Integer> numbers = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                asker.ask("host" + i);
                ports.add(server.questions.getLast().port());
                numbers.add(server.questions.getLast().id());
            }
            assertThat(ports).hasSizeGreaterThan(10);
            assertThat(numbers).hasSizeGreaterThan(15);
        }
    }

    @Test
    void servicesBringTheirTargetsTheMostWantedFirst() throws Exception {
        ScriptedServer.Script script = q -> q.type() == SRV
                ? q.reply().service(2, 6, 8083, "two").service(1, 0, 8082, "one")
                : q.reply().address(q.name().equals("one") ? "127.0.0.201" : "127.0.0.203");
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            String expected = "127.0.0.201:8082 one 1*1, 127.0.0.203:8083 two 2*6";
            assertThat(asker.askService("example.net", "http")).isEqualTo(expected);
            assertThat(asker.askService("example.net", "_http._tcp")).isEqualTo(expected);
            assertThat(server.asked("_http._tcp.example.net", SRV)).isEqualTo(1);
        }
    }

    @Test
    void aServiceWhoseTargetsAllFailFailsAsTheyDo() throws Exception {
        ScriptedServer.Script script = q -> q.type() == SRV
                ? q.reply().service(1, 1, 80, "bad").service(1, 1, 80, "none")
                : q.reply().code(q.name().equals("bad") ? DnsCode.SERVER_FAILURE : DnsCode.HOST_NOT_FOUND);
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.askService("example.net", "http")).isEqualTo("3: Host not found");
            assertThat(asker.told)
                    .containsExactly(
                            "bad could not be resolved (2: Server failure) while resolving service http of example.net",
                            "none could not be resolved (3: Host not found) while resolving service http of"
                                    + " example.net");
        }
    }

    @Test
    void aServiceWithoutRecordsIsNotFoundAndOneOverTcpIs() throws Exception {
        ScriptedServer.Script script = q -> {
            if (q.name().equals("_none._tcp.example.net")) {
                return q.reply();
            }
            if (q.name().equals("_alias._tcp.example.net")) {
                return q.reply().alias("_tcp._tcp.example.net");
            }
            if (q.type() == SRV) {
                return q.tcp() ? q.reply().service(1, 1, 80, "one") : q.reply().truncated();
            }
            return q.reply().address("127.0.0.1");
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Asker asker = Asker.ipv4(server)) {
            assertThat(asker.askService("example.net", "none")).isEqualTo("3: Host not found");
            assertThat(asker.askService("example.net", "tcp")).isEqualTo("127.0.0.1:80 one 1*1");
            assertThat(asker.askService("example.net", "alias")).isEqualTo("127.0.0.1:80 one 1*1");
        }
    }
}
