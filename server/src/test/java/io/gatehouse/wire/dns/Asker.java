package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Asks a resolver from loops of its own, and waits for the answers. */
final class Asker implements AutoCloseable {
    static final long TIMEOUT = 20_000;

    final Loop[] loops = Loops.start(2);
    final List<String> told = new CopyOnWriteArrayList<>();
    final Resolver resolver;

    Asker(ResolverSettings settings) {
        resolver = new Resolver(settings, told::add);
    }

    static Asker of(ScriptedServer... servers) {
        return new Asker(settings(true, true, servers));
    }

    /** Asks for IPv4 addresses alone. */
    static Asker ipv4(ScriptedServer... servers) {
        return new Asker(settings(true, false, servers));
    }

    static ResolverSettings settings(boolean ipv4, boolean ipv6, ScriptedServer... servers) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (ScriptedServer server : servers) {
            addresses.add(server.address());
        }
        return new ResolverSettings(addresses, 0, ipv4, ipv6);
    }

    /** The addresses with spaces between, or number and words of the failure. */
    String ask(String name) throws Exception {
        return ask(0, name, TIMEOUT).get(30, TimeUnit.SECONDS);
    }

    CompletableFuture<String> ask(int loop, String name, long timeoutMillis) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loops[loop].execute(() -> {
            var _ = begin(loop, name, timeoutMillis, answer);
        });
        return answer;
    }

    /** On the loop. */
    Lookup begin(int loop, String name, long timeoutMillis, CompletableFuture<String> answer) {
        return resolver.addresses(loops[loop], name, timeoutMillis, new AddressAnswer() {
            @Override
            public void found(List<InetAddress> addresses, long validUntil) {
                answer.complete(
                        loops[loop].inLoop()
                                ? addresses.stream()
                                        .map(InetAddress::getHostAddress)
                                        .collect(Collectors.joining(" "))
                                : "on a wrong loop");
            }

            @Override
            public void failed(int code) {
                answer.complete(DnsCode.text(code));
            }
        });
    }

    /** As {@code address name priority*weight}, with commas between. */
    String askService(String host, String service) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loops[1].execute(() -> resolver.services(loops[1], host, service, TIMEOUT, new ServiceAnswer() {
            @Override
            public void found(List<Target> targets, long validUntil) {
                answer.complete(targets.stream()
                        .map(t -> t.address().getAddress().getHostAddress() + ":"
                                + t.address().getPort() + " " + t.name() + " " + t.priority() + "*" + t.weight())
                        .collect(Collectors.joining(", ")));
            }

            @Override
            public void failed(int code) {
                answer.complete(DnsCode.text(code));
            }
        }));
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        resolver.close();
        for (Loop loop : loops) {
            loop.stop();
        }
        try {
            for (Loop loop : loops) {
                loop.awaitEnd(5_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
