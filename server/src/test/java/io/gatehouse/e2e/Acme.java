package io.gatehouse.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority with an ACME server: Debian's pebble, which finds every name at 127.0.0.1. */
final class Acme implements AutoCloseable {
    private final Path folder;
    private final int port = Launched.freePort();
    private final int management = Launched.freePort();
    private final List<Process> processes = new ArrayList<>();

    /** @param httpPort where it asks for the answers to its challenges */
    Acme(Path folder, int httpPort, int httpsPort) throws Exception {
        this.folder = folder;
        int names = Launched.freePort();
        makeOwnCertificate();
        Files.writeString(folder.resolve("pebble.json"), """
            {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
                "ocspResponderURL": "", "externalAccountBindingRequired": false}}
            """.formatted(
                        port, management, trusted(), folder.resolve("acme.key"), httpPort, httpsPort));
        String nameServer = "127.0.0.1:" + names;
        start(
                "pebble-challtestsrv",
                List.of("-dns01", nameServer, "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""),
                List.of("-management", "127.0.0.1:" + Launched.freePort()));
        start(
                "pebble",
                List.of("-config", folder.resolve("pebble.json").toString()),
                List.of("-dnsserver", nameServer));
        awaitListening();
    }

    /** What is missing here to run one; empty if nothing. */
    static List<String> missing() {
        return List.of("pebble", "pebble-challtestsrv", "openssl").stream()
                .filter(name -> !Files.isExecutable(Path.of("/usr/bin", name)))
                .toList();
    }

    private void makeOwnCertificate() throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout",
                        folder.resolve("acme.key").toString(),
                        "-out",
                        trusted().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (openssl.waitFor() != 0) {
            throw new AssertionError(Files.readString(folder.resolve("openssl.log")));
        }
    }

    private void start(String program, List<String> some, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(some);
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile());
        // No chance: neither waits of a random length nor nonces that are refused now and then.
        builder.environment().putAll(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "0"));
        processes.add(builder.start());
    }

    private void awaitListening() throws Exception {
        // It tells nothing by itself, so it is asked again and again.
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), management)) {
                return;
            } catch (IOException notYet) {
                if (processes.stream().anyMatch(process -> !process.isAlive())) {
                    break;
                }
                never.await(20, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("pebble did not start: " + said());
    }

    String said() throws IOException {
        return Files.readString(folder.resolve("pebble.log"))
                + Files.readString(folder.resolve("pebble-challtestsrv.log"));
    }

    /** The certificate by which one knows the ACME server itself. */
    Path trusted() {
        return folder.resolve("acme.crt");
    }

    String directory() {
        return "https://127.0.0.1:" + port + "/dir";
    }

    /** What a client needs to trust the certificates that are issued. */
    SSLContext clients() throws Exception {
        byte[] root;
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(trusting(Files.readAllBytes(trusted())))
                .build()) {
            root = client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + management + "/roots/0"))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
        }
        return trusting(root);
    }

    private static SSLContext trusting(byte[] pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = new ByteArrayInputStream(pem)) {
            store.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
