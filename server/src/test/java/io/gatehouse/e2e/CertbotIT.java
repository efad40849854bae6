package io.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pebble;
import io.gatehouse.testing.RawHttp;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real {@code certbot --nginx} with the guide's basic block: obtain, install, redirect, renew. */
class CertbotIT {
    private static final Path BUILT = Path.of(System.getProperty("gatehouse.root", ".."), "server/target/gatehouse");
    private static final String NAME = "paperclip.gatehouse.test";
    private static final long PATIENCE_SECONDS = 120;
    private static final int AT_LEAST = 10;

    @TempDir
    private Path folder;

    private int http;
    private int https;
    private EchoServer application;
    private Pebble acme;

    @BeforeEach
    void start() throws Exception {
        List<String> missing = new ArrayList<>(Pebble.missing());
        if (!Files.isExecutable(Path.of("/usr/bin/certbot"))) {
            missing.add("certbot");
        }
        if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/certbot_nginx"))) {
            missing.add("python3-certbot-nginx");
        }
        assumeTrue(missing.isEmpty(), "not installed: " + missing);
        // certbot redirects from port 80 alone.
        boolean wellKnown = isFree(80) && isFree(443);
        http = wellKnown ? 80 : Launched.freePort();
        https = wellKnown ? 443 : Launched.freePort();
        // Where root tests, nobody serves.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        application = EchoServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        acme = new Pebble(folder, http, https);
    }

    @AfterEach
    void stop() throws Exception {
        if (application != null) {
            application.close();
        }
        if (acme != null) {
            acme.close();
        }
        Path pidFile = folder.resolve("nginx.pid");
        if (Files.exists(pidFile)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void awaitListening(int port) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; isFree(port); i++) {
            assertThat(i).as("tries until it listens on " + port).isLessThan(1_000);
            never.await(20, TimeUnit.MILLISECONDS);
        }
    }

    /** What certbot is told each time: to leave this machine's own certificates alone. */
    private void certbot(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("certbot"));
        command.addAll(List.of(words));
        command.addAll(List.of("--config-dir", folder + "/le", "--work-dir", folder + "/work", "--logs-dir"));
        command.addAll(List.of(folder + "/certbot", "--non-interactive"));
        Path output = folder.resolve("certbot.out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("REQUESTS_CA_BUNDLE", acme.trusted().toString());
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(Files.readString(output)
                    + acme.said()
                    + Files.readString(folder.resolve("error.log"))
                    + Files.readString(folder.resolve("certbot/letsencrypt.log")));
        }
    }

    private void obtain() throws Exception {
        Path conf = Files.createDirectory(folder.resolve("conf"));
        String block = Guide.BLOCK.replace("paperclip.yourdomain.com", NAME);
        String file = Guide.file(block, http, application.port(), "pid " + folder + "/nginx.pid;\n")
                .replace("logs/error.log", folder + "/error.log");
        Files.writeString(conf.resolve("nginx.conf"), file, ISO_8859_1);
        List<String> words = List.of(
                "--nginx",
                "--nginx-ctl",
                BUILT.resolve("gatehouse").toRealPath().toString(),
                "--nginx-server-root",
                conf.toString(),
                "--server",
                acme.directory(),
                "--http-01-port",
                Integer.toString(http),
                "--https-port",
                Integer.toString(https),
                "--agree-tos",
                "--register-unsafely-without-email",
                "--redirect",
                "-d",
                NAME);
        certbot(words.toArray(new String[0]));
    }

    @Test
    void obtainsInstallsRedirectsAndRenewsUnderTraffic() throws Exception {
        obtain();

        SSLContext trust = acme.clients();
        // certbot waits a second after a reload, and so would whoever knows no better.
        awaitListening(https);
        BigInteger first;
        try (HttpsClient client = new HttpsClient(trust, NAME, https)) {
            first = client.certificate().getSerialNumber();
            assertThat(client.get("/page", "Accept: application/json\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("X-Forwarded-Proto: https", "Host: " + NAME);
        }
        if (http == 80) {
            RawHttp.Answer redirect = RawHttp.get(80, "/page?a=b", "X: y");
            assertThat(redirect.status()).as("for another name").isEqualTo(404);
            try (RawHttp client = new RawHttp(80)) {
                client.send("GET /page?a=b HTTP/1.1\r\nHost: " + NAME + "\r\nConnection: close\r\n\r\n");
                redirect = client.receive(true);
            }
            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.field("Location")).isEqualTo("https://" + NAME + "/page?a=b");
        }
        try (HttpsClient socket = new HttpsClient(trust, NAME, https);
                Traffic traffic = new Traffic(trust)) {
            assertThat(socket.upgrade("/ws")).startsWith("HTTP/1.1 101 ");
            assertThat(socket.ask("before")).isEqualTo("before");
            traffic.awaitMore();

            certbot("renew", "--force-renewal", "--no-random-sleep-on-renew");

            traffic.awaitOtherThan(first);
            traffic.awaitMore();
            assertThat(socket.ask("after")).isEqualTo("after");
            assertThat(traffic.failures).isEmpty();
        }
    }

    /** Requests one after the other, each over a connection of its own. */
    private final class Traffic implements AutoCloseable {
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final SSLContext trust;
        private final Thread thread;
        private volatile BigInteger serial = BigInteger.ZERO;

        Traffic(SSLContext trust) {
            this.trust = trust;
            thread = Thread.ofPlatform().name("traffic").start(this::run);
        }

        private void run() {
            while (!ended.get()) {
                try (HttpsClient client = new HttpsClient(trust, NAME, https)) {
                    serial = client.certificate().getSerialNumber();
                    String answer = client.get("/");
                    if (!answer.startsWith("HTTP/1.1 200 ")) {
                        failures.add(answer);
                    }
                } catch (IOException e) {
                    failures.add(e.toString());
                }
                synchronized (this) {
                    answers.incrementAndGet();
                    notifyAll();
                }
            }
        }

        synchronized void awaitMore() throws InterruptedException {
            int enough = answers.get() + AT_LEAST;
            while (answers.get() < enough) {
                wait();
            }
        }

        synchronized void awaitOtherThan(BigInteger known) throws InterruptedException {
            int tooMany = answers.get() + 5_000;
            while (serial.equals(known)) {
                assertThat(answers.get())
                        .as("requests since, with the former certificate")
                        .isLessThan(tooMany);
                wait();
            }
        }

        @Override
        public void close() throws InterruptedException {
            ended.set(true);
            thread.join();
        }
    }
}
