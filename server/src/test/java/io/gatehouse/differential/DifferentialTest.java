package io.gatehouse.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.RecordingApplication;
import io.gatehouse.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the same bytes to Debian's nginx and to Gatehouse with one configuration, and compares what they answer, whether the
 * connection goes on, and what the application is sent. What differs must be in {@link Differences}, and what is there must
 * show.
 */
class DifferentialTest {
    private static final int AT_ONCE = 48;

    private static final Map<String, Report> REPORTS = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @Test
    void answersAsNginxDoes() throws Exception {
        assertThat(report("answers.conf").unexplained()).isEmpty();
    }

    @Test
    void sendsTheApplicationWhatNginxDoes() throws Exception {
        assertThat(report("proxied.conf").unexplained()).isEmpty();
    }

    @Test
    void everyListedDifferenceShows() throws Exception {
        Set<Difference> seen = new HashSet<>(report("answers.conf").seen());
        seen.addAll(report("proxied.conf").seen());
        assertThat(Differences.ALL).filteredOn(each -> !seen.contains(each)).isEmpty();
    }

    private static Report report(String configuration) throws Exception {
        assumeTrue(Nginx.isInstalled(), "/usr/sbin/nginx is not there (Debian's package nginx-light has it)");
        Report made = REPORTS.get(configuration);
        if (made == null) {
            made = compare(configuration, cases());
            REPORTS.put(configuration, made);
        }
        return made;
    }

    private static List<Case> cases() {
        List<Case> cases = Stream.of(
                        RequestLines.cases(),
                        Targets.cases(),
                        Hosts.cases(),
                        Fields.cases(),
                        Bodies.cases(),
                        Connections.cases(),
                        Generated.cases())
                .flatMap(all -> all)
                .toList();
        Set<String> ids = new HashSet<>();
        assertThat(cases)
                .allMatch(played -> ids.add(played.id()), "has an id of its own")
                .hasSizeGreaterThan(500);
        return cases;
    }

    private static Report compare(String configuration, List<Case> cases) throws Exception {
        int nginxPort = freePort();
        int ourPort = freePort();
        try (RecordingApplication theirs = new RecordingApplication();
                RecordingApplication ours = new RecordingApplication();
                Nginx nginx = new Nginx(folder, write(configuration, "nginx", nginxPort, theirs.port()), nginxPort);
                RunningServer gatehouse =
                        new RunningServer(folder, write(configuration, "gatehouse", ourPort, ours.port()))) {
            List<Transcript> expected = play(cases, nginxPort, theirs);
            List<Transcript> found = play(cases, ourPort, ours);
            assertThat(theirs.odd()).as("what nginx sent that is no request").isEmpty();
            assertThat(ours.odd()).as("what Gatehouse sent that is no request").isEmpty();
            Report report = new Report();
            for (int i = 0; i < cases.size(); i++) {
                report.add(cases.get(i), expected.get(i), found.get(i));
            }
            return report;
        }
    }

    private static List<Transcript> play(List<Case> cases, int port, RecordingApplication application)
            throws Exception {
        List<Future<Transcript>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Case played : cases) {
                running.add(threads.submit(() -> Conversation.play(played, port, application)));
            }
        }
        List<Transcript> transcripts = new ArrayList<>();
        for (Future<Transcript> each : running) {
            transcripts.add(each.get());
        }
        return transcripts;
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static Path write(String configuration, String name, int port, int application) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = own.resolve("nginx.conf");
        try (InputStream in = DifferentialTest.class.getResourceAsStream(configuration)) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .replace("@DIR@", own.toString())
                    .replace("@PORT@", Integer.toString(port))
                    .replace("@APP@", Integer.toString(application));
            Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        }
        return file;
    }
}
