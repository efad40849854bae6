package io.gatehouse.cli.up;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** An application that answers as a Paperclip does, as far as a proxy sees it, and keeps the fields of what reaches it. */
public final class ScriptedPaperclip implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Headers> received = new ConcurrentLinkedQueue<>();
    private volatile String health;

    /** @param health the body at its health address; empty to be something that has none */
    public ScriptedPaperclip(int port, String health) throws IOException {
        this.health = health;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public static String inMode(String mode, String bootstrap) {
        return "{\"status\":\"ok\",\"deploymentMode\":\"" + mode + "\",\"deploymentExposure\":\"private\","
                + "\"more\":{\"deploymentMode\":\"x\"},\"bootstrapStatus\":\"" + bootstrap + "\"}";
    }

    public void become(String newHealth) {
        health = newHealth;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The fields of the last request that was none for its health. */
    public Headers last() {
        return List.copyOf(received).getLast();
    }

    public int count() {
        return received.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/api/health")) {
            if (health.isEmpty()) {
                send(exchange, 404, "no such thing");
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                boolean local = "localhost".equals(exchange.getRequestHeaders().getFirst("Host"));
                send(exchange, local ? health.contains("unhealthy") ? 503 : 200 : 403, local ? health : "{}");
            }
            return;
        }
        exchange.getRequestBody().readAllBytes();
        received.add(exchange.getRequestHeaders());
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Powered-By", "Express");
        switch (path) {
            case "/assets/index.js" -> {
                headers.set("Cache-Control", "public, max-age=31536000, immutable");
                headers.set("Content-Type", "application/javascript");
                send(exchange, 200, "const a = 1;\n".repeat(1_000));
            }
            case "/content" -> {
                headers.set("X-Content-Type-Options", "nosniff");
                send(exchange, 200, "attachment");
            }
            case "/assets/none.js" -> send(exchange, 404, "");
            case "/api/auth/limited" -> {
                headers.set("X-Retry-After", "7");
                send(exchange, 429, "{}");
            }
            case "/api/own-502" -> send(exchange, 502, "of the application");
            default -> send(exchange, 200, exchange.getRequestMethod() + " " + exchange.getRequestURI());
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] octets = body.getBytes(UTF_8);
            boolean none = octets.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, none ? -1 : octets.length);
            if (!none) {
                exchange.getResponseBody().write(octets);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
