package io.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.config.build.Paths;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.wire.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The whole server with {@code auto_https} for local names, and clients that trust nothing but the local authority. */
public final class LocallyCertified implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    public final int port;
    private final RunningServer server;
    private final SSLContext clients;

    /** @param http what stands in the http block; PORT in it becomes a port that was free */
    public LocallyCertified(Path folder, String http) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("logs"));
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                "worker_processes 1; error_log logs/error.log info; events {}\nhttp { access_log off;\n"
                        + http.replace("PORT", Integer.toString(port)) + "}\n");
        server = new RunningServer(folder, file);
        Path roots = new LocalAuthority(Paths.state(), new SystemClock()).file();
        assertThat(roots).as("the server has made it").exists();
        clients = trusting(roots);
    }

    private static SSLContext trusting(Path roots) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(roots)) {
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("root" + number++, root);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** A connection for one request, to a name that lives at 127.0.0.1. */
    public HttpsClient client(String name) throws IOException {
        return new HttpsClient(clients, name, port);
    }

    /** Shakes hands with an address, as with what is known by that name. */
    public SSLSocket dial(String address, String name) throws IOException {
        Socket plain = new Socket(InetAddress.ofLiteral(address), port);
        plain.setSoTimeout(PATIENCE_MILLIS);
        return HttpsClient.secured(clients, plain, name);
    }

    /** As if the process was sent a signal. */
    public void send(ProcessSignal signal) {
        server.send(signal);
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
