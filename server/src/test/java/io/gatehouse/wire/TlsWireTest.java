package io.gatehouse.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Pki;
import io.gatehouse.wire.tls.ClientHello;
import io.gatehouse.wire.tls.PeerVerifier;
import io.gatehouse.wire.tls.ServerTlsSettings;
import io.gatehouse.wire.tls.Settings;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.gatehouse.wire.tls.TlsSessionSlot;
import io.gatehouse.wire.tls.TlsSessionStore;
import io.gatehouse.wire.tls.TlsVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.pkitesting.X509Bundle;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on wires, with the JDK's sockets as peers. */
@ParameterizedClass
@ValueSource(strings = {"epoll", "nio"})
@Timeout(60)
class TlsWireTest {
    private static final X509Bundle LOCALHOST = Pki.server("localhost");

    @Parameter
    String platformName;

    @TempDir
    Path folder;

    private Platform platform;
    private Loop loop;
    private ListenSocket listener;
    private final Recorder heard = new Recorder() {
        @Override
        public void onSecured(Wire wire) {
            this.wire = wire;
            events.add("secured");
        }
    };

    @BeforeEach
    void start() {
        platform = platformName.equals("epoll") ? new EpollPlatform() : new NioPlatform();
        loop = Loops.start(1, LoopReport.SYSTEM, platform)[0];
    }

