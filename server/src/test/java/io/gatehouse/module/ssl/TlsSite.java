package io.gatehouse.module.ssl;

import io.gatehouse.run.ProcessSignal;
import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RunningServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A server with TLS and certificates of its own, and clients to try it with. */
final class TlsSite implements AutoCloseable {
    private static final String RELOADED = "gracefully shutting down";

    final Path folder;
    final int port;
    private RunningServer server;

    TlsSite(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.createDirectories(folder.resolve("logs"));
        Files.createDirectories(folder.resolve("html"));
        write("ca.pem", Pki.CA.getCertificatePEM());
    }

    /** Writes NAME.pem and NAME.key. */
    TlsSite certificate(String name, X509Bundle bundle) throws IOException {
        write(name + ".pem", bundle.getCertificatePathPEM());
        write(name + ".key", bundle.getPrivateKeyPEM());
        return this;
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** @param http what stands in the http block; PORT in it becomes the port */
    TlsSite serve(String http) throws IOException, InterruptedException {
        server = new RunningServer(folder, configuration(http));
        return this;
    }

    Path configuration(String http) throws IOException {
        return write("nginx.conf", """
            worker_processes 1;
            error_log logs/error.log info;
            pid logs/nginx.pid;
            events {}
            http {
                access_log off;
                %s
            }
            """.formatted(http.replace("PORT", Integer.toString(port))));
    }

    /** Brings what {@link #configuration} has written into force. */
    void reload() throws IOException, InterruptedException {
        long before = count(RELOADED);
        server.send(ProcessSignal.HUP);
        CountDownLatch never = new CountDownLatch(1);
        while (count(RELOADED) == before) {
            boolean _ = never.await(5, TimeUnit.MILLISECONDS);
        }
    }

    private long count(String text) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("logs/error.log"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    SSLSocket dial(SSLContext context, String sni) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(new Socket(InetAddress.getLoopbackAddress(), port), sni, port, true);
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(sni.isEmpty() ? List.of() : List.of(new SNIHostName(sni)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** The whole answer to a request over a connection that asks for {@code sni}. */
    String get(SSLContext context, String sni, String host, String target) throws IOException {
        try (SSLSocket socket = dial(context, sni)) {
            return get(socket, host, target);
        }
    }

    static String get(Socket socket, String host, String target) throws IOException {
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Waits until the error log has a line with this text. */
    String awaitLog(String text) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (long end = System.nanoTime() + 20_000_000_000L; ; ) {
            String lines = Files.readString(folder.resolve("logs/error.log"), StandardCharsets.ISO_8859_1);
            if (lines.contains(text)) {
                return lines;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no \"" + text + "\" in:\n" + lines);
            }
            boolean _ = never.await(5, TimeUnit.MILLISECONDS);
        }
    }

    /** Runs a program to its end and returns what it wrote. */
    String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        process.waitFor();
        return output;
    }

    @Override
    public void close() throws InterruptedException {
        if (server != null) {
            server.close();
        }
    }
}
