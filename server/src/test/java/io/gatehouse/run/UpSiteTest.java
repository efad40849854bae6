package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.gatehouse.cli.up.ScriptedPaperclip;
import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RawHttp;
import io.netty.pkitesting.X509Bundle;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} with a name: whom it lets in, and what it asks the application before it does. */
class UpSiteTest {
    private static final String NAME = "paperclip.example.com";
    private static final X509Bundle CERTIFICATE = Pki.server(NAME, "localhost");

    @TempDir
    private Path folder;

    private ChildServer server;
    private int application;

    @BeforeEach
    void make() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("chain.pem"), CERTIFICATE.getCertificatePathPEM());
        Files.writeString(folder.resolve("key.pem"), CERTIFICATE.getPrivateKeyPEM());
        server = new ChildServer(folder);
        application = ChildServer.freePort();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private String[] up(String name, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "up",
                name,
                "--certificate",
                "chain.pem",
                "--key",
                "key.pem",
                "--listen",
                "127.0.0.1",
                "--port",
                Integer.toString(server.port),
                "--http-port",
                "off",
                "--to",
                "127.0.0.1:" + application));
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    private Process start(String... words) {
        Process up = server.launch(words);
        server.await("its greeting", () -> said().contains("Ctrl-C") || !up.isAlive());
        return up;
    }

    private String said() {
        return server.read("stdout");
    }

    private String get(String name, String target) throws Exception {
        try (HttpsClient client = new HttpsClient(Pki.jdk(), name, server.port)) {
            return client.get(target);
        }
    }

    @Test
    void aPaperclipWithoutSignInIsNotPublished() throws Exception {
        try (ScriptedPaperclip _ =
                new ScriptedPaperclip(application, ScriptedPaperclip.inMode("local_trusted", "ready"))) {
            Outcome refused = server.runOnly(up(NAME));
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .startsWith("gatehouse: the Paperclip on 127.0.0.1:" + application + " is not published as https://"
                            + NAME + ":" + server.port
                            + ": it runs in local_trusted mode, in which everyone who reaches it")
                    .contains(
                            "\n    export PAPERCLIP_DEPLOYMENT_MODE=authenticated PAPERCLIP_PUBLIC_URL=https://" + NAME
                                    + ":" + server.port + " BETTER_AUTH_TRUSTED_ORIGINS=https://" + NAME + ":"
                                    + server.port + "\n    npx paperclipai run\n",
                            "--allow-open");

            start(up(NAME, "--allow-open"));
            assertThat(get(NAME, "/a")).startsWith("HTTP/1.1 200 ");
            server.await("what it is", () -> said().contains("in local_trusted mode: everyone who reaches it is"));
        }
    }

    @Test
    void onThisMachineAloneItIsServed() throws Exception {
        try (ScriptedPaperclip _ =
                new ScriptedPaperclip(application, ScriptedPaperclip.inMode("local_trusted", "ready"))) {
            start(up("localhost"));
            assertThat(get("localhost", "/a")).startsWith("HTTP/1.1 200 ").doesNotContain("Strict-Transport-Security");
            assertThat(said())
                    .startsWith("Gatehouse: https://localhost:" + server.port + " -> http://127.0.0.1:" + application
                            + "\n")
                    .contains(
                            "for this machine alone", "certificate of ", "settings ", "open        https://localhost:");
        }
    }

    @Test
    void aNameOfThisMachineIsCertifiedByItsOwnAuthority() throws Exception {
        Process up = start(
                "up",
                "app.localhost",
                "--echo",
                "--port",
                Integer.toString(server.port),
                "--to",
                "127.0.0.1:" + application);
        assertThat(up.isAlive()).as(server.read("stderr")).isTrue();
        assertThat(said())
                .contains("certificate of this machine's own authority; browsers warn of it until you run: ")
                .contains("gatehouse trust\n", "(echo)");
        SSLContext trust = trusting(folder.resolve("gatehouse/local-authority/root.pem"));
        try (HttpsClient client = new HttpsClient(trust, "app.localhost", server.port)) {
            assertThat(client.get("/echo")).startsWith("HTTP/1.1 200 ");
        }
    }

    private static SSLContext trusting(Path root) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(root)) {
            store.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void whatTheAuthorityOfAPublicNameSaysIsTold() throws Exception {
        Process up = start(
                "up",
                NAME,
                "--acme",
                "https://127.0.0.1:" + application + "/dir",
                "--listen",
                "127.0.0.1",
                "--port",
                Integer.toString(server.port),
                "--http-port",
                Integer.toString(ChildServer.freePort()),
                "--echo",
                "--to",
                "127.0.0.1:" + ChildServer.freePort());
        assertThat(up.isAlive()).as(server.read("stderr")).isTrue();
        server.await("that it waits", () -> said().contains("certificate awaited: 127.0.0.1 is asked for " + NAME));
        server.await("why it failed", () -> said().contains("certificate failed: 127.0.0.1 gives none for " + NAME));
        assertThat(said()).contains("nothing listens there", "tried again at ");
    }

    @Test
    void whatDoesNotAnswerYetIsHeldBackUntilItHasSaidWhatItIs() throws Exception {
        start(up(NAME));
        server.await(
                "that it waits", () -> said().contains("awaited: 127.0.0.1:" + application + " nothing listens there"));
        String page = get(NAME, "/");
        assertThat(page)
                .startsWith("HTTP/1.1 502 ")
                .contains(
                        "Content-Type: text/html",
                        "Retry-After: 5",
                        "no-store",
                        "http-equiv=\"refresh\"",
                        "X-Frame-Options")
                .contains("Paperclip itself does not answer");
        assertThat(get(NAME, "/api/companies"))
                .startsWith("HTTP/1.1 502 ")
                .contains("Content-Type: application/json", "Retry-After: 5", "{\"error\":\"Paperclip does not answer");

        // It listens, but its database is not there yet: not a request passes.
        try (ScriptedPaperclip paperclip =
                new ScriptedPaperclip(application, "{\"status\":\"unhealthy\",\"error\":\"database_unreachable\"}")) {
            assertThat(get(NAME, "/")).startsWith("HTTP/1.1 502 ");
            assertThat(paperclip.count()).isZero();
            paperclip.become(ScriptedPaperclip.inMode("authenticated", "bootstrap_pending"));
            server.await("that it is published", () -> said().contains("published"));
            assertThat(get(NAME, "/now")).startsWith("HTTP/1.1 200 ");
            server.await("the warning", () -> said().contains("WARNING"));
            assertThat(said())
                    .contains("nobody is its administrator yet, and whoever signs up first at https://" + NAME);
        }
    }

    @Test
    void whatTurnsOutToHaveNoSignInEndsIt() throws Exception {
        Process up = start(up(NAME));
        try (ScriptedPaperclip paperclip =
                new ScriptedPaperclip(application, ScriptedPaperclip.inMode("local_trusted", "ready"))) {
            assertThat(ChildServer.awaitExit(up)).isEqualTo(1);
            assertThat(server.read("stderr")).contains("is not published", "local_trusted");
            assertThat(paperclip.count()).isZero();
        }
    }

    @Test
    void behindAnotherProxyItBelievesThatOneAlone() throws Exception {
        try (ScriptedPaperclip paperclip =
                new ScriptedPaperclip(application, ScriptedPaperclip.inMode("authenticated", "ready"))) {
            Headers believed = behind(paperclip, "127.0.0.1");
            assertThat(believed.get("X-Forwarded-For")).containsExactly("192.0.2.9");
            assertThat(believed.get("X-Forwarded-Proto")).containsExactly("https");
            assertThat(believed.get("X-Forwarded-Host")).containsExactly("shown.example.com");
            assertThat(believed.get("Host")).containsExactly("shown.example.com");

            Headers not = behind(paperclip, "198.51.100.0/24");
            assertThat(not.get("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(not.get("X-Forwarded-Proto")).containsExactly("http");
            assertThat(not.get("X-Forwarded-Host")).containsExactly("localhost");
        }
    }

    /** Where the platform says the port, and a client behind its proxy asks. */
    private Headers behind(ScriptedPaperclip paperclip, String networks) throws Exception {
        ProcessBuilder builder = server.builder("up", NAME, "--behind", networks, "--to", "127.0.0.1:" + application);
        builder.environment().put("PORT", Integer.toString(server.port));
        Process up = builder.start();
        try {
            server.await("its greeting", () -> said().contains("Ctrl-C") || !up.isAlive());
            RawHttp.Answer answer = RawHttp.get(
                    server.port,
                    "/",
                    "X-Forwarded-For: 203.0.113.1, 192.0.2.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: shown.example.com");
            assertThat(answer.status()).isEqualTo(200);
            boolean told = "max-age=31536000".equals(answer.field("Strict-Transport-Security"));
            assertThat(told).isEqualTo(networks.startsWith("127."));
            if (told) {
                RawHttp.Answer clear = RawHttp.get(
                        server.port, "/a?b=c", "X-Forwarded-Proto: http", "X-Forwarded-Host: shown.example.com");
                assertThat(clear.status()).isEqualTo(301);
                assertThat(clear.field("Location")).isEqualTo("https://shown.example.com/a?b=c");
            }
            return paperclip.last();
        } finally {
            up.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatCannotBeIsToldBeforeAnythingIsStarted() {
        refuses("different authorities", "up", "localhost", NAME);
        refuses("cannot be certified by itself", "up", "*.example.com");
        refuses("nobody certifies \"intranet\"", "up", "intranet");
        refuses("--certificate and --key go together", "up", NAME, "--certificate", "chain.pem");
        refuses("\"none.pem\" does not exist", "up", NAME, "--certificate", "none.pem", "--key", "key.pem");
        refuses("\"public\" is no network", "up", "--behind", "public");
        refuses("two applications for one place", "up", "localhost", "--echo", "--run", "true");
        refuses("expected HOST:PORT", "up", "--to", "3100");
        refuses("characters that mean something in a configuration", "up", "--access-log", "my log");
    }

    @Test
    void adviceIsTheCommandWithWhatHelpsInPlace() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int http = taken.getLocalPort();
            refuses(
                    "port " + http + " is in use by another program.\n  Another port: gatehouse up " + NAME + " --port "
                            + server.port + " --http-port " + (http < 65_535 ? http + 1 : http - 1) + "\n",
                    "up",
                    NAME,
                    "--http-port=" + http,
                    "--port",
                    Integer.toString(server.port));
            refuses(
                    "another port: gatehouse up --echo --port " + server.port + " --to 127.0.0.1:"
                            + (http < 65_535 ? http + 1 : http - 1) + "\n",
                    "up",
                    "--echo",
                    "--to",
                    "127.0.0.1:" + http,
                    "--port",
                    Integer.toString(server.port));
        }
    }

    private void refuses(String why, String... words) {
        Outcome outcome = server.runOnly(words);
        assertThat(outcome.exit()).as(String.join(" ", words)).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("gatehouse: ").contains(why).doesNotContain("Exception");
    }

    @Test
    void initWritesWhatUpDoesAndOverwritesNothing() throws Exception {
        List<String> site = Stream.of(up(NAME)).skip(1).toList();
        Path file = folder.resolve("site.conf");
        Outcome written = init(site, "-o", "site.conf");
        assertThat(written.err()).isEmpty();
        assertThat(written.out()).contains("gatehouse -t -c site.conf", "gatehouse -c site.conf");
        assertThat(server.runOnly("-t", "-q", "-c", "site.conf")).isEqualTo(new Outcome(0, "", ""));

        Files.writeString(file, "# mine\n");
        Outcome refused = init(site, "-o", "site.conf");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("\"site.conf\" is there already and stays as it is", "--force");
        assertThat(file).hasContent("# mine\n");
        assertThat(init(site, "-o", "site.conf", "--force").exit()).isZero();

        Process up = start(up(NAME));
        up.destroy();
        up.waitFor();
        Path used = folder.resolve("gatehouse/up-" + NAME + "-" + server.port + "/gatehouse.conf");
        assertThat(meaning(file))
                .isEqualTo(meaning(used).stream()
                        // where it runs and where it logs
                        .filter(line -> !line.startsWith("daemon ") && !line.startsWith("pid "))
                        .map(line -> line.equals("return 502;") ? "" : line)
                        .filter(line -> !line.isEmpty())
                        .map(line -> line.equals("error_log stderr warn;") ? "error_log logs/error.log warn;" : line)
                        .map(line -> line.equals("access_log off;") ? "ACCESS" : line)
                        .toList());
    }

    /** An authority asks at 80 and 443 alone, so that other ports of this machine are behind a router. */
    @Test
    void whereARouterLeadsTheUsualPortsHereClientsAreSentToThose() throws Exception {
        Path file = folder.resolve("site.conf");
        assertThat(init(List.of(NAME), "-o", "site.conf", "--port", "8443", "--http-port", "8080")
                        .err())
                .isEmpty();
        assertThat(meaning(file))
                .contains(
                        "return 301 https://$host$request_uri;",
                        "add_header Strict-Transport-Security \"max-age=31536000\" always;",
                        "auto_https on;");
        assertThat(init(List.of(NAME), "-o", "site.conf", "--port", "8443", "--http-port", "off", "--force")
                        .err())
                .isEmpty();
        assertThat(meaning(file)).contains("challenge tls-alpn-01;", "auto_https letsencrypt;");
        // port 80 is here, so that nobody leads it
        assertThat(init(List.of(NAME), "-o", "site.conf", "--port", "8443", "--force")
                        .err())
                .isEmpty();
        assertThat(meaning(file)).contains("return 301 https://$host:8443$request_uri;");
    }

    @Test
    void whyAFileCannotBeWrittenIsTold() {
        // Not even root may make a file there.
        Outcome init = init(List.of(NAME), "-o", "/sys/site.conf");
        assertThat(init.exit()).isEqualTo(1);
        assertThat(init.err()).matches("gatehouse: \"/sys/site.conf\" cannot be used \\(\\d+: [A-Z].*\\)\n");
        server.file("file", "");
        ProcessBuilder builder = server.builder("up", "localhost");
        builder.environment().put("XDG_STATE_HOME", folder + "/file");
        Outcome up = server.runOnly(builder);
        assertThat(up.exit()).isEqualTo(1);
        assertThat(up.err()).contains("mkdir() \"" + folder + "/file", "failed (", "directory)");
    }

    /** The lines that do something. */
    private static List<String> meaning(Path file) throws Exception {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.startsWith("access_log ") ? "ACCESS" : line)
                .toList();
    }

    private Outcome init(List<String> site, String... more) {
        List<String> words = new ArrayList<>(List.of("init"));
        words.addAll(site);
        words.addAll(List.of(more));
        return server.runOnly(words.toArray(new String[0]));
    }

    @Test
    void eachOfTwoSitesBelievesItsOwnProxyAlone() throws Exception {
        Files.createDirectories(folder.resolve("sites-enabled"));
        Files.createDirectories(folder.resolve("logs"));
        init(List.of("a.example.com"), "--behind", "127.0.0.1", "-o", "sites-enabled/", port(), to());
        init(List.of("b.example.com"), "--behind", "198.51.100.0/24", "-o", "sites-enabled/", port(), to());
        server.http("    include sites-enabled/*.conf;\n").start();
        try (ScriptedPaperclip paperclip =
                new ScriptedPaperclip(application, ScriptedPaperclip.inMode("authenticated", "ready"))) {
            assertThat(seen(paperclip, "a.example.com")).isEqualTo("https");
            assertThat(seen(paperclip, "b.example.com")).isEqualTo("http");
        }
    }

    private String port() {
        return "--port=" + server.port;
    }

    private String to() {
        return "--to=127.0.0.1:" + application;
    }

    /** The scheme that the application is told of, where somebody in front says https. */
    private String seen(ScriptedPaperclip paperclip, String name) throws Exception {
        try (RawHttp plain = new RawHttp(server.port)) {
            plain.send("GET / HTTP/1.1\r\nHost: " + name + "\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
            assertThat(plain.receive(true).status()).isEqualTo(200);
        }
        return paperclip.last().getFirst("X-Forwarded-Proto");
    }

    @Test
    void twoSitesStandInOneHttpBlock() throws Exception {
        Files.createDirectories(folder.resolve("sites-enabled"));
        Files.createDirectories(folder.resolve("logs"));
        for (String name : List.of("a.example.com", "b.example.com")) {
            Outcome written = server.runOnly(
                    "init", name, "--certificate", "chain.pem", "--key", "key.pem", "-o", "sites-enabled/");
            assertThat(written.err()).isEmpty();
        }
        server.http("    include sites-enabled/*.conf;\n");
        assertThat(server.run("-t", "-q").err()).isEmpty();
    }
}
