package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets its turn when, with authorities that do not answer. */
class WorkersTest {
    private static final int AT_ONCE = 8;

    @TempDir
    private Path folder;

    private final MovedClock clock = new MovedClock();
    private final Engine engine = new Engine(clock);

    @AfterEach
    void end() {
        engine.close();
    }

    private CertificateWish wish(int port, String name) throws InvalidIdentifier {
        Engine.Issuer issuer = new Engine.Issuer("https://127.0.0.1:" + port + "/dir", null, folder.resolve(name));
        issuer.name = name;
        issuer.verify = false;
        return Engine.wish(issuer.build(), name + ".example.com");
    }

    private static boolean isAsked(ManagedCertificate certificate) {
        return certificate.status().phase() == CertificateStatus.Phase.ORDERING;
    }

    @Test
    void whatWaitsForItsTurnHasNotTakenTooLong() throws Exception {
        // It takes connections and says nothing.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<ManagedCertificate> all = new ArrayList<>();
            for (int i = 0; i <= AT_ONCE; i++) {
                all.add(engine.acme.use(wish(silent.getLocalPort(), "a" + i)));
            }
            engine.begin();
            engine.await(
                    "eight that are asked",
                    () -> all.stream().filter(WorkersTest::isAsked).count() == AT_ONCE);
            ManagedCertificate last =
                    all.stream().filter(one -> !isAsked(one)).findFirst().orElseThrow();

            // What hangs for a quarter of an hour is given up, and the next one gets its turn.
            clock.pass(Duration.ofMinutes(20));
            engine.acme.look();
            engine.await("the turn of the last", () -> isAsked(last));
            engine.await(
                    "a word of those that were broken off",
                    () -> all.stream()
                            .filter(one -> one != last)
                            .allMatch(one -> engine.said(
                                    "[error]",
                                    "the order for \"" + one.wish().names() + "\" has come to no end in 15 min",
                                    "The next attempt is on")));
        }
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() throws Exception {
        ManagedCertificate certificate = engine.acme.use(wish(closedPort(), "a"));
        clock.move(Duration.ofDays(400));
        engine.begin();
        engine.await(
                "a failure",
                () -> certificate.status().lastFailure() != null
                        && certificate.status().phase() == CertificateStatus.Phase.WAITING);

        clock.move(Duration.ofDays(-400));
        engine.acme.look();
        engine.await(
                "another look at when to try again",
                () -> certificate.status().nextAttempt() != null
                        && certificate
                                .status()
                                .nextAttempt()
                                .isBefore(Instant.now().plus(Duration.ofMinutes(5))));
        assertThat(engine.said("no certificate for \"a.example.com\"")).isTrue();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
