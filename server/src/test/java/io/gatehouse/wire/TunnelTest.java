package io.gatehouse.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"epoll", "nio"})
@Timeout(60)
class TunnelTest {
    @Parameter
    String platformName;

    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicLong mostQueued = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();
    private final CompletableFuture<Tunnel> tunnel = new CompletableFuture<>();
    private Loop loop;
    private ListenSocket listener;
    private ServerSocket origin;
    private Socket client;
    private Socket application;

    @BeforeEach
    void join() throws Exception {
        Platform platform = platformName.equals("epoll") ? new EpollPlatform() : new NioPlatform();
        loop = Loops.start(1, LoopReport.SYSTEM, platform)[0];
        origin = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener = platform.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
        loop.accept(listener, (accepted, from) -> {
            Recorder connecting = new Recorder();
            connecting.connected = wire -> tunnel.complete(Tunnel.join(accepted, wire, watcher(accepted)));
            loop.connect(origin.getLocalSocketAddress(), null, false, connecting);
            return connecting;
        });
        InetSocketAddress address = (InetSocketAddress) listener.address();
        client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout(20_000);
        application = origin.accept();
        application.setSoTimeout(20_000);
        tunnel.get(10, TimeUnit.SECONDS);
    }

    private Tunnel.Watcher watcher(Wire accepted) {
        return new Tunnel.Watcher() {
            @Override
            public void moved(Wire from, int bytes) {
                moved.addAndGet(bytes);
                mostQueued.accumulateAndGet(accepted.queued(), Math::max);
            }

            @Override
            public void blocked(Wire to) {
                events.add("blocked " + name(to));
            }

            @Override
            public void drained(Wire to) {
                events.add("drained " + name(to));
            }

            @Override
            public void ended(Wire side, @Nullable IOException cause) {
                events.add("ended " + name(side) + " " + (cause == null ? "null" : Errno.text(cause)));
            }

            private String name(Wire wire) {
                return wire.equals(accepted) ? "client" : "application";
            }
        };
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        application.close();
        origin.close();
        listener.close();
        loop.stop();
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    private void expect(InputStream stream, String text) throws IOException {
        assertThat(new String(stream.readNBytes(text.length()), ISO_8859_1)).isEqualTo(text);
    }

    @Test
    void bytesGoBothWaysAndAreCounted() throws Exception {
        client.getOutputStream().write("hello".getBytes(ISO_8859_1));
        expect(application.getInputStream(), "hello");
        application.getOutputStream().write("welcome".getBytes(ISO_8859_1));
        expect(client.getInputStream(), "welcome");
        CompletableFuture<String> counts = new CompletableFuture<>();
        Tunnel joined = tunnel.get();
        loop.execute(() -> counts.complete(joined.bytesFromClient() + " " + joined.bytesFromApplication()));
        assertThat(counts.get(10, TimeUnit.SECONDS)).isEqualTo("5 7");
        assertThat(moved.get()).isEqualTo(12);
    }

    @Test
    void anEndOfOneSideIsPassedOnAndTheOtherGoesOn() throws Exception {
        client.shutdownOutput();
        assertThat(application.getInputStream().read()).isEqualTo(-1);
        application.getOutputStream().write("more".getBytes(ISO_8859_1));
        expect(client.getInputStream(), "more");
        application.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("ended application null");
    }

    @Test
    void aResetOfOneSideEndsBoth() throws Exception {
        application.setSoLinger(true, 0);
        application.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("ended application 104: Connection reset by peer");
    }

    @Test
    void aSlowClientHoldsTheApplicationBack() throws Exception {
        byte[] data = new byte[40 << 20];
        new Random(1).nextBytes(data);
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                application.getOutputStream().write(data);
                application.shutdownOutput();
            } catch (IOException e) {
                events.add(e.toString());
            }
        });
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("blocked client");
        byte[] got = client.getInputStream().readAllBytes();
        writer.join();
        assertThat(Arrays.equals(got, data)).isTrue();
        assertThat(mostQueued.get()).isLessThan(1 << 20);
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("drained client");
    }

    @Test
    void closingEndsBothSidesInSilence() throws Exception {
        Tunnel joined = tunnel.get();
        loop.execute(joined::close);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(application.getInputStream().read()).isEqualTo(-1);
        assertThat(events).isEmpty();
    }
}
