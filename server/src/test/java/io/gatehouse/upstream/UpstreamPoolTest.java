package io.gatehouse.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.SocketBuffers;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {
    private final Loop loop = Loops.start(1)[0];
    private final UpstreamPool pool = new UpstreamPool(loop);
    private App app;
    private App other;

    @BeforeEach
    void start() throws IOException {
        app = new App();
        other = new App();
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop();
        app.close();
        other.close();
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    /** The user of a connection, who writes down what it hears. */
    private static final class User implements Sink {
        final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(events.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public void onConnected(Wire wire) {
            events.add("connected");
            wire.reading(true);
        }

        @Override
        public void onBytes(Wire wire, ByteBuf borrowed) {
            events.add(borrowed.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onWritable(Wire wire) {}

        @Override
        public void onEnd(Wire wire) {
            events.add("end");
        }

        @Override
        public void onClosed(Wire wire, @Nullable IOException cause) {
            events.add("closed");
        }
    }

    private <T> T on(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    private void run(Runnable task) throws Exception {
        on(() -> {
            task.run();
            return "";
        });
    }

    private @Nullable UpstreamConnection take(PoolKey key) throws Exception {
        return on(() -> pool.take(key, new User()));
    }

    private UpstreamConnection connect(PoolKey key) throws Exception {
        User user = new User();
        UpstreamConnection connection = on(() -> pool.connect(key, SocketBuffers.SYSTEM, user));
        assertThat(user.next()).isEqualTo("connected");
        return connection;
    }

    private PoolKey key(KeepAlive keepAlive) {
        return PoolKey.of(app.address(), keepAlive);
    }

    private static KeepAlive keeping(int most) {
        return new KeepAlive("u", most, false, 1000, 3_600_000, 60_000);
    }

    @Test
    void aConnectionGivenBackIsTakenAgain() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        assertThat(take(key)).isNull();
        UpstreamConnection first = connect(key);
        Socket socket = app.accept();
        assertThat(first.reused()).isFalse();
        run(first::giveBack);

        User user = new User();
        UpstreamConnection again = on(() -> pool.take(PoolKey.of(app.address(), KeepAlive.ofBlock("u")), user));
        assertThat(again).isSameAs(first);
        assertThat(again.reused()).isTrue();
        assertThat(again.requests()).isEqualTo(2);
        socket.getOutputStream().write("HTTP/1.1 200".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(user.next()).isEqualTo("HTTP/1.1 200");
        assertThat(take(key)).as("it is busy").isNull();
    }

    @Test
    void theLastUsedIsTakenFirst() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        UpstreamConnection a = connect(key);
        UpstreamConnection b = connect(key);
        UpstreamConnection c = connect(key);
        run(b::giveBack);
        run(a::giveBack);
        run(c::giveBack);
        assertThat(take(key)).isSameAs(c);
        assertThat(take(key)).isSameAs(a);
        assertThat(take(key)).isSameAs(b);
        assertThat(take(key)).isNull();
    }

    @Test
    void anotherAddressOrOtherFactsAreAnotherConnection() throws Exception {
        KeepAlive keepAlive = KeepAlive.ofBlock("u");
        UpstreamConnection connection = connect(key(keepAlive));
        run(connection::giveBack);
        assertThat(take(PoolKey.of(other.address(), keepAlive))).isNull();
        assertThat(take(key(KeepAlive.ofBlock("v")))).isNull();
        assertThat(take(new PoolKey(app.address(), null, false, "/location", keepAlive)))
                .isNull();
        assertThat(take(new PoolKey(app.address(), Block.address("127.0.0.9:0"), false, null, keepAlive)))
                .isNull();
        assertThat(take(key(keepAlive))).isSameAs(connection);
    }

    @Test
    void aPeerMakesItsKeyOnce() {
        KeepAlive keepAlive = KeepAlive.ofBlock("u");
        Peer peer = new Peer(app.address(), "app", Server.of("app", List.of(app.address())), 1, -1);
        PoolKey key = peer.poolKey(null, false, "facts", keepAlive);
        assertThat(peer.poolKey(null, false, "facts", keepAlive)).isSameAs(key);
        assertThat(peer.poolKey(null, true, "facts", keepAlive)).isNotEqualTo(key);
        assertThat(peer.poolKey(null, false, "facts", keepAlive)).isEqualTo(key).hasSameHashCodeAs(key);
    }

    @Test
    void theLocalAddressIsBound() throws Exception {
        connect(new PoolKey(app.address(), Block.address("127.0.0.9:0"), false, null, KeepAlive.WITHOUT_BLOCK));
        assertThat(app.accept().getInetAddress().getHostAddress()).isEqualTo("127.0.0.9");
    }

    @Test
    void oneTooManyPushesOutTheLongestIdleOfTheBlock() throws Exception {
        PoolKey here = key(keeping(2));
        PoolKey there = PoolKey.of(other.address(), keeping(2));
        UpstreamConnection a = connect(here);
        Socket first = app.accept();
        UpstreamConnection b = connect(there);
        UpstreamConnection c = connect(here);
        run(a::giveBack);
        run(b::giveBack);
        run(c::giveBack);
        App.awaitEnd(first);
        assertThat(on(pool::idle)).isEqualTo(2);
        assertThat(take(here)).isSameAs(c);
        assertThat(take(here)).isNull();
        assertThat(take(there)).isSameAs(b);
    }

    @Test
    void thoseBeyondALargeLimitRestForAMomentAndAreThenClosed() throws Exception {
        PoolKey key = key(keeping(16));
        List<Socket> sockets = new ArrayList<>();
        List<UpstreamConnection> connections = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            connections.add(connect(key));
            sockets.add(app.accept());
        }
        run(() -> connections.forEach(UpstreamConnection::giveBack));
        assertThat(on(pool::idle)).isEqualTo(18);
        App.awaitEnd(sockets.get(0));
        App.awaitEnd(sockets.get(1));
        assertThat(on(pool::idle)).isEqualTo(16);
    }

    @Test
    void withoutABlockEachPeerHasItsOwnLimit() throws Exception {
        KeepAlive one = new KeepAlive("", 1, true, 1000, 3_600_000, 60_000);
        UpstreamConnection a = connect(key(one));
        UpstreamConnection b = connect(PoolKey.of(other.address(), one));
        UpstreamConnection c = connect(key(one));
        run(a::giveBack);
        run(b::giveBack);
        assertThat(on(pool::idle)).isEqualTo(2);
        run(c::giveBack);
        assertThat(on(pool::idle)).isEqualTo(2);
        assertThat(take(key(one))).isSameAs(c);
    }

    @Test
    void keepaliveZeroKeepsNone() throws Exception {
        UpstreamConnection connection = connect(key(keeping(0)));
        Socket socket = app.accept();
        run(connection::giveBack);
        App.awaitEnd(socket);
        assertThat(on(pool::connections)).isZero();
    }

    @Test
    void afterKeepaliveRequestsItIsClosed() throws Exception {
        PoolKey key = key(new KeepAlive("u", 1, false, 3, 3_600_000, 60_000));
        UpstreamConnection connection = connect(key);
        Socket socket = app.accept();
        for (int i = 0; i < 2; i++) {
            run(connection::giveBack);
            assertThat(take(key)).isSameAs(connection);
        }
        run(connection::giveBack);
        App.awaitEnd(socket);
        assertThat(take(key)).isNull();
    }

    @Test
    void afterKeepaliveTimeItCarriesOneMoreRequest() throws Exception {
        PoolKey key = key(new KeepAlive("u", 1, false, 1000, 300, 60_000));
        UpstreamConnection connection = connect(key);
        Socket socket = app.accept();
        run(connection::giveBack);
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        run(() -> loop.deadline(() -> passed.complete(true)).in(400));
        passed.get(20, TimeUnit.SECONDS);
        assertThat(take(key)).isSameAs(connection);
        run(connection::giveBack);
        App.awaitEnd(socket);
    }

    @Test
    void afterKeepaliveTimeoutItIsClosed() throws Exception {
        PoolKey key = key(new KeepAlive("u", 4, false, 1000, 3_600_000, 50));
        UpstreamConnection idle = connect(key);
        Socket socket = app.accept();
        run(idle::giveBack);
        App.awaitEnd(socket);
        assertThat(take(key)).isNull();
        assertThat(on(pool::connections)).isZero();
    }

    @Test
    void theTimeoutDoesNotRunWhileItIsBusy() throws Exception {
        PoolKey key = key(new KeepAlive("u", 4, false, 1000, 3_600_000, 200));
        UpstreamConnection connection = connect(key);
        run(connection::giveBack);
        assertThat(take(key)).isSameAs(connection);
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        run(() ->
                loop.deadline(() -> passed.complete(connection.wire().isOpen())).in(400));
        assertThat(passed.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anIdleConnectionThatThePeerEndsIsDroppedAtOnce() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        UpstreamConnection connection = connect(key);
        Socket socket = app.accept();
        run(connection::giveBack);
        socket.shutdownOutput();
        App.awaitEnd(socket);
        assertThat(take(key)).isNull();
        assertThat(on(pool::connections)).isZero();
    }

    @Test
    void anIdleConnectionThatThePeerResetsIsForgotten() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        UpstreamConnection connection = connect(key);
        Socket socket = app.accept();
        run(connection::giveBack);
        socket.setSoLinger(true, 0);
        socket.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (on(pool::connections) > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(take(key)).isNull();
    }

    @Test
    void anIdleConnectionThatSaysAnythingIsDropped() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        UpstreamConnection connection = connect(key);
        Socket socket = app.accept();
        run(connection::giveBack);
        socket.getOutputStream().write("HTTP/1.1 408".getBytes(StandardCharsets.ISO_8859_1));
        App.awaitEnd(socket);
        assertThat(take(key)).isNull();
    }

    @Test
    void whatIsClosedWhileBusyIsForgotten() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        User user = new User();
        UpstreamConnection connection = on(() -> pool.connect(key, SocketBuffers.SYSTEM, user));
        Socket socket = app.accept();
        assertThat(user.next()).isEqualTo("connected");
        run(() -> {
            connection.close();
            connection.close();
            connection.giveBack();
        });
        App.awaitEnd(socket);
        assertThat(on(pool::connections)).isZero();
    }

    @Test
    void aFailedConnectIsForgotten() throws Exception {
        PoolKey key = PoolKey.of(other.address(), KeepAlive.ofBlock("u"));
        other.close();
        User user = new User();
        UpstreamConnection connection = on(() -> pool.connect(key, SocketBuffers.SYSTEM, user));
        assertThat(user.next()).isEqualTo("closed");
        run(connection::giveBack);
        assertThat(on(pool::connections)).isZero();
    }

    @Test
    void aReloadClosesWhatNobodyWantsAnyMore() throws Exception {
        KeepAlive gone = KeepAlive.ofBlock("gone");
        KeepAlive stays = KeepAlive.ofBlock("stays");
        UpstreamConnection idle = connect(key(gone));
        Socket idleSocket = app.accept();
        UpstreamConnection busy = connect(key(gone));
        Socket busySocket = app.accept();
        UpstreamConnection kept = connect(key(stays));
        run(idle::giveBack);
        run(kept::giveBack);
        run(() -> pool.retain(key -> key.keepAlive().equals(stays)));
        App.awaitEnd(idleSocket);
        assertThat(on(() -> busy.wire().isOpen())).isTrue();
        run(busy::giveBack);
        App.awaitEnd(busySocket);
        assertThat(take(key(stays))).isSameAs(kept);
    }

    @Test
    void drainingClosesIdleOnesAndKeepsNoMore() throws Exception {
        PoolKey key = key(KeepAlive.ofBlock("u"));
        UpstreamConnection idle = connect(key);
        Socket idleSocket = app.accept();
        UpstreamConnection busy = connect(key);
        Socket busySocket = app.accept();
        run(idle::giveBack);
        run(pool::drain);
        App.awaitEnd(idleSocket);
        run(busy::giveBack);
        App.awaitEnd(busySocket);
        assertThat(on(pool::connections)).isZero();
    }
}
