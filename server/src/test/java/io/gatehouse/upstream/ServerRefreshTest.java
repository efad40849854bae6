package io.gatehouse.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of servers are asked for again and again, each time as late as the last answer allows. */
@Timeout(30)
class ServerRefreshTest {
    private final Loop[] loops = Loops.start(2);
    private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final ServerRefresh refresh = new ServerRefresh();

    /** A question, which the test answers. */
    private record Asked(Loop loop, Server.Name name, ServerResolver.Answer answer, CompletableFuture<Void> cancelled) {
        void found(long validMillis, String... addresses) throws Exception {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.execute(() -> {
                answer.found(
                        java.util.Arrays.stream(addresses)
                                .map(a -> ServiceAddress.plain(new InetSocketAddress(InetAddress.ofLiteral(a), 0)))
                                .toList(),
                        loop.wallMillis() + validMillis);
                done.complete(null);
            });
            done.get(10, TimeUnit.SECONDS);
        }
    }

    private NameResolver.Question ask(Loop loop, Server.Name name, long timeoutMillis, ServerResolver.Answer answer) {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        asked.add(new Asked(loop, name, answer, cancelled));
        return () -> cancelled.complete(null);
    }

    @AfterEach
    void endLoops() throws InterruptedException {
        refresh.stop();
        for (Loop loop : loops) {
            loop.stop();
            loop.awaitEnd(5_000);
        }
    }

    private static PeerGroup group(PeerGroup... before) {
        Server named = Server.resolving("app.example:8081", new Server.Name("app.example", 8081, ""));
        return new PeerGroup("u", RoundRobin.INSTANCE, List.of(named), "z", 2, before.length == 0 ? null : before[0]);
    }

    private static String peers(PeerGroup group) {
        return String.join(" ", group.status(0).stream().map(PeerStatus::name).toList());
    }

    private Asked next() throws InterruptedException {
        return java.util.Objects.requireNonNull(asked.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void itIsAskedAtOnceAndWhenTheAnswerRunsOut() throws Exception {
        PeerGroup group = group();
        refresh.add(group, this::ask, 30_000);
        refresh.start(loops);
        next().found(0, "127.0.0.201");
        assertThat(peers(group)).isEqualTo("127.0.0.201:8081");
        long answered = System.nanoTime();
        next().found(60_000);
        assertThat(System.nanoTime() - answered).as("not at once").isGreaterThan(900_000_000L);
        assertThat(peers(group)).isEmpty();
    }

    @Test
    void aFailureChangesNothingAndIsTriedAgain() throws Exception {
        PeerGroup group = group();
        refresh.add(group, this::ask, 1_000);
        refresh.start(loops);
        next().found(0, "127.0.0.201");
        Asked second = next();
        second.loop().execute(second.answer()::failed);
        Asked third = next();
        assertThat(peers(group)).isEqualTo("127.0.0.201:8081");
        assertThat(third.name().host()).isEqualTo("app.example");
    }

    @Test
    void whatWasKnownBeforeAReloadIsBelievedAsLongAsItHolds() throws Exception {
        PeerGroup before = group();
        before.named()
                .getFirst()
                .resolved(
                        List.of(ServiceAddress.plain(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.201"), 0))),
                        System.currentTimeMillis() + 1_500);
        PeerGroup after = group(before);
        long began = System.nanoTime();
        refresh.add(after, this::ask, 30_000);
        refresh.start(loops);
        assertThat(peers(after)).isEqualTo("127.0.0.201:8081");
        next().found(60_000, "127.0.0.202");
        assertThat(System.nanoTime() - began).isGreaterThan(1_000_000_000L);
        assertThat(peers(after)).isEqualTo("127.0.0.202:8081");
    }

    @Test
    void nothingIsAskedAnyMoreOnceItIsStopped() throws Exception {
        refresh.add(group(), this::ask, 30_000);
        refresh.add(group(), this::ask, 30_000);
        refresh.start(loops);
        Asked one = next();
        Asked other = next();
        assertThat(List.of(one.loop(), other.loop())).containsExactlyInAnyOrder(loops);
        refresh.stop();
        one.cancelled().get(10, TimeUnit.SECONDS);
        other.cancelled().get(10, TimeUnit.SECONDS);
        one.found(0, "127.0.0.201");
        assertThat(asked.poll(1_300, TimeUnit.MILLISECONDS)).isNull();
    }
}
