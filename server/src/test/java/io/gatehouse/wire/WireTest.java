package io.gatehouse.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"epoll", "nio"})
@Timeout(60)
class WireTest {
    @Parameter
    String platformName;

    @TempDir
    Path folder;

    private Platform platform;
    private Loop[] loops;
    private final LinkedBlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final List<ListenSocket> sockets = new ArrayList<>();

    @BeforeEach
    void start() {
        platform = platformName.equals("epoll") ? new EpollPlatform() : new NioPlatform();
        loops = Loops.start(2, report(), platform);
    }

    private LoopReport report() {
        return new LoopReport() {
            @Override
            public void acceptFailed(ListenSocket socket, IOException cause) {
                faults.add(cause);
            }

            @Override
            public void failed(Throwable cause) {
                faults.add(cause);
            }
        };
    }

    @AfterEach
    void stop() throws Exception {
        sockets.forEach(ListenSocket::close);
        for (Loop loop : loops) {
            loop.stop();
        }
        for (Loop loop : loops) {
            assertThat(loop.awaitEnd(10_000)).isTrue();
        }
        assertThat(faults).isEmpty();
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private InetSocketAddress serve(Acceptor acceptor, Loop... on) throws IOException {
        return (InetSocketAddress) serve(local(0), acceptor, on);
    }

    private SocketAddress serve(SocketAddress at, Acceptor acceptor, Loop... on) throws IOException {
        ListenSocket socket = platform.bind(at, ListenOptions.DEFAULT);
        sockets.add(socket);
        for (Loop loop : on) {
            loop.accept(socket, acceptor);
        }
        return socket.address();
    }

    private InetSocketAddress serve(Function<Wire, Sink> sink) throws IOException {
        return serve((wire, from) -> sink.apply(wire), loops[0]);
    }

    private static Socket dial(InetSocketAddress to) throws IOException {
        Socket socket = new Socket(to.getAddress(), to.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static Sink echo(Wire wire) {
        wire.reading(true);
        return new EchoSink();
    }

    private <T> T on(Loop loop, java.util.concurrent.Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    void echoesAndEndsWithThePeer() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        try (Socket peer = dial(address)) {
            for (String text : List.of("a", "hello", "x".repeat(5000))) {
                peer.getOutputStream().write(text.getBytes(ISO_8859_1));
                assertThat(new String(peer.getInputStream().readNBytes(text.length()), ISO_8859_1))
                        .isEqualTo(text);
            }
            peer.shutdownOutput();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void tellsTheAddressesOfBothSides() throws Exception {
        LinkedBlockingQueue<SocketAddress> seen = new LinkedBlockingQueue<>();
        InetSocketAddress address = serve(wire -> {
            seen.add(wire.remote());
            seen.add(wire.local());
            return echo(wire);
        });
        try (Socket peer = dial(address)) {
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(peer.getLocalSocketAddress());
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(peer.getRemoteSocketAddress());
        }
    }

    @Test
    void sendsManyBuffersInOrder() throws Exception {
        StringBuilder expected = new StringBuilder();
        InetSocketAddress address = serve(wire -> {
            for (int i = 0; i < 3000; i++) {
                String text = "part " + i + "\n";
                ByteBuf part = i % 3 == 0
                        ? ascii(text)
                        : i % 3 == 1
                                ? wire.loop().buffer(64).writeBytes(ascii(text))
                                : Unpooled.wrappedBuffer(
                                        wire.loop().buffer(8).writeBytes(ascii(text.substring(0, 3))),
                                        wire.loop().buffer(64).writeBytes(ascii(text.substring(3))));
                wire.write(part);
            }
            wire.closeWhenSent();
            return new Recorder();
        });
        for (int i = 0; i < 3000; i++) {
            expected.append("part ").append(i).append('\n');
        }
        try (Socket peer = dial(address)) {
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo(expected.toString());
        }
    }

    @Test
    void nothingIsSentBeforeFlush() throws Exception {
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            server.wire = wire;
            wire.write(ascii("later"));
            server.events.add("accepted " + wire.queued());
            return server;
        });
        try (Socket peer = dial(address)) {
            assertThat(server.next()).isEqualTo("accepted 5");
            assertThat(peer.getInputStream().available()).isZero();
            Wire wire = server.wire;
            on(loops[0], () -> {
                wire.flush();
                server.events.add(wire.queued() + " " + wire.bytesSent());
                return null;
            });
            assertThat(server.next()).isEqualTo("0 5");
            assertThat(peer.getInputStream().readNBytes(5)).isEqualTo("later".getBytes(ISO_8859_1));
        }
    }

    @Test
    void aSlowReaderHoldsTheWriterBackWithBoundedMemory() throws Exception {
        AtomicLong mostQueued = new AtomicLong();
        CountDownLatch heldBack = new CountDownLatch(1);
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return new EchoSink() {
                @Override
                public void onBytes(Wire wire, ByteBuf borrowed) {
                    super.onBytes(wire, borrowed);
                    mostQueued.accumulateAndGet(wire.queued(), Math::max);
                    if (!wire.isReading()) {
                        heldBack.countDown();
                    }
                }
            };
        });
        int total = 100 << 20;
        try (Socket peer = dial(address)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    OutputStream stream = peer.getOutputStream();
                    byte[] block = new byte[1 << 16];
                    for (int sent = 0; sent < total; sent += block.length) {
                        for (int i = 0; i < block.length; i += 4) {
                            ByteBuffer.wrap(block).putInt(i, sent + i);
                        }
                        stream.write(block);
                    }
                    peer.shutdownOutput();
                } catch (IOException e) {
                    faults.add(e);
                }
            });
            assertThat(heldBack.await(20, TimeUnit.SECONDS)).isTrue();
            InputStream stream = peer.getInputStream();
            byte[] block = new byte[1 << 16];
            for (int got = 0; got < total; got += block.length) {
                assertThat(stream.readNBytes(block, 0, block.length)).isEqualTo(block.length);
                assertThat(ByteBuffer.wrap(block).getInt(0)).isEqualTo(got);
                assertThat(ByteBuffer.wrap(block).getInt(4096)).isEqualTo(got + 4096);
            }
            assertThat(stream.read()).isEqualTo(-1);
            writer.join();
        }
        assertThat(mostQueued.get()).isPositive().isLessThan(1 << 20);
    }

    @Test
    void readingOffHoldsThePeerBack() throws Exception {
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            server.wire = wire;
            server.events.add("accepted");
            return server;
        });
        try (SocketChannel peer = SocketChannel.open(address)) {
            assertThat(server.next()).isEqualTo("accepted");
            peer.configureBlocking(false);
            long sent = 0;
            // Until both kernels' buffers are full; the loop must not have read a byte of it.
            ByteBuffer block = ByteBuffer.allocate(1 << 16);
            for (int idle = 0; idle < 1000; ) {
                block.clear();
                int taken = peer.write(block);
                sent += taken;
                idle = taken == 0 ? idle + 1 : 0;
            }
            assertThat(server.events).isEmpty();
            long expected = sent;
            CompletableFuture<Long> all = new CompletableFuture<>();
            Wire wire = server.wire;
            on(loops[0], () -> {
                assertThat(wire.bytesReceived()).isZero();
                wire.sink(new Recorder() {
                    @Override
                    public void onBytes(Wire w, ByteBuf borrowed) {
                        if (w.bytesReceived() == expected) {
                            all.complete(expected);
                        }
                    }
                });
                wire.reading(true);
                return null;
            });
            assertThat(all.get(20, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void readingCanStopWithinOnBytesAndGoOn() throws Exception {
        StringBuilder got = new StringBuilder();
        CompletableFuture<String> done = new CompletableFuture<>();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            wire.readAtMost(3);
            return new Recorder() {
                @Override
                public void onBytes(Wire w, ByteBuf borrowed) {
                    assertThat(borrowed.readableBytes()).isLessThanOrEqualTo(3);
                    got.append(borrowed.toString(ISO_8859_1));
                    w.reading(false);
                    w.loop().defer(() -> w.reading(true));
                }

                @Override
                public void onEnd(Wire w) {
                    done.complete(got.toString());
                }
            };
        });
        try (Socket peer = dial(address)) {
            peer.getOutputStream().write("one two three four".getBytes(ISO_8859_1));
            peer.shutdownOutput();
            assertThat(done.get(20, TimeUnit.SECONDS)).isEqualTo("one two three four");
        }
    }

    @Test
    void keptSlicesStayIntact() throws Exception {
        List<ByteBuf> kept = new ArrayList<>();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return new Recorder() {
                @Override
                public void onBytes(Wire w, ByteBuf borrowed) {
                    while (borrowed.isReadable()) {
                        kept.add(borrowed.readRetainedSlice(Math.min(borrowed.readableBytes(), 1000)));
                    }
                }

                @Override
                public void onEnd(Wire w) {
                    done.complete(true);
                }
            };
        });
        byte[] data = new byte[3 << 20];
        new Random(7).nextBytes(data);
        try (Socket peer = dial(address)) {
            peer.getOutputStream().write(data);
            peer.shutdownOutput();
            assertThat(done.get(20, TimeUnit.SECONDS)).isTrue();
        }
        ByteBuf all = Unpooled.buffer(data.length);
        kept.forEach(slice -> {
            all.writeBytes(slice);
            slice.release();
        });
        assertThat(Arrays.equals(all.array(), 0, all.readableBytes(), data, 0, data.length))
                .isTrue();
    }

    @Test
    void halfCloseGoesBothWays() throws Exception {
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            wire.write(ascii("bye"));
            wire.shutOutput();
            wire.write(ascii("too late"));
            wire.flush();
            return server;
        });
        try (Socket peer = dial(address)) {
            assertThat(peer.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(ISO_8859_1));
            peer.getOutputStream().write("still here".getBytes(ISO_8859_1));
            assertThat(server.next()).isEqualTo("bytes still here");
            peer.shutdownOutput();
            assertThat(server.next()).isEqualTo("end");
        }
    }

    @Test
    void aResetByThePeerIsTold() throws Exception {
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return server;
        });
        try (Socket peer = dial(address)) {
            peer.getOutputStream().write('x');
            assertThat(server.next()).isEqualTo("bytes x");
            peer.setSoLinger(true, 0);
        }
        assertThat(server.next()).isEqualTo("closed 104: Connection reset by peer");
    }

    /** Both have come before the loop looks, and epoll tells of both at once. */
    @Test
    void aResetBehindTheEndIsTold() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return server;
        });
        try (Socket peer = dial(address)) {
            peer.getOutputStream().write('x');
            assertThat(server.next()).isEqualTo("bytes x");
            on(loops[0], () -> {
                peer.shutdownOutput();
                peer.setSoLinger(true, 0);
                peer.close();
                return null;
            });
        }
        assertThat(server.next()).isEqualTo("end");
        assertThat(server.next()).isEqualTo("closed 32: Broken pipe");
    }

    @Test
    void resetIsSeenByThePeer() throws Exception {
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return new Recorder() {
                @Override
                public void onBytes(Wire w, ByteBuf borrowed) {
                    w.reset();
                    assertThat(w.isOpen()).isFalse();
                }
            };
        });
        try (Socket peer = dial(address)) {
            peer.getOutputStream().write('x');
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> peer.getInputStream().read())
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void anAnswerThatCameBeforeTheConnectionBrokeIsDelivered() throws Exception {
        try (ServerSocket application = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Recorder client = new Recorder();
            client.connected = wire -> {
                wire.write(wire.loop().buffer(1000).writeZero(1000));
                wire.flush();
            };
            on(loops[0], () -> loops[0].connect(local(application.getLocalPort()), null, false, client));
            assertThat(client.next()).isEqualTo("connected");
            Socket peer = application.accept();
            peer.getInputStream().read();
            Wire wire = client.wire;
            on(loops[0], () -> {
                // All within one turn, so that the write is what finds out.
                peer.getOutputStream().write("413".getBytes(ISO_8859_1));
                peer.setSoLinger(true, 0);
                peer.close();
                wire.reading(true);
                wire.write(wire.loop().buffer(1000).writeZero(1000));
                wire.flush();
                assertThat(client.events).isEmpty();
                return null;
            });
            assertThat(client.next()).isEqualTo("bytes 413");
            assertThat(client.next()).startsWith("closed ");
        }
    }

    @Test
    void connectsAndTalks() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        Recorder client = new Recorder();
        client.connected = wire -> {
            wire.reading(true);
            wire.write(ascii("ping"));
            wire.flush();
        };
        Wire wire = on(loops[1], () -> {
            Wire made = loops[1].connect(address, null, false, client);
            assertThat(client.events).isEmpty();
            return made;
        });
        assertThat(client.next()).isEqualTo("connected");
        assertThat(client.next()).isEqualTo("bytes ping");
        on(loops[1], () -> {
            assertThat(wire.remote()).isEqualTo(address);
            wire.shutOutput();
            return null;
        });
        assertThat(client.next()).isEqualTo("end");
    }

    @Test
    void whatIsFlushedWhileConnectingFollows() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        Recorder client = new Recorder();
        on(loops[1], () -> {
            Wire made = loops[1].connect(address, null, false, client);
            made.write(ascii("early"));
            made.flush();
            assertThat(made.queued()).isEqualTo(5);
            return made;
        });
        assertThat(client.next()).isEqualTo("connected");
        assertThat(client.next()).isEqualTo("writable");
        assertThat(client.next()).isEqualTo("bytes early");
    }

    @Test
    void bindsToTheLocalAddressAskedFor() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        Recorder client = new Recorder();
        InetSocketAddress from = new InetSocketAddress("127.0.0.9", 0);
        Wire wire = on(loops[1], () -> loops[1].connect(address, from, false, client));
        assertThat(client.next()).isEqualTo("connected");
        InetSocketAddress used = (InetSocketAddress) on(loops[1], wire::local);
        assertThat(used.getAddress()).isEqualTo(from.getAddress());
        assertThat(used.getPort()).isPositive();
    }

    @Test
    void aRefusedConnectionIsToldInNginxsWords() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        Recorder client = new Recorder();
        on(loops[0], () -> {
            Wire wire = loops[0].connect(local(port), null, false, client);
            assertThat(client.events).isEmpty();
            return wire;
        });
        assertThat(client.next()).isEqualTo("closed 111: Connection refused");
    }

    @Test
    void anImpossibleLocalAddressIsTold() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        Recorder client = new Recorder();
        on(loops[0], () -> loops[0].connect(address, new InetSocketAddress("192.0.2.1", 0), false, client));
        assertThat(client.next()).isEqualTo("closed 99: Cannot assign requested address");
    }

    @Test
    void anUnreachableNetworkIsTold() throws Exception {
        Recorder client = new Recorder();
        // 255.255.255.255 needs SO_BROADCAST: the system refuses at once and by number, whatever routes there are.
        on(loops[0], () -> loops[0].connect(new InetSocketAddress("255.255.255.255", 9), null, false, client));
        assertThat(client.next()).matches("closed (101: Network is unreachable|13: Permission denied)");
    }

    @Test
    void closeBeforeTheConnectionIsMadeIsSilent() throws Exception {
        InetSocketAddress address = serve(WireTest::echo);
        Recorder client = new Recorder();
        on(loops[0], () -> {
            loops[0].connect(address, null, false, client).close();
            return null;
        });
        on(loops[0], () -> null);
        on(loops[0], () -> null);
        assertThat(client.events).isEmpty();
    }

    @Test
    void speaksOverUnixSockets() throws Exception {
        Path path = folder.resolve("s");
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(path);
        serve(at, (wire, from) -> echo(wire), loops[0]);
        assertThat(Files.getPosixFilePermissions(path)).hasSize(6);
        try (SocketChannel peer = SocketChannel.open(at)) {
            peer.write(ByteBuffer.wrap("unix".getBytes(ISO_8859_1)));
            ByteBuffer back = ByteBuffer.allocate(4);
            while (back.hasRemaining() && peer.read(back) >= 0) {}
            assertThat(new String(back.array(), ISO_8859_1)).isEqualTo("unix");
        }
        Recorder client = new Recorder();
        client.connected = wire -> {
            wire.reading(true);
            wire.write(wire.loop().buffer(1 << 20).writeZero(1 << 20));
            wire.flush();
        };
        on(loops[1], () -> loops[1].connect(at, null, false, client));
        assertThat(client.next()).isEqualTo("connected");
        long got = 0;
        while (got < 1 << 20) {
            String event = client.next();
            assertThat(event).matches("(?s)writable|bytes .*");
            got += event.startsWith("bytes ") ? event.length() - 6 : 0;
        }
    }

    @Test
    void aMissingUnixSocketIsTold() throws Exception {
        Recorder client = new Recorder();
        on(loops[0], () -> loops[0].connect(UnixDomainSocketAddress.of(folder.resolve("none")), null, false, client));
        assertThat(client.next()).isEqualTo("closed 2: No such file or directory");
    }

    @Test
    void anAddressInUseIsTold() throws Exception {
        InetSocketAddress taken = serve(WireTest::echo);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> platform.bind(taken, ListenOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessage("98: Address already in use");
    }

    @Test
    void twoLoopsShareASocket() throws Exception {
        LinkedBlockingQueue<Integer> acceptedBy = new LinkedBlockingQueue<>();
        InetSocketAddress address = serve(
                (wire, from) -> {
                    assertThat(wire.loop().inLoop()).isTrue();
                    acceptedBy.add(wire.loop().index());
                    return new Recorder();
                },
                loops);
        // a loop that is busy takes nothing, so the other one must
        for (int busy = 0; busy < 2; busy++) {
            CountDownLatch idle = new CountDownLatch(1);
            CountDownLatch held = new CountDownLatch(1);
            loops[busy].execute(() -> {
                held.countDown();
                try {
                    assertThat(idle.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
            try (Socket peer = dial(address)) {
                assertThat(acceptedBy.poll(20, TimeUnit.SECONDS)).isEqualTo(1 - busy);
                assertThat(peer.isConnected()).isTrue();
            } finally {
                idle.countDown();
            }
        }
    }

    @Test
    void acceptingStopsOnOneLoopAndClosesWithTheLast() throws Exception {
        LinkedBlockingQueue<Integer> accepted = new LinkedBlockingQueue<>();
        ListenSocket socket = platform.bind(local(0), ListenOptions.DEFAULT);
        InetSocketAddress address = (InetSocketAddress) socket.address();
        for (Loop loop : loops) {
            loop.accept(socket, (wire, from) -> {
                accepted.add(wire.loop().index());
                return new Recorder();
            });
        }
        loops[0].stopAccepting(socket);
        on(loops[0], () -> null);
        for (int i = 0; i < 5; i++) {
            dial(address).close();
            assertThat(accepted.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
        socket.close();
        // The JDK lets go of a socket with the next select of each loop; until then the kernel still takes connections.
        boolean refused = false;
        while (!refused) {
            on(loops[0], () -> null);
            on(loops[1], () -> null);
            try {
                dial(address).close();
            } catch (IOException e) {
                refused = true;
            }
        }
    }

    @Test
    void sendsPartsOfFilesBetweenBuffers() throws Exception {
        byte[] content = new byte[9 << 20];
        new Random(3).nextBytes(content);
        Path path = folder.resolve("file");
        Files.write(path, content);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            InetSocketAddress address = serve(wire -> {
                wire.write(ascii("head"));
                wire.write(file, 100, content.length - 200);
                wire.write(ascii("between"));
                wire.write(file, 0, 10);
                wire.write(ascii("tail"));
                wire.closeWhenSent();
                return new Recorder();
            });
            try (Socket peer = dial(address)) {
                byte[] got = peer.getInputStream().readAllBytes();
                assertThat(got).hasSize(content.length - 200 + 4 + 7 + 10 + 4);
                assertThat(new String(got, 0, 4, ISO_8859_1)).isEqualTo("head");
                assertThat(Arrays.equals(got, 4, 4 + content.length - 200, content, 100, content.length - 100))
                        .isTrue();
                assertThat(new String(got, got.length - 21, 7, ISO_8859_1)).isEqualTo("between");
                assertThat(new String(got, got.length - 4, 4, ISO_8859_1)).isEqualTo("tail");
            }
            assertThat(file.isOpen()).isTrue();
        }
    }

    @Test
    void aFileThatHasShrunkBreaksTheWire() throws Exception {
        Path path = folder.resolve("short");
        Files.write(path, new byte[100]);
        Recorder server = new Recorder();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            InetSocketAddress address = serve(wire -> {
                wire.write(file, 0, 1000);
                wire.flush();
                return server;
            });
            try (Socket peer = dial(address)) {
                assertThat(peer.getInputStream().readAllBytes()).hasSize(100);
                assertThat(server.next()).contains("truncated");
            }
        }
    }

    @Test
    void thousandsOfConnectionsComeAndGo() throws Exception {
        AtomicLong closed = new AtomicLong();
        CountDownLatch all = new CountDownLatch(3000);
        InetSocketAddress address = serve(
                (wire, from) -> {
                    wire.reading(true);
                    return new EchoSink() {
                        @Override
                        public void onEnd(Wire w) {
                            w.close();
                            closed.incrementAndGet();
                            all.countDown();
                        }
                    };
                },
                loops);
        for (int round = 0; round < 30; round++) {
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Socket peer = dial(address);
                peer.getOutputStream().write(i);
                peers.add(peer);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(peers.get(i).getInputStream().read()).isEqualTo(i);
                peers.get(i).close();
            }
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.get()).isEqualTo(3000);
    }

    @Test
    void aSinkThatThrowsLosesItsConnectionOnly() throws Exception {
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            return new EchoSink() {
                @Override
                public void onBytes(Wire w, ByteBuf borrowed) {
                    if (borrowed.getByte(borrowed.readerIndex()) == '!') {
                        throw new IllegalStateException("as the test wants");
                    }
                    super.onBytes(w, borrowed);
                }
            };
        });
        try (Socket good = dial(address);
                Socket bad = dial(address)) {
            bad.getOutputStream().write('!');
            Throwable fault = faults.poll(10, TimeUnit.SECONDS);
            assertThat(fault).hasMessage("as the test wants");
            good.getOutputStream().write('x');
            assertThat(good.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void stoppingTheLoopClosesItsWires() throws Exception {
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            wire.reading(true);
            server.events.add("accepted");
            return server;
        });
        try (Socket peer = dial(address)) {
            assertThat(server.next()).isEqualTo("accepted");
            loops[0].stop();
            assertThat(server.next()).isEqualTo("closed null");
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void anEndIsNoticedWhileNotReading() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            server.wire = wire;
            wire.watchForEnd(true);
            server.events.add("accepted");
            return server;
        });
        try (Socket peer = dial(address)) {
            assertThat(server.next()).isEqualTo("accepted");
            peer.getOutputStream().write("unread".getBytes(ISO_8859_1));
            peer.shutdownOutput();
            assertThat(server.next()).isEqualTo("end");
            Wire wire = server.wire;
            on(loops[0], () -> {
                wire.reading(true);
                return null;
            });
            assertThat(server.next()).isEqualTo("bytes unread");
            assertThat(server.next()).isEqualTo("end");
        }
    }

    @Test
    void aResetIsNoticedWhileNotReading() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        Recorder server = new Recorder();
        InetSocketAddress address = serve(wire -> {
            server.events.add("accepted");
            return server;
        });
        try (Socket peer = dial(address)) {
            assertThat(server.next()).isEqualTo("accepted");
            peer.setSoLinger(true, 0);
        }
        assertThat(server.next()).isEqualTo("closed 104: Connection reset by peer");
    }

    @Test
    void aListeningSocketIsTakenOver() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        ListenSocket first = platform.bind(local(0), ListenOptions.DEFAULT);
        ListenSocket second = platform.adopt(first.descriptor());
        assertThat(second.address()).isEqualTo(first.address());
        sockets.add(second);
        loops[1].accept(second, (wire, from) -> echo(wire));
        try (Socket peer = dial((InetSocketAddress) second.address())) {
            peer.getOutputStream().write('x');
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void tcpInfoTellsTheRoundTrip() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        CompletableFuture<long @Nullable []> info = new CompletableFuture<>();
        InetSocketAddress address = serve(wire -> {
            info.complete(wire.tcpInfo());
            return new Recorder();
        });
        try (Socket peer = dial(address)) {
            assertThat(info.get(10, TimeUnit.SECONDS)).hasSize(4).satisfies(values -> {
                assertThat(values[0]).isBetween(1L, 1_000_000L);
                assertThat(values[2]).isPositive();
                assertThat(values[3]).isPositive();
            });
            assertThat(peer.isConnected()).isTrue();
        }
    }

    @Test
    void optionsAreTaken() throws Exception {
        ListenOptions options = ListenOptions.DEFAULT
                .withBuffers(65536, 65536)
                .withReusePort(true)
                .withDeferred(true)
                .withFastOpen(16)
                .withKeepAlive(new ListenOptions.KeepAlive(true, true, 30, 5, 3));
        ListenSocket first = platform.bind(local(0), options);
        sockets.add(first);
        if (platformName.equals("epoll")) {
            assertThat(first.takeRefused()).isEmpty();
        }
        sockets.add(platform.bind(first.address(), options));
    }

    @Test
    void onlyIpv6LeavesRoomForIpv4() throws Exception {
        if (!platformName.equals("epoll")) {
            return;
        }
        ListenSocket six = platform.bind(new InetSocketAddress("::", 0), ListenOptions.DEFAULT);
        sockets.add(six);
        int port = ((InetSocketAddress) six.address()).getPort();
        sockets.add(platform.bind(new InetSocketAddress("0.0.0.0", port), ListenOptions.DEFAULT));
    }

    @Test
    void blockingChannelsOfTheFamilyUnixAreRead() throws Exception {
        Path path = folder.resolve("app");
        try (ServerSocketChannel application = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            application.bind(UnixDomainSocketAddress.of(path));
            Recorder client = new Recorder();
            on(loops[0], () -> loops[0].connect(UnixDomainSocketAddress.of(path), null, false, client));
            try (SocketChannel peer = application.accept()) {
                assertThat(client.next()).isEqualTo("connected");
                peer.write(ByteBuffer.wrap(new byte[] {'o', 'k'}));
                assertThat(client.next()).isEqualTo("bytes ok");
            }
            assertThat(client.next()).isEqualTo("end");
        }
    }

    @Test
    void whatIsPutBackComesFirstAndToWhoeverReadsThen() throws Exception {
        Recorder taker = new Recorder();
        InetSocketAddress at = serve(wire -> {
            wire.readAtMost(4);
            wire.reading(true);
            return new Recorder() {
                @Override
                public void onBytes(Wire from, ByteBuf borrowed) {
                    borrowed.skipBytes(1);
                    from.unread(borrowed.readRetainedSlice(borrowed.readableBytes()));
                    from.unread(ascii("-"));
                    from.sink(taker);
                    taker.wire = from;
                }
            };
        });
        try (Socket client = dial(at)) {
            client.getOutputStream().write("12345678".getBytes(ISO_8859_1));
            client.shutdownOutput();
            assertThat(taker.next()).isEqualTo("bytes -234");
            assertThat(taker.next()).isEqualTo("bytes 5678");
            assertThat(taker.next()).isEqualTo("end");
        }
    }

    @Test
    void whatIsPutBackWaitsForReading() throws Exception {
        Recorder recorder = new Recorder();
        InetSocketAddress at = serve(wire -> {
            recorder.wire = wire;
            wire.unread(ascii("before"));
            return recorder;
        });
        try (Socket client = dial(at)) {
            client.getOutputStream().write("x".getBytes(ISO_8859_1));
            while (recorder.wire == null) {
                Thread.onSpinWait();
            }
            on(loops[0], () -> recorder.events.isEmpty());
            assertThat(recorder.events).isEmpty();
            on(loops[0], () -> {
                Wire wire = recorder.wire;
                if (wire != null) {
                    wire.reading(true);
                }
                return true;
            });
            assertThat(recorder.next()).isEqualTo("bytes before");
            assertThat(recorder.next()).isEqualTo("bytes x");
        }
    }
}
