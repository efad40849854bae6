package io.gatehouse.tls.localca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.tls.localca.AuthorityFolder.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roots on a disk. */
class AuthorityFolderTest {
    private static final String OPEN = "\" was open to others, and is not any more";

    @TempDir
    private Path state;

    private Path folder;
    private Path file;
    private final MovedClock clock = new MovedClock();

    @BeforeEach
    void name() {
        folder = state.resolve("gatehouse/local-authority");
        file = folder.resolve("authority.pem");
    }

    private Found open() throws IOException {
        return new AuthorityFolder(folder).open(clock.wallMillis());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(one -> one.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRootIsMadeOnceAndIsForItsOwnerAlone() throws Exception {
        Found made = open();
        Found found = open();

        assertThat(made.made()).isTrue();
        assertThat(made.warnings()).isEmpty();
        assertThat(found.made()).isFalse();
        assertThat(found.roots()).isEqualTo(made.roots()).hasSize(1);
        assertThat(made.roots().getFirst().root().title())
                .startsWith("Gatehouse local authority (" + System.getProperty("user.name") + "@");
        assertThat(mode(folder)).isEqualTo("rwx------");
        assertThat(files()).containsExactly("authority.pem", "lock", "root.pem");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("root.pem")))
                .isEqualTo(made.roots().getFirst().root().pem());
    }

    @Test
    void manyAtOnceMakeOne() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Found>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(this::open));
            }
            int made = 0;
            for (Future<Found> one : all) {
                made += one.get().made() ? 1 : 0;
                assertThat(one.get().roots()).isEqualTo(all.getFirst().get().roots());
            }
            assertThat(made).isEqualTo(1);
        }
    }

    @Test
    void whatIsDamagedIsKeptAsideAndReplaced() throws Exception {
        Found first = open();
        for (String damage : List.of(
                "",
                "garbage",
                first.roots().getFirst().root().pem(),
                first.roots().getFirst().text().replace("-----END PRIVATE KEY-----", ""),
                first.roots().getFirst().root().pem()
                        + Issuing.root("Gatehouse local authority (b@c)", clock.wallMillis())
                                .text()
                                .replaceFirst("(?s).*(?=-----BEGIN PRIVATE)", ""))) {
            Files.writeString(file, damage);
            clock.forward(Duration.ofSeconds(1));

            Found next = open();

            assertThat(next.made()).isTrue();
            assertThat(next.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("\"" + file + "\" is damaged (")
                    .contains("it was renamed to \"damaged-2026", "and there is a new root");
            assertThat(open().warnings()).isEmpty();
            String aside = files().stream()
                    .filter(name -> name.startsWith("damaged-"))
                    .reduce((one, later) -> later)
                    .orElseThrow();
            assertThat(folder.resolve(aside)).hasContent(damage);
        }
    }

    @Test
    void whatWasOpenToOthersIsClosed() throws Exception {
        List<LocalRoot> roots = open().roots();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

        Found found = open();

        assertThat(found.roots()).isEqualTo(roots);
        assertThat(found.warnings()).containsExactly("\"" + folder + OPEN, "\"" + file + OPEN);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        open();
        Path elsewhere = state.resolve("elsewhere");
        Files.move(file, elsewhere);
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(file, elsewhere);

        assertThatThrownBy(this::open).hasMessage(file + ": it is a symbolic link");
        assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
    }

    @Test
    void aSuccessorComesSixtyDaysBeforeTheEndAndStays() throws Exception {
        LocalRoot first = open().roots().getFirst();
        clock.to(first.root().ends() - Duration.ofDays(60).toMillis() - 1);
        assertThat(open().roots()).containsExactly(first);

        clock.forward(Duration.ofMillis(1));
        Found renewed = open();

        assertThat(renewed.made()).isTrue();
        assertThat(renewed.roots()).hasSize(2).startsWith(first);
        LocalRoot successor = renewed.roots().getLast();
        assertThat(successor.root().title()).isEqualTo(first.root().title());
        assertThat(Files.readString(folder.resolve("root.pem")))
                .isEqualTo(first.root().pem() + successor.root().pem());
        assertThat(open().roots()).isEqualTo(renewed.roots());
        clock.to(first.root().ends() + 1);
        assertThat(open().roots()).containsExactly(successor);
    }

    @Test
    void anUnusedAuthorityBeginsAnewAfterItsEnd() throws Exception {
        LocalRoot first = open().roots().getFirst();
        clock.to(first.root().ends() + 1);

        Found found = open();

        assertThat(found.made()).isTrue();
        assertThat(found.roots()).hasSize(1).doesNotContain(first);
    }

    @Test
    void aClockThatWasAheadCostsNoRoot() throws Exception {
        LocalRoot ahead = open().roots().getFirst();
        clock.forward(Duration.ofDays(-30));

        Found found = open();

        assertThat(found.roots()).hasSize(2).contains(ahead);
        assertThat(found.roots().stream().filter(one -> one.root().isValid(clock.wallMillis())))
                .hasSize(1);
        assertThat(open().made()).isFalse();
    }

    @Test
    void whatWasLeftByACrashIsNoObstacle() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("authority.pem.new"), "half");

        assertThat(open().made()).isTrue();
        assertThat(files()).containsExactly("authority.pem", "lock", "root.pem");
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws Exception {
        Files.createDirectories(folder.getParent().getParent());
        Files.writeString(folder.getParent(), "a file");

        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
}
