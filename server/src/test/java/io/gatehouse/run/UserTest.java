package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.HttpsClient;
import io.gatehouse.testing.OcspResponder;
import io.gatehouse.testing.Pki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code user}: root starts the server, and it serves as another. */
class UserTest {
    private static final String OVER = "exited with code 0";
    private static final String NO_CAPABILITIES = "0000000000000000";
    private static final int NOBODY = 65534;
    private static final int STRANGER = 54321;
    private static final String SERVER = "server { listen 127.0.0.1:PORT; location / { return 200 %s; } }\n";

    /** For everybody to enter; what is to be root's alone lies in {@link #own}. */
    @TempDir
    private Path folder;

    private Path own;
    private ChildServer server;

    @BeforeEach
    void makeServer() throws IOException {
        assumeTrue(ChildServer.IS_ROOT, "only root can serve as another");
        assumeTrue(nobodyMayReadTheClasses(), "the classes lie where only root may read");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        own = Files.createDirectory(
                folder.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        if (server != null) {
            server.close();
        }
    }

    private static boolean nobodyMayReadTheClasses() throws IOException {
        for (Path path = Path.of(System.getProperty("gatehouse.root", "..")).toRealPath(); path != null; ) {
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
            path = path.getParent();
        }
        return true;
    }

    private ChildServer conf(String user, String http) {
        return server.conf("""
            %s
            daemon off;
            pid %s/nginx.pid;
            error_log error.log notice;
            error_log own/error.log notice;
            events {}
            http {
                access_log own/access.log combined;
                proxy_temp_path own/temp/proxy;
            %s}
            """.formatted(user, folder, http));
    }

    private List<String> statuses() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + server.process().pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                all.add(Files.readString(task.resolve("status")));
            }
        }
        return all;
    }

    private static String line(String status, String name) {
        return status.lines()
                .filter(l -> l.startsWith(name + ":"))
                .findFirst()
                .orElse("")
                .replaceFirst(".*:\\s*", "");
    }

    private static String four(int id) {
        return (id + "\t").repeat(4).strip();
    }

    /** Every thread, the JVM's own too, after all that could start one. */
    private void nobodyIsRootAndOneIsCapable() throws IOException {
        List<String> statuses = statuses();
        assertThat(statuses).hasSizeGreaterThan(10);
        assertThat(statuses).allSatisfy(status -> {
            assertThat(line(status, "Uid")).as(line(status, "Name")).isEqualTo(four(NOBODY));
            assertThat(line(status, "Gid")).as(line(status, "Name")).isEqualTo(four(NOBODY));
            assertThat(line(status, "Groups").strip()).isEqualTo(Integer.toString(NOBODY));
            assertThat(line(status, "CapEff")).as(line(status, "Name")).isEqualTo(NO_CAPABILITIES);
            assertThat(line(status, "CapInh")).isEqualTo(NO_CAPABILITIES);
            assertThat(line(status, "CapAmb")).isEqualTo(NO_CAPABILITIES);
        });
        assertThat(statuses.stream().filter(s -> !line(s, "CapPrm").equals(NO_CAPABILITIES)))
                .singleElement()
                .satisfies(keeper -> {
                    assertThat(line(keeper, "Name")).isEqualTo("keeper");
                    assertThat(Long.parseLong(line(keeper, "CapPrm"), 16)).isEqualTo(1 | 1 << 1 | 1 << 2 | 1 << 10);
                });
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid");
    }

    private static int freeLowPort() throws IOException {
        for (int port = 1_023; port > 900; port--) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // the next
            }
        }
        throw new AssertionError("no port is free");
    }

    @Test
    void noThreadIsRootAndOnlyOneMayDoMore() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();
        assertThat(server.get()).endsWith("one");
        nobodyIsRootAndOneIsCapable();

        // Targets, which each have a thread of their own, come and go with reloads, and with a file that is refused.
        String more = "access_log own/buffered.log combined buffer=4k flush=1s; access_log syslog:server=127.0.0.1:9"
                + " combined; error_log own/second.log notice;";
        conf("user nobody nogroup;", more + SERVER.formatted("two"))
                .signal("HUP")
                .awaitLog(OVER);
        assertThat(server.get()).endsWith("two");
        conf("user nobody nogroup;", "access_log own/third.log combined; nonsense;")
                .signal("HUP");
        server.awaitLog("unknown directive \"nonsense\"");
        server.signal("USR1").awaitLog("reopening logs");
        conf("user nobody nogroup;", SERVER.formatted("three")).signal("HUP").awaitLog(OVER, 2);
        assertThat(server.get()).endsWith("three");
        server.await("the line", () -> server.read("own/access.log").lines().count() == 3);

        nobodyIsRootAndOneIsCapable();
    }

    @Test
    void aReloadStillReadsRootsFilesBindsLowPortsAndMakesLogs() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();
        int low = freeLowPort();
        Files.writeString(
                own.resolve("more.conf"),
                "server { listen 127.0.0.1:" + low + "; listen unix:" + own
                        + "/a.sock; access_log own/more.log; location / { return 200 more; } }\n");
        Files.setPosixFilePermissions(own.resolve("more.conf"), PosixFilePermissions.fromString("rw-------"));

        conf("user nobody nogroup;", SERVER.formatted("two") + "include own/more.conf;\n");
        server.conf(server.read("nginx.conf").replace("nginx.pid", "own/moved.pid"))
                .signal("HUP")
                .awaitLog(OVER);

        assertThat(ChildServer.get(low)).endsWith("more");
        server.await(
                "the line in root's folder", () -> !server.read("own/more.log").isEmpty());
        assertThat(server.read("own/moved.pid")).isEqualTo(server.process().pid() + "\n");
        assertThat(owner(own.resolve("moved.pid")))
                .as("whom root's signals obey")
                .isZero();
        assertThat(own.resolve("a.sock")).exists();
        server.signal("QUIT");
        assertThat(server.awaitExit()).isZero();
        assertThat(own.resolve("moved.pid")).doesNotExist();
        assertThat(own.resolve("a.sock")).doesNotExist();
    }

    /** The system decides who may signal whom: its user and root. What the pid file says of another is told. */
    @Test
    void anotherUserCannotTellItAnything() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();
        String[] reload = {"-p", folder + "/", "-c", "nginx.conf", "-e", "stderr", "-s", "reload"};

        // Who is not root is told that user is ignored, as by nginx; nothing else is said.
        String warned = "[0-9/]+ [0-9:]+ \\[warn\\] ([0-9]+)#\\1: the \"user\" directive makes sense only if the master"
                + " process runs with super-user privileges, ignored in " + Pattern.quote(folder + "/nginx.conf")
                + ":1\n";
        Outcome refused = server.runAs(STRANGER, reload);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .matches(warned
                        + Pattern.quote("nginx: [alert] kill("
                                + server.process().pid() + ", 1) failed (1: Operation not permitted)\n"));
        assertThat(server.log()).doesNotContain("reconfiguring");

        Outcome told = server.runAs(NOBODY, reload);
        assertThat(told.exit()).isZero();
        assertThat(told.out()).isEmpty();
        assertThat(told.err()).matches(warned);
        server.awaitLog(OVER);
        assertThat(server.get()).endsWith("one");
    }

    @Test
    void aReloadReadsRootsKey() throws Exception {
        X509Bundle bundle = Pki.server("a.example.com");
        Files.writeString(own.resolve("a.pem"), bundle.getCertificatePathPEM());
        Files.writeString(own.resolve("a.key"), bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(own.resolve("a.key"), PosixFilePermissions.fromString("rw-------"));
        conf("user nobody nogroup;", SERVER.formatted("one")).start();

        conf(
                        "user nobody nogroup;",
                        "server { listen 127.0.0.1:PORT ssl; ssl_certificate " + own + "/a.pem; ssl_certificate_key "
                                + own + "/a.key; location / { return 200 safe; } }\n")
                .signal("HUP")
                .awaitLog(OVER);

        try (HttpsClient client = new HttpsClient(Pki.jdk(), "a.example.com", server.port)) {
            assertThat(client.get("/")).endsWith("safe");
        }
        nobodyIsRootAndOneIsCapable();
    }

    /** What it takes is loaded, and asks, after root has been given up. */
    @Test
    void aReloadBeginsToAskResponders() throws Exception {
        try (OcspResponder responder = new OcspResponder()) {
            X509Bundle bundle = Pki.named(Algorithm.ecp256, "a.example.com")
                    .addSanDnsName("a.example.com")
                    .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, OcspResponder.access(responder.url()))
                    .buildIssuedBy(Pki.CA);
            responder.says(bundle.getCertificate(), OcspResponder.Says.good());
            Files.writeString(own.resolve("a.pem"), bundle.getCertificatePEM() + Pki.CA.getCertificatePEM());
            Files.writeString(own.resolve("a.key"), bundle.getPrivateKeyPEM());
            conf("user nobody nogroup;", SERVER.formatted("one")).start();

            conf(
                            "user nobody nogroup;",
                            "server { listen 127.0.0.1:PORT ssl; ssl_certificate " + own
                                    + "/a.pem; ssl_certificate_key " + own + "/a.key; ssl_stapling on;"
                                    + " ssl_stapling_verify on; ssl_trusted_certificate " + own + "/a.pem; }\n")
                    .signal("HUP")
                    .awaitLog(OVER);

            server.await("a response", () -> {
                try (HttpsClient client = new HttpsClient(Pki.jdk(), "a.example.com", server.port)) {
                    return client.hasStatus();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            nobodyIsRootAndOneIsCapable();
        }
    }

    @Test
    void reopenedLogsAreTheUsers() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();
        Files.move(own.resolve("access.log"), own.resolve("access.log.1"));

        server.signal("USR1").await("a new log", () -> Files.exists(own.resolve("access.log")));
        server.get();

        server.await("the line", () -> server.read("own/access.log").contains("\"GET / HTTP/1.1\" 200"));
        assertThat(owner(own.resolve("access.log"))).isEqualTo(NOBODY);
        assertThat(owner(own.resolve("access.log.1"))).isZero();
    }

    @Test
    void foldersForTemporaryFilesAreTheUsers() throws Exception {
        Files.createDirectories(folder.resolve("body"));
        conf(
                        "user nobody nogroup;",
                        "client_body_temp_path body;"
                                + SERVER.replace("return 200 %s;", "proxy_pass http://127.0.0.1:1;"))
                .start()
                .awaitLog("start worker processes");

        assertThat(owner(folder.resolve("body"))).isEqualTo(NOBODY);
        assertThat(owner(own.resolve("temp/proxy"))).isEqualTo(NOBODY);
        assertThat(Files.getPosixFilePermissions(own.resolve("temp/proxy")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(owner(own.resolve("temp"))).isZero();
    }

    @Test
    void whatOnlyRootMayReadIsNotServed() throws Exception {
        Files.writeString(folder.resolve("open.txt"), "open");
        Files.writeString(own.resolve("closed.txt"), "closed");
        conf("user nobody nogroup;", "server { listen 127.0.0.1:PORT; root " + folder + "; }\n")
                .start();

        try (Asking asking = server.ask()) {
            assertThat(asking.send("GET /open.txt HTTP/1.1\r\nHost: a\r\n\r\n").answer())
                    .endsWith("open");
            assertThat(asking.send("GET /own/closed.txt HTTP/1.1\r\nHost: a\r\n\r\n")
                            .answer())
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void withoutUserItServesAsNobody() throws Exception {
        server.file(
                "nginx.conf",
                "daemon off; pid nginx.pid; error_log error.log notice; events {} http {"
                        + " access_log off; server { listen 127.0.0.1:" + server.port + "; return 200 one; } }");
        server.start();

        assertThat(server.get()).endsWith("one");
        assertThat(statuses())
                .allSatisfy(status -> assertThat(line(status, "Uid")).isEqualTo(four(NOBODY)));
    }

    @Test
    void rootIsRootIfTheFileSaysSoAndGivesItUpForAReloadThatDoesNot() throws Exception {
        conf("user root;", SERVER.formatted("one")).start();
        assertThat(server.get()).endsWith("one");
        assertThat(statuses())
                .allSatisfy(status -> assertThat(line(status, "Uid")).isEqualTo(four(0)));

        conf("user nobody nogroup;", SERVER.formatted("two")).signal("HUP").awaitLog(OVER);

        assertThat(server.get()).endsWith("two");
        server.await("the former keeper's end", () -> {
            try {
                return statuses().stream()
                                .filter(s -> line(s, "Name").equals("keeper"))
                                .count()
                        == 1;
            } catch (IOException e) {
                return false;
            }
        });
        nobodyIsRootAndOneIsCapable();
    }

    @Test
    void anotherUserIsForTheNextStart() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();

        conf("user root;", SERVER.formatted("two")).signal("HUP").awaitLog(OVER);

        assertThat(server.log()).contains("[warn]", "the user stays \"nobody\" until the next start\n");
        assertThat(server.get()).endsWith("two");
        nobodyIsRootAndOneIsCapable();
    }

    @Test
    void whoIsNotKnownStopsTheTest() {
        assertThat(conf("user nobody-such;", "").run("-t"))
                .isEqualTo(failed("getpwnam(\"nobody-such\") failed", "user nobody-such;", "     ^^^^^^^^^^^"));
        assertThat(conf("user root no-such;", "").run("-t"))
                .isEqualTo(failed("getgrnam(\"no-such\") failed", "user root no-such;", "          ^^^^^^^"));
    }

    private Outcome failed(String message, String line, String marks) {
        return new Outcome(
                1,
                "",
                "nginx: [emerg] " + message + " in " + folder + "/nginx.conf:1\n    1 | " + line + "\n      | " + marks
                        + "\nnginx: configuration file " + folder + "/nginx.conf test failed\n");
    }

    @Test
    void aFolderThatCannotBeGivenStopsTheStart() throws Exception {
        Files.write(folder.resolve("file"), new byte[0]);

        conf("user nobody nogroup;", "client_body_temp_path file/body;" + SERVER.formatted("one"));
        Process process = server.launch("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");

        assertThat(ChildServer.awaitExit(process)).isEqualTo(1);
        assertThat(server.read("stderr"))
                .isEqualTo("nginx: [emerg] mkdir() \"" + folder + "/file/body\" failed (20: Not a directory)\n");
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    @Test
    void theSocketForTheJvmsToolsGoesWithIt() throws Exception {
        conf("user nobody nogroup;", SERVER.formatted("one")).start();
        Path attach = Path.of("/tmp/.java_pid" + server.process().pid());
        assumeTrue(Files.exists(attach), "this JVM makes none");
        assertThat(owner(attach)).as("who may debug it").isZero();

        server.signal("QUIT");
        assertThat(server.awaitExit()).isZero();

        assertThat(attach).doesNotExist();
    }

    @Test
    void aFolderForTemporaryFilesThatTheUserCannotGetToIsTold() throws Exception {
        Path within = own.resolve("bodies");
        conf("user nobody nogroup;", "client_body_temp_path " + within + ";\n" + SERVER.formatted("ok"))
                .start();
        String told =
                "\"" + within + "\" is out of reach for the user \"nobody\": a folder above it is closed to others";
        server.await(
                told,
                () -> server.read("error.log")
                        .lines()
                        .anyMatch(line -> line.contains("[warn] ") && line.contains(told)));
    }
}
