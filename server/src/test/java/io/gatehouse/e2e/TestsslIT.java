package io.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.Alongside;
import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RunningServer;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What testssl.sh says, with which people judge a server: protocols, ciphers, forward secrecy, the server's order and defaults,
 * known vulnerabilities. It is read as it writes for programs; what it colours and calls "NOT ok" has a severity there.
 */
@Alongside
class TestsslIT {
    private static final Path TESTSSL = Path.of("/usr/bin/testssl");
    private static final int PATIENCE_SECONDS = 240;

    private static final Set<String> NOT_OK = Set.of("MEDIUM", "HIGH", "CRITICAL", "FATAL");

    /** A test's own certificate is vouched for by nobody, neither an authority nor a list of what was revoked, and lasts a day. */
    private static final List<String> OWN_CERTIFICATE =
            List.of("cert_chain_of_trust", "cert_revocation", "cert_expirationStatus", "cert_notAfter");

    private static final String SERVER = """
        error_log logs/error.log info;
        events {}
        http {
            access_log off;
            ssl_certificate a.pem;
            ssl_certificate_key a.key;
            server {
                listen 127.0.0.1:%d ssl;
                %s
                return 200 "hello";
            }
        }
        """;

    @TempDir
    private Path folder;

    @BeforeEach
    void itIsInstalled() {
        assumeTrue(Files.isExecutable(TESTSSL), "not installed: testssl.sh");
    }

    /** The only thing is what certbot's own file says: {@code ssl_prefer_server_ciphers off}. */
    @Test
    void theGuidesSettings() throws Exception {
        try (EchoServer application = EchoApplication.start(0);
                WholeGuide guide = new WholeGuide(folder, application.port(), "300")) {
            assertThat(notOk(guide.port, "-p", "-s", "-f", "-P", "-S", "-U")).containsOnlyKeys("cipher_order");
        }
    }

    @Test
    void noSettings() throws Exception {
        try (Served served = new Served("")) {
            assertThat(notOk(served.port, "-p", "-s", "-f", "-S")).isEmpty();
        }
    }

    @Test
    void theServersOrderOfCiphers() throws Exception {
        try (Served served = new Served("ssl_prefer_server_ciphers on;")) {
            assertThat(notOk(served.port, "-P")).isEmpty();
        }
    }

    private final class Served implements AutoCloseable {
        final int port = Launched.freePort();
        private final RunningServer server;

        Served(String directives) throws Exception {
            Files.createDirectories(folder.resolve("logs"));
            X509Bundle bundle = Pki.server("localhost");
            Files.writeString(folder.resolve("a.pem"), bundle.getCertificatePathPEM());
            Files.writeString(folder.resolve("a.key"), bundle.getPrivateKeyPEM());
            Path configuration = folder.resolve("nginx.conf");
            Files.writeString(configuration, SERVER.formatted(port, directives), ISO_8859_1);
            server = new RunningServer(folder, configuration);
        }

        @Override
        public void close() throws InterruptedException {
            server.close();
        }
    }

    /** What it finds fault with but for the certificate of the test, by its names, and how it says it. */
    private TreeMap<String, String> notOk(int port, String... sections) throws Exception {
        Path found = folder.resolve("found.json");
        Path said = folder.resolve("said");
        List<String> command = new ArrayList<>(List.of(TESTSSL.toString(), "--quiet", "--color", "0"));
        command.addAll(List.of("--warnings", "batch", "--ip", "one", "--jsonfile", found.toString()));
        command.addAll(List.of(sections));
        command.add("localhost:" + port);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("no end: " + Files.readString(said, ISO_8859_1));
        }
        TreeMap<String, String> notOk = new TreeMap<>();
        int all = 0;
        boolean ended = false;
        for (JsonNode one : JsonMapper.shared().readTree(found)) {
            String id = one.path("id").asString();
            String severity = one.path("severity").asString();
            all++;
            ended |= id.equals("scanTime");
            if (NOT_OK.contains(severity) || id.equals("scanTime") && !severity.equals("INFO")) {
                notOk.put(id, severity + ": " + one.path("finding").asString());
            }
        }
        OWN_CERTIFICATE.forEach(notOk::remove);
        assertThat(ended && all > sections.length)
                .as(Files.readString(said, ISO_8859_1))
                .isTrue();
        return notOk;
    }
}
