package io.gatehouse.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.protocol.entrance.Entrance;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.ServerNames;
import io.gatehouse.wire.ListenOptions;
import io.gatehouse.wire.ListenSocket;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server of one loop with handlers of a test: what it answers goes through the real protocol and a real socket. */
final class Front implements AutoCloseable {
    private static final Clock CLOCK = new Clock() {
        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long nanos() {
            return 0;
        }
    };

    final Loop loop = Loops.start(1)[0];
    /** What was written to the error log, without the time and the process. */
    final BlockingQueue<String> errors = new LinkedBlockingQueue<>();
    /** "GET / HTTP/1.1 200 512" for each exchange that is over: request line, logged status, bytes of the body. */
    final BlockingQueue<String> logged = new LinkedBlockingQueue<>();

    final CountDownLatch empty = new CountDownLatch(1);
    final Entrance connections;
    private final ListenSocket socket;
    private final Map<String, VirtualServer> servers = new HashMap<>();
    private final ErrorLog log;

    Front(Handler content) throws IOException {
        this(place -> {}, content);
    }

    Front(Consumer<Place> change, Handler content) throws IOException {
        this(change, content, Map.of());
    }

    /** @param others further servers by name, which answer with the same handler */
    Front(Consumer<Place> change, Handler content, Map<String, Consumer<Place>> others) throws IOException {
        log = new ErrorLog(
                List.of(new ErrorLog.Entry(
                        (level, line, length) -> errors.add("[" + level.text() + "] " + message(line, length)),
                        Level.INFO)),
                CLOCK,
                new LogTime(TimeZone.getTimeZone("UTC")),
                1);
        VirtualServer byDefault = server("localhost", change, content);
        others.forEach((name, different) -> servers.put(name, server(name, different, content)));
        socket = ListenSocket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
        connections = new Entrance(loop, new Pipeline(), empty::countDown);
        ServerNames names = new ServerNames(byDefault, servers, Map.of(), Map.of(), List.of());
        loop.accept(socket, connections.acceptor(new ListenPoint(spec(), names, List.of(byDefault))));
    }

    @SuppressWarnings("NullAway") // nothing here was said in a file
    private ListenSpec spec() {
        return new ListenSpec(
                socket.address(), "127.0.0.1:0", ListenOptions.DEFAULT, ListenSpec.Protocols.HTTP1, false, true, null);
    }

    private static String message(byte[] line, int length) {
        String text = new String(line, 0, length, ISO_8859_1).strip();
        int at = text.indexOf(": *");
        return at < 0 ? text : text.substring(text.indexOf(' ', at + 3) + 1);
    }

    private VirtualServer server(String name, Consumer<Place> change, Handler content) {
        Place place = new Place();
        change.accept(place);
        CoreSettings core = place.core(log);
        Handler end = x -> {
            int status = x.logStatus != 0 ? x.logStatus : x.response.status;
            logged.add(x.requestLine + " " + status + " " + x.bodyBytesSent);
            return Outcome.NEXT;
        };
        Location level = Place.location(core, place.http2, "", x -> Outcome.NEXT, end);
        Location root = Place.location(core, place.http2, "/", content, end);
        Handler[] none = {};
        return new VirtualServer(
                name,
                place.server(),
                level,
                none,
                none,
                x -> {
                    x.location = root;
                    return null;
                },
                Map.of());
    }

    int port() {
        return ((InetSocketAddress) socket.address()).getPort();
    }

    Socket dial() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    Peer connect() throws IOException {
        return new Peer(port());
    }

    /** What comes back until the server closes. */
    String exchange(String request) throws IOException {
        try (Peer peer = connect()) {
            peer.send(request);
            return peer.readToEnd();
        }
    }

    /** The next line of the error log. */
    String error() throws InterruptedException {
        return within(errors);
    }

    /** The next exchange that is over. */
    String end() throws InterruptedException {
        return within(logged);
    }

    private static String within(BlockingQueue<String> queue) throws InterruptedException {
        String next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** Runs it on the loop and waits. */
    void onLoop(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, loop).get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.close();
        loop.stop();
        try {
            loop.awaitEnd(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---------------------------------------------------------------- handlers

    /** Answers 200 with a text. */
    static Outcome text(Exchange x, String text) {
        x.response.status = 200;
        x.response.contentType = "text/plain";
        x.response.contentLength = text.length();
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        if (x.sendHead()) {
            x.send(buffer(x, text));
            x.end();
        }
        return Outcome.DONE;
    }

    static ByteBuf buffer(Exchange x, String text) {
        return x.loop.buffer(Math.max(1, text.length())).writeBytes(text.getBytes(ISO_8859_1));
    }
}
