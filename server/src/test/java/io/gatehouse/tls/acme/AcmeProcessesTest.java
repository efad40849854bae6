package io.gatehouse.tls.acme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pebble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, and several of them at one folder; with an authority that wants an external account. */
class AcmeProcessesTest {
    private static final String KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final Pattern ACCOUNT = Pattern.compile("\"kid\":\"(https[^\"]+)\"");

    @TempDir
    private Path folder;

    private final int port = freePort();
    private final List<Process> children = new ArrayList<>();
    private Pebble pebble;
    private Front front;

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Pebble.missing().isEmpty(), "not installed: " + Pebble.missing());
        Map<String, String> environment = new HashMap<>(Pebble.CALM);
        environment.put("PEBBLE_AUTHZREUSE", "0");
        pebble = new Pebble(folder, port, 1, environment, """
            , "externalAccountBindingRequired": true, "externalAccountMACKeys": {"kid-1": "%s"}
            """.formatted(KEY));
        front = new Front(pebble);
    }

    @AfterEach
    void stop() throws Exception {
        children.forEach(Process::destroyForcibly);
        if (front != null) {
            front.close();
        }
        if (pebble != null) {
            pebble.close();
        }
    }

    private Path state() {
        return folder.resolve("state");
    }

    private Process child(int httpPort, String name) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcmeChild.class.getName(),
                        front.directory(),
                        pebble.trusted().toString(),
                        state().toString(),
                        Integer.toString(httpPort),
                        KEY,
                        name)
                .redirectErrorStream(true)
                .start();
        children.add(child);
        return child;
    }

    /** What it says behind this word; everything it said, if it does not. */
    private static String said(BufferedReader out, String word) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("it ended without \"" + word + "\": " + all);
    }

    @Test
    void aProcessThatIsKilledAtAnyStepIsFollowedByOneThatGoesOn() throws Exception {
        for (String step : List.of("/sign-me-up", "/order-plz", "/chalZ/", "/finalize-order/", "/certZ/")) {
            Process child = child(port, "killed.test");
            front.afterwards(step, child::destroyForcibly);
            assertThat(child.waitFor()).as(step).isEqualTo(128 + 9);
        }
        Process last = child(port, "killed.test");
        BigInteger serial;
        try (BufferedReader out = last.inputReader(UTF_8)) {
            serial = new BigInteger(said(out, "done"));
        }
        StateFolder kept = new StateFolder(state());
        IssuedCertificate issued =
                CertificateFile.read(kept, CertificateFile.id(Engine.wish(issuer(), "killed.test")), issuer());
        assertThat(issued.certificate().getSerialNumber()).isEqualTo(serial);
        // One order nobody has heard of, one has failed because nobody was there to answer; the third was gone on with
        // twice.
        assertThat(answered("/order-plz")).isEqualTo(3);
        assertThat(answered("/finalize-order/")).isEqualTo(1);
        assertThat(accounts()).hasSize(1);
        try (var files = Files.list(state())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".order") || name.endsWith(".damaged"));
        }
    }

    private AcmeIssuer issuer() {
        return new Engine.Issuer(front.directory(), null, state()).build();
    }

    private long answered(String path) {
        return front.asked(path).size();
    }

    private List<String> accounts() {
        return front.asked("/").stream()
                .map(ACCOUNT::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    @Test
    void twoProcessesAtOnceShareWhatOneOfThemObtains() throws Exception {
        try (Engine mine = new Engine(new MovedClock());
                Answering answering = new Answering(port, mine.acme.challenges())) {
            Process child = child(0, "shared.test");
            try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
                answering.elsewhere(Integer.parseInt(said(out, "answering")));
                Engine.Issuer issuer = new Engine.Issuer(front.directory(), List.of(trusted()), state());
                issuer.external = new AcmeIssuer.ExternalAccount("kid-1", KEY);
                ManagedCertificate certificate = mine.get(Engine.wish(issuer.build(), "shared.test"));
                assertThat(said(out, "done"))
                        .isEqualTo(certificate
                                .current()
                                .certificate()
                                .getSerialNumber()
                                .toString());
            }
        }
        assertThat(answered("/order-plz")).isEqualTo(1);
        assertThat(accounts()).hasSize(1);
    }

    private X509Certificate trusted() throws Exception {
        try (var in = Files.newInputStream(pebble.trusted())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
