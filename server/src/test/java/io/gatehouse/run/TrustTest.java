package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.trust.Programs;
import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trust}, with a home and a system's store of its own. */
class TrustTest {
    @TempDir
    private Path folder;

    private Path anchors;
    private Path database;

    @BeforeEach
    void makeStore() throws IOException {
        anchors = Files.createDirectories(folder.resolve("anchors"));
        database = folder.resolve(".pki/nssdb");
        Files.createDirectories(folder.resolve("made"));
        Files.createDirectories(folder.resolve("hooks"));
        // Another authority, which is to stay.
        Files.createDirectories(folder.resolve("others"));
        Files.writeString(folder.resolve("others/other.crt"), Pki.CA.getCertificatePEM());
        Files.writeString(folder.resolve("list"), "other.crt\n");
    }

    /** Debian's own program makes the store, in the test's folder. */
    private String update() {
        return String.join(
                " ",
                "update-ca-certificates --fresh",
                "--certsconf " + folder.resolve("list"),
                "--certsdir " + folder.resolve("others"),
                "--localcertsdir " + anchors,
                "--etccertsdir " + folder.resolve("made"),
                "--hooksdir " + folder.resolve("hooks"));
    }

    private ProcessBuilder builder(String update, String... words) {
        ProcessBuilder builder = new ChildServer(folder).builder(words);
        int at = builder.command().indexOf("-cp");
        builder.command()
                .addAll(at, List.of("-Dgatehouse.trust.anchors=" + anchors, "-Dgatehouse.trust.update=" + update));
        builder.environment().remove("SUDO_USER");
        return builder;
    }

    private Outcome run(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        int exit = ChildServer.awaitExit(process);
        return new Outcome(
                exit, Files.readString(folder.resolve("stdout")), Files.readString(folder.resolve("stderr")));
    }

    private Outcome trust(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("trust"));
        all.addAll(List.of(words));
        return run(builder(update(), all.toArray(new String[0])));
    }

    private String rootMark() throws Exception {
        List<io.gatehouse.tls.localca.RootCertificate> roots =
                io.gatehouse.tls.localca.RootCertificate.read(rootFile());
        return roots.getFirst().mark();
    }

    private String rootFile() throws IOException {
        return Files.readString(folder.resolve("gatehouse/local-authority/root.pem"));
    }

    private String listed() {
        return Programs.own()
                .run(List.of("certutil", "-L", "-d", "sql:" + database))
                .out();
    }

    private String bundle() throws IOException {
        return Files.readString(folder.resolve("made/ca-certificates.crt"));
    }

    @Test
    void theRootIsAddedOnceReplacedByItsSuccessorAndTakenOutAgain() throws Exception {
        assumeTrue(Programs.find("certutil") != null, "certutil is not installed");
        assumeTrue(Programs.find("update-ca-certificates") != null, "update-ca-certificates is not installed");
        String user = System.getProperty("user.name");

        Outcome first = trust();

        String mark = rootMark();
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains(
                        "Gatehouse local authority (" + user + "@",
                        ") " + mark + ", until 20",
                        "\nadded to: the system's store, " + anchors + ", " + mark + "\n",
                        "\nadded to: Chromium and Chrome, " + database + ", " + mark + "\n",
                        "NODE_EXTRA_CA_CERTS=" + folder + "/gatehouse/local-authority/root.pem\n");
        assertThat(first.exit()).isZero();
        assertThat(listed()).containsPattern("Gatehouse local authority \\(.*\\) " + mark + " +C,, ");
        assertThat(bundle()).contains(rootFile());

        Outcome again = trust();
        assertThat(again.exit()).isZero();
        assertThat(again.out())
                .contains(
                        "\nalready in: the system's store, " + anchors + ", " + mark + "\n",
                        "\nalready in: Chromium and Chrome, " + database + ", " + mark + "\n");

        String old = rootFile();
        Files.delete(folder.resolve("gatehouse/local-authority/authority.pem"));
        Outcome replaced = trust();
        String next = rootMark();
        assertThat(next).isNotEqualTo(mark);
        assertThat(replaced.exit()).isZero();
        assertThat(replaced.out())
                .contains(
                        "\nadded to: the system's store, " + anchors + ", " + next + "\n",
                        "\nremoved from: the system's store, " + anchors + ", " + mark + "\n",
                        "\nadded to: Chromium and Chrome, " + database + ", " + next + "\n",
                        "\nremoved from: Chromium and Chrome, " + database + ", " + mark + "\n");
        assertThat(listed()).contains(next).doesNotContain(mark);
        assertThat(bundle()).contains(rootFile()).doesNotContain(old);

        Outcome removed = trust("--remove");
        assertThat(removed)
                .isEqualTo(new Outcome(
                        0,
                        "removed from: the system's store, " + anchors + ", " + next + "\n"
                                + "removed from: Chromium and Chrome, " + database + ", " + next + "\n",
                        ""));
        assertThat(listed()).doesNotContain("Gatehouse");
        assertThat(bundle().strip()).isEqualTo(Pki.CA.getCertificatePEM().strip());
        assertThat(anchors).isEmptyDirectory();
        assertThat(trust("--remove").out())
                .isEqualTo(
                        "not in: the system's store, " + anchors + "\nnot in: Chromium and Chrome, " + database + "\n");
    }

    @Test
    void whatIsMissingIsToldWithTheCommandThatHelps() throws Exception {
        Files.createDirectories(database);
        ProcessBuilder builder = builder("false", "trust");
        builder.environment().put("PATH", folder.toString());
        builder.command(builder.command().stream()
                .map(word -> word.equals("env") ? "/usr/bin/env" : word)
                .toList());

        Outcome outcome = run(builder);

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains(
                        "not done: the system's store, " + anchors + ": false: ",
                        "not done: browsers of " + folder + ": certutil is not installed, which this needs.",
                        "  Debian, Ubuntu   sudo apt-get install libnss3-tools\n");
    }

    @Test
    void manyProcessesAtOnceMakeOneRoot() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(builder("true", "trust", "--print")
                    .redirectOutput(folder.resolve("out" + i).toFile())
                    .start());
        }
        for (Process one : all) {
            assertThat(ChildServer.awaitExit(one)).isZero();
        }

        for (int i = 0; i < 3; i++) {
            assertThat(folder.resolve("out" + i)).hasContent(rootFile());
        }
        assertThat(rootFile()).containsOnlyOnce("BEGIN");
    }

    @Test
    void twoThingsAtOnceAreRefused() throws Exception {
        assertThat(run(builder("true", "trust", "--print", "--remove")))
                .isEqualTo(new Outcome(1, "", "gatehouse: --remove and --print are two things; leave one out\n"));
    }
}
