package io.gatehouse.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
public final class Pebble implements AutoCloseable {
    /** Neither waits of a random length nor nonces that are refused now and then. */
    public static final Map<String, String> CALM = Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "0");

    private static final HttpClient MANAGEMENT = HttpClient.newHttpClient();

    private final Path folder;
    private final int port = freePort();
    private final int management = freePort();
    private final int names = freePort();
    private final List<Process> processes = new ArrayList<>();

    /** As the other one, calm and without external accounts. */
    public Pebble(Path folder, int httpPort, int httpsPort) throws Exception {
        this(folder, httpPort, httpsPort, CALM, "");
    }

    /**
     * @param httpPort where it asks for the answers to its challenges
     * @param environment of its process
     * @param more of its configuration, beginning with a comma
     */
    public Pebble(Path folder, int httpPort, int httpsPort, Map<String, String> environment, String more)
            throws Exception {
        this.folder = folder;
        int dns = freePort();
        makeOwnCertificate();
        Files.writeString(folder.resolve("pebble.json"), """
            {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
                "ocspResponderURL": ""%s}}
            """.formatted(
                        port, management, trusted(), ownKey(), httpPort, httpsPort, more));
        String nameServer = "127.0.0.1:" + dns;
        start(
                "pebble-challtestsrv",
                List.of("-dns01", nameServer, "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""),
                List.of("-management", "127.0.0.1:" + names),
                Map.of());
        start(
                "pebble",
                List.of("-config", folder.resolve("pebble.json").toString()),
                List.of("-dnsserver", nameServer),
                environment);
        awaitListening();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Has a name point elsewhere. */
    public void point(String name, String address) throws Exception {
        int status = MANAGEMENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + names + "/add-a"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"host\": \"" + name + ".\", \"addresses\": [\"" + address + "\"]}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
            throw new AssertionError("challtestsrv answered " + status);
        }
    }

    /** What is missing here to run one; empty if nothing. */
    public static List<String> missing() {
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
                        ownKey().toString(),
                        "-out",
                        trusted().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (openssl.waitFor() != 0) {
            throw new AssertionError(Files.readString(folder.resolve("openssl.log")));
        }
    }

    private void start(String program, List<String> some, List<String> more, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(some);
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile());
        builder.environment().putAll(environment);
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

    public String said() throws IOException {
        return Files.readString(folder.resolve("pebble.log"))
                + Files.readString(folder.resolve("pebble-challtestsrv.log"));
    }

    /** The key to {@link #trusted}. */
    public Path ownKey() {
        return folder.resolve("acme.key");
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The certificate by which one knows the ACME server itself. */
    public Path trusted() {
        return folder.resolve("acme.crt");
    }

    public String directory() {
        return "https://127.0.0.1:" + port + "/dir";
    }

    /** What a client needs to trust the certificates that are issued. */
    public SSLContext clients() throws Exception {
        return trusting(root(0));
    }

    /** The certificate by which chains end, in PEM. */
    public byte[] root(int number) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(trusting(Files.readAllBytes(trusted())))
                .build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + management + "/roots/" + number))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
        }
    }

    public static SSLContext trusting(byte[] pem) throws Exception {
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