    @AfterEach
    void stop() throws Exception {
        if (listener != null) {
            listener.close();
        }
        loop.stop();
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    private static TlsContext context(TlsVersion... versions) throws Exception {
        return TlsContext.server(Settings.server(List.of(Pki.identity(LOCALHOST)), versions));
    }

    private InetSocketAddress serve(TlsContext context, Function<Wire, Sink> sink) throws IOException {
        return serve(wire -> {
            wire.secure(context.accept(null, List.of()), TlsEngine.RECORD);
            return sink.apply(wire);
        });
    }

    private InetSocketAddress serve(Function<Wire, Sink> sink) throws IOException {
        listener = platform.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
        loop.accept(listener, (wire, from) -> sink.apply(wire));
        return (InetSocketAddress) listener.address();
    }

    private static SSLSocket dial(InetSocketAddress to, X509Bundle... shown) throws IOException {
        SSLSocket socket = (SSLSocket) Pki.jdk(shown).getSocketFactory().createSocket("localhost", to.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private void on(Runnable task) {
        loop.execute(task);
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Goes when the peer does, for which the JDK's sockets wait when they are closed. */
    private static class Leaving extends Recorder {
        @Override
        public void onEnd(Wire of) {
            super.onEnd(of);
            of.closeWhenSent();
        }
    }

    private static Sink echo(Wire wire) {
        wire.reading(true);
        return new EchoSink();
    }

    @Test
    void muchGoesBothWaysUnchangedThoughThePeerIsSlow() throws Exception {
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            InetSocketAddress at = serve(context(version), TlsWireTest::echo);
            byte[] sent = random(5_000_000);
            try (SSLSocket socket = dial(at)) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                    try {
                        OutputStream out = socket.getOutputStream();
                        for (int i = 0; i < sent.length; i += 50_000) {
                            out.write(sent, i, Math.min(50_000, sent.length - i));
                        }
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                byte[] received = new DataInputStream(socket.getInputStream()).readNBytes(sent.length);
                writing.get(20, TimeUnit.SECONDS);
                assertThat(received).isEqualTo(sent);
                assertThat(socket.getInputStream().read())
                        .as("close_notify after the end")
                        .isEqualTo(-1);
                assertThat(socket.getSession().getProtocol()).isEqualTo(version.text);
            }
            listener.close();
        }
    }

    @Test
    void countsPlaintext() throws Exception {
        AtomicLong most = new AtomicLong();
        CompletableFuture<Wire> done = new CompletableFuture<>();
        InetSocketAddress at = serve(context(), wire -> new Leaving() {
            @Override
            public void onSecured(Wire of) {
                of.write(Unpooled.wrappedBuffer(random(3_000_000)));
                of.flush();
                most.set(of.queued() + of.bytesSent());
                of.reading(true);
            }

            @Override
            public void onBytes(Wire of, ByteBuf borrowed) {
                if (of.bytesReceived() == 1000) {
                    done.complete(of);
                }
            }
        });
        try (SSLSocket socket = dial(at)) {
            assertThat(socket.getInputStream().readNBytes(3_000_000)).isEqualTo(random(3_000_000));
            socket.getOutputStream().write(random(1000));
            Wire wire = done.get(10, TimeUnit.SECONDS);
            assertThat(most.get()).isEqualTo(3_000_000);
            assertThat(wire.bytesSent()).isEqualTo(3_000_000);
            assertThat(wire.queued()).isZero();
            assertThat(wire.bytesReceived()).isEqualTo(1000);
        }
    }

    @Test
    void smallWritesShareARecordAndLargeOnesFillThem() throws Exception {
        InetSocketAddress at = serve(context(TlsVersion.TLS_1_3), wire -> new Leaving() {
            @Override
            public void onSecured(Wire of) {
                of.write(ascii("one "));
                of.write(ascii("two "));
                of.write(Unpooled.wrappedBuffer(new byte[40_000]));
                of.write(ascii("three"));
                of.flush();
                of.reading(true);
            }
        });
        try (Tap tap = new Tap(at);
                SSLSocket socket = dial(tap.address())) {
            socket.getInputStream().readNBytes(40_013);
            // The last of them; handshake and tickets go before.
            List<Integer> lengths = tap.records(23);
            assertThat(lengths.subList(lengths.size() - 3, lengths.size()))
                    .containsExactly(16 * 1024 + 17, 16 * 1024 + 17, 40_013 - 2 * 16 * 1024 + 17);
        }
    }

    @Test
    void recordsAreAsSmallAsWanted() throws Exception {
        TlsContext context = context(TlsVersion.TLS_1_3);
        InetSocketAddress at = serve(wire -> {
            wire.secure(context.accept(null, List.of()), 4096);
            return new Leaving() {
                @Override
                public void onSecured(Wire of) {
                    of.write(Unpooled.wrappedBuffer(new byte[10_000]));
                    of.flush();
                    of.reading(true);
                }
            };
        });
        try (Tap tap = new Tap(at);
                SSLSocket socket = dial(tap.address())) {
            socket.getInputStream().readNBytes(10_000);
            List<Integer> lengths = tap.records(23);
            assertThat(lengths.subList(lengths.size() - 3, lengths.size()))
                    .containsExactly(4096 + 17, 4096 + 17, 10_000 - 2 * 4096 + 17);
        }
    }

    /** Passes bytes on and writes down the records that the server sends. */
    private static final class Tap implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<int[]> records = new ArrayList<>();

        Tap(InetSocketAddress to) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket client = listener.accept();
                        Socket server = new Socket(to.getAddress(), to.getPort())) {
                    Thread.ofVirtual().start(() -> {
                        try {
                            client.getInputStream().transferTo(server.getOutputStream());
                        } catch (IOException e) {
                            // It is over.
                        }
                    });
                    DataInputStream in = new DataInputStream(server.getInputStream());
                    OutputStream out = client.getOutputStream();
                    for (; ; ) {
                        byte[] head = new byte[5];
                        in.readFully(head);
                        byte[] body = new byte[(head[3] & 255) << 8 | head[4] & 255];
                        in.readFully(body);
                        synchronized (records) {
                            records.add(new int[] {head[0], body.length});
                        }
                        out.write(head);
                        out.write(body);
                    }
                } catch (IOException e) {
                    // It is over.
                }
            });
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        List<Integer> records(int type) {
            synchronized (records) {
                return records.stream().filter(r -> r[0] == type).map(r -> r[1]).toList();
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @Test
    void partsOfFilesAreSent() throws Exception {
        byte[] bytes = random(300_000);
        Path file = Files.write(folder.resolve("file"), bytes);
        try (FileChannel open = FileChannel.open(file)) {
            InetSocketAddress at = serve(context(), wire -> new Recorder() {
                @Override
                public void onSecured(Wire of) {
                    of.write(ascii("head"));
                    of.write(open, 100, 250_000);
                    of.write(ascii("tail"));
                    of.closeWhenSent();
                }
            });
            try (SSLSocket socket = dial(at)) {
                byte[] received = socket.getInputStream().readAllBytes();
                assertThat(new String(received, 0, 4, ISO_8859_1)).isEqualTo("head");
                assertThat(java.util.Arrays.copyOfRange(received, 4, 250_004))
                        .isEqualTo(java.util.Arrays.copyOfRange(bytes, 100, 250_100));
                assertThat(received).hasSize(250_008);
            }
        }
    }

    @Test
    void whatCameWithTheHandshakeWaitsUntilItIsRead() throws Exception {
        InetSocketAddress at = serve(context(TlsVersion.TLS_1_3), wire -> heard);
        try (SSLSocket socket = dial(at)) {
            socket.startHandshake();
            socket.getOutputStream().write("early".getBytes(ISO_8859_1));
            socket.shutdownOutput();
            assertThat(heard.next()).isEqualTo("secured");
            Wire wire = heard.wire;
            on(() -> wire.reading(true));
            assertThat(heard.next()).isEqualTo("bytes early");
            assertThat(heard.next()).isEqualTo("end");
            on(() -> {
                wire.write(ascii("late"));
                wire.closeWhenSent();
            });
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("late".getBytes(ISO_8859_1));
        }
    }

    @Test
    void aWireThatIsToCloseDoesSoBehindTheHandshake() throws Exception {
        InetSocketAddress at = serve(context(), wire -> {
            wire.write(ascii("early"));
            wire.closeWhenSent();
            return heard;
        });
        try (SSLSocket socket = dial(at)) {
            assertThat(socket.getInputStream().readAllBytes())
                    .asString(ISO_8859_1)
                    .isEqualTo("early");
            assertThat(heard.next()).isEqualTo("secured");
            assertThat(heard.next()).isEqualTo("closed null");
        }
    }

    @Test
    void anEndWithoutCloseNotifyIsAnEnd() throws Exception {
        InetSocketAddress at = serve(context(), wire -> {
            wire.reading(true);
            return heard;
        });
        Socket plain = new Socket(at.getAddress(), at.getPort());
        SSLSocket socket = (SSLSocket) Pki.jdk().getSocketFactory().createSocket(plain, "localhost", 1, false);
        socket.startHandshake();
        assertThat(heard.next()).isEqualTo("secured");
        plain.shutdownOutput();
        assertThat(heard.next()).isEqualTo("end");
        plain.close();
    }

    @Test
    void closingTellsThePeer() throws Exception {
        InetSocketAddress at = serve(context(), wire -> heard);
        try (SSLSocket socket = dial(at)) {
            socket.startHandshake();
            assertThat(heard.next()).isEqualTo("secured");
            on(() -> heard.wire.close());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aSideThatIsShutStillListens() throws Exception {
        InetSocketAddress at = serve(context(TlsVersion.TLS_1_3), wire -> {
            wire.reading(true);
            return heard;
        });
        try (SSLSocket socket = dial(at)) {
            socket.startHandshake();
            assertThat(heard.next()).isEqualTo("secured");
            on(() -> {
                heard.wire.write(ascii("bye"));
                heard.wire.shutOutput();
            });
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(ISO_8859_1));
            socket.getOutputStream().write("thanks".getBytes(ISO_8859_1));
            assertThat(heard.next()).isEqualTo("bytes thanks");
        }
    }

    @Test
    void aBrokenHandshakeIsToldToBothSides() throws Exception {
        InetSocketAddress at = serve(context(), wire -> heard);
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(heard.next())
                    .startsWith("closed SSL_do_handshake() failed (SSL: error:")
                    .endsWith("HTTP_REQUEST)");
        }
        listener.close();
        try (SSLSocket socket = dial(serve(context(TlsVersion.TLS_1_3), wire -> heard))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("protocol_version");
            assertThat(heard.next()).endsWith("UNSUPPORTED_PROTOCOL)");
        }
    }

    @Test
    void aPeerThatGoesWithinTheHandshakeIsTold() throws Exception {
        InetSocketAddress at = serve(context(), wire -> heard);
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1});
            socket.shutdownOutput();
            assertThat(heard.next()).isEqualTo("closed peer closed connection in SSL handshake");
        }
    }

    @Test
    void theHelloIsReadBeforeThereIsAnEngine() throws Exception {
        TlsContext context = context();
        CompletableFuture<ClientHello> hello = new CompletableFuture<>();
        InetSocketAddress at = serve(wire -> {
            wire.reading(true);
            return new EchoSink() {
                @Override
                public void onBytes(Wire from, ByteBuf borrowed) {
                    if (from.tls() != null) {
                        super.onBytes(from, borrowed);
                        return;
                    }
                    if (ClientHello.read(borrowed) instanceof ClientHello.Reading.Read(ClientHello read)) {
                        hello.complete(read);
                        from.secure(context.accept(read, List.of()), TlsEngine.RECORD);
                    }
                    from.unread(borrowed.readRetainedSlice(borrowed.readableBytes()));
                }
            };
        });
        try (SSLSocket socket = dial(at)) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"x", "http/1.1"});
            parameters.setServerNames(List.of(new SNIHostName("www.example.com")));
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("ping".getBytes(ISO_8859_1));
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("ping".getBytes(ISO_8859_1));
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        ClientHello read = hello.get(20, TimeUnit.SECONDS);
        assertThat(read.serverName()).isEqualTo("www.example.com");
        assertThat(read.alpn()).containsExactly("x", "http/1.1");
        assertThat(read.ciphers()).contains((char) 0x1301);
        assertThat(read.protocols()).contains((char) 0x0304);
    }

    // -- the client's side

    private Recorder connect(InetSocketAddress to, TlsContext context, @Nullable TlsSessionSlot slot) {
        Recorder client = new Recorder() {
            @Override
            public void onSecured(Wire wire) {
                TlsFacts facts = wire.tls();
                events.add("secured " + facts.protocol() + " " + facts.isReused() + " "
                        + facts.verification().reason() + " " + facts.isFor("localhost"));
            }
        };
        client.connected = wire -> {
            wire.secure(context.connect("localhost", List.of(), slot), TlsEngine.RECORD);
            wire.write(ascii("ping"));
            wire.flush();
            wire.reading(true);
        };
        on(() -> loop.connect(to, null, false, client));
        return client;
    }

    private static TlsContext client(TlsVersion... versions) throws Exception {
        return TlsContext.client(Settings.client(
                new PeerVerifier(List.of(Pki.CA.getCertificate()), List.of(), 1, PeerVerifier.Purpose.SERVER),
                versions));
    }

    @Test
    void aWireIsAClientToo() throws Exception {
        SSLServerSocket server = (SSLServerSocket)
                Pki.jdk(LOCALHOST).getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (server) {
            Recorder client = connect((InetSocketAddress) server.getLocalSocketAddress(), client(), null);
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                InputStream in = accepted.getInputStream();
                assertThat(in.readNBytes(4)).isEqualTo("ping".getBytes(ISO_8859_1));
                accepted.getOutputStream().write("pong".getBytes(ISO_8859_1));
            }
            assertThat(client.next()).isEqualTo("connected");
            assertThat(client.next()).isEqualTo("secured TLSv1.3 false ok true");
            assertThat(List.of(client.next(), client.next())).contains("bytes pong");
        }
    }

    @Test
    void sessionsAreResumedByTicketAndByIdentifier() throws Exception {
        TlsSessionStore store = new TlsSessionStore(10, () -> 0);
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            for (boolean tickets : version == TlsVersion.TLS_1_3 ? List.of(true) : List.of(true, false)) {
                TlsContext context = TlsContext.server(Settings.with(
                        Settings.server(List.of(Pki.identity(LOCALHOST)), version),
                        new ServerTlsSettings.Sessions(
                                new byte[] {1},
                                300,
                                0,
                                store,
                                tickets,
                                tickets ? List.of(random(48)) : List.of(),
                                false)));
                InetSocketAddress at = serve(context, TlsWireTest::echo);
                TlsSessionSlot slot = new TlsSessionSlot();
                TlsContext clients = client(version);
                for (boolean again : List.of(false, true)) {
                    Recorder client = connect(at, clients, slot);
                    assertThat(client.next()).isEqualTo("connected");
                    assertThat(client.next()).isEqualTo("secured " + version.text + " " + again + " ok true");
                    assertThat(client.next()).isEqualTo("bytes ping");
                    assertThat(slot.isEmpty()).isFalse();
                    on(() -> client.wire.close());
                }
                slot.clear();
                listener.close();
            }
        }
        assertThat(store.size()).as("tickets are not kept here").isEqualTo(1);
        store.clear();
    }
}
