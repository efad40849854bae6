package io.gatehouse.tls.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.wire.tls.ClientHello;
import io.gatehouse.wire.tls.Settings;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Small servers that answer what there is to answer, at 127.0.0.1 and, if there is IPv6, at ::1. */
final class Answering implements AutoCloseable {
    private final HttpServer http;
    private HttpServer http6;
    private final ServerSocket tls;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "answering");
        thread.setDaemon(true);
        return thread;
    });
    private final TlsContext context;
    private volatile Challenges challenges;
    private volatile int elsewhere;
    private volatile boolean silent;

    /** @param httpPort 0 for any */
    Answering(int httpPort, Challenges challenges) throws IOException, TlsSettingsException {
        this.challenges = challenges;
        context = TlsContext.server(Settings.server(List.of()).withAlpn(List.of(Challenges.TLS_PROTOCOL)));
        http = serve("127.0.0.1", httpPort);
        try {
            http6 = serve("::1", httpPort());
        } catch (IOException e) {
            // No IPv6 here.
        }
        tls = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        threads.execute(this::accept);
    }

    private HttpServer serve(String address, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 100);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        return server;
    }

    boolean hasIpv6() {
        return http6 != null;
    }

    int httpPort() {
        return http.getAddress().getPort();
    }

    int tlsPort() {
        return tls.getLocalPort();
    }

    void answer(Challenges now) {
        challenges = now;
    }

    /** Another one on this machine may know what this one does not. */
    void elsewhere(int port) {
        elsewhere = port;
    }

    /** Knows nothing any more. */
    void silent(boolean is) {
        silent = is;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String answer = silent || !path.startsWith(Challenges.HTTP_PATH)
                ? null
                : challenges.overHttp(path.substring(Challenges.HTTP_PATH.length()));
        if (answer == null && elsewhere != 0) {
            answer = ask(path);
        }
        byte[] body = (answer == null ? "nobody knows" : answer).getBytes(US_ASCII);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String ask(String path) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + elsewhere + path))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void accept() {
        while (!tls.isClosed()) {
            try {
                Socket client = tls.accept();
                threads.execute(() -> shake(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void shake(Socket client) {
        ByteBuf in = Unpooled.directBuffer(1 << 16);
        ByteBuf out = Unpooled.directBuffer(1 << 16);
        TlsEngine engine = null;
        try (client) {
            client.setSoTimeout(5_000);
            byte[] bytes = new byte[1 << 14];
            InputStream from = client.getInputStream();
            for (boolean done = false; !done; ) {
                int count = from.read(bytes);
                if (count < 0) {
                    return;
                }
                in.writeBytes(bytes, 0, count);
                if (engine == null && ClientHello.read(in) instanceof ClientHello.Reading.Read read) {
                    TlsIdentity shown = challenges.overTls(read.hello().serverName());
                    engine = context.accept(read.hello(), shown == null ? List.of() : List.of(shown));
                }
                done = engine != null && engine.handshake(in, () -> out);
                out.readBytes(client.getOutputStream(), out.readableBytes());
            }
            int _ = from.read();
        } catch (IOException e) {
            // The authority will say what it thinks.
        } finally {
            if (engine != null) {
                engine.free();
            }
            in.release();
            out.release();
        }
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        if (http6 != null) {
            http6.stop(0);
        }
        tls.close();
        threads.shutdownNow();
    }
}
