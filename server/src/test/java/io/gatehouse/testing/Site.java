package io.gatehouse.testing;

import io.gatehouse.run.ProcessSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server with one configuration in a folder of its own: files under {@code html}, its error log beside. */
public final class Site implements AutoCloseable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    public final int port;
    public final Path folder;
    private final RunningServer server;

    /**
     * @param folder an empty folder
     * @param http what stands in the http block, before the server
     * @param server what stands in the server block, behind listen; PORT in it becomes the port
     */
    public Site(Path folder, String http, String server) throws IOException, InterruptedException {
        this(folder, http, server, "");
    }

    /** @param listen what stands behind the address in listen */
    public Site(Path folder, String http, String server, String listen) throws IOException, InterruptedException {
        this.folder = folder;
        this.port = freePort();
        Files.createDirectories(folder.resolve("html"));
        Files.createDirectories(folder.resolve("logs"));
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(
                configuration, """
                    worker_processes 1;
                    error_log logs/error.log info;
                    events {}
                    http {
                        access_log off;
                        %s
                        server {
                            listen 127.0.0.1:%d %s;
                            %s
                        }
                    }
                    """.formatted(http, port, listen, server.replace("PORT", Integer.toString(port))));
        this.server = new RunningServer(folder, configuration);
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Writes a file under {@code html}, with the folders it needs. */
    public Path file(String name, String text) throws IOException {
        Path file = folder.resolve("html").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** As if the process was sent a signal. */
    public void send(ProcessSignal signal) {
        server.send(signal);
    }

    public RawHttp.Answer get(String target, String... fields) throws IOException {
        return RawHttp.get(port, target, fields);
    }

    /** Waits until a log under {@code logs} has a line that contains the text, and returns the whole log. */
    public String awaitLine(String log, String text) throws IOException, InterruptedException {
        Path file = folder.resolve("logs").resolve(log);
        // a file tells nothing by itself, so it is looked at again and again
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String lines = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
            if (lines.contains(text)) {
                return lines;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no \"" + text + "\" in " + log + ":\n" + lines);
            }
            boolean _ = never.await(5, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the server and tells what it wrote into its error log. */
    public String stop() throws IOException, InterruptedException {
        server.close();
        return Files.readString(folder.resolve("logs/error.log"));
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
