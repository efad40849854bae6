package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code proxy_store}: an answer that becomes a file. */
class StoreTest extends ProxiedSite {
    private static final String MODIFIED = "Last-Modified: Tue, 01 Sep 2026 10:00:00 GMT";

    private void begin(Application.Script script, String directives) throws Exception {
        app(script);
        start(
                "",
                "proxy_temp_path temp; location / { proxy_pass http://@1; root files; proxy_store on; " + directives
                        + " }");
    }

    private static Application.Script answering(String body) {
        return connection -> {
            while (true) {
                connection.head();
                connection.answer(body, MODIFIED);
            }
        };
    }

    private Path stored(String name) {
        return folder.resolve("files").resolve(name);
    }

    private List<Path> temporary() throws IOException {
        Path temp = folder.resolve("temp");
        if (!Files.exists(temp)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void anAnswerIsThereAsAFileWhenTheClientHasIt() throws Exception {
        begin(answering("hello"), "");
        assertThat(site().get("/a/b.txt").body()).isEqualTo("hello");
        assertThat(stored("a/b.txt")).hasContent("hello");
        assertThat(Files.getLastModifiedTime(stored("a/b.txt")))
                .isEqualTo(FileTime.from(Instant.parse("2026-09-01T10:00:00Z")));
        assertThat(temporary()).isEmpty();
    }

    @Test
    void thePathMayBeMadeOfVariables() throws Exception {
        app(answering("hello"));
        start("", "location / { proxy_pass http://@1; proxy_store " + folder + "/files/$arg_to; }");
        site().get("/x?to=y");
        assertThat(stored("y")).hasContent("hello");
    }

    @Test
    void whoMayReadItIsSaid() throws Exception {
        begin(answering("hello"), "proxy_store_access user:rw group:r all:r;");
        site().get("/a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored("a"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void anAnswerInChunksIsStoredWithoutThem() throws Exception {
        begin(
                connection -> {
                    connection.head();
                    connection.send(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
                },
                "");
        site().get("/a");
        assertThat(stored("a")).hasContent("hello");
    }

    @Test
    void errorsAreNotStored() throws Exception {
        begin(status(404), "");
        assertThat(site().get("/a").status()).isEqualTo(404);
        assertThat(stored("a")).doesNotExist();
        assertThat(temporary()).isEmpty();
    }

    @Test
    void anAnswerDoesNotTakeThePlaceOfAFolder() throws Exception {
        begin(answering("hello"), "");
        Files.createDirectories(stored("a"));
        assertThat(site().get("/a").body()).isEqualTo("hello");
        assertThat(site().get("/b/").body()).isEqualTo("hello");
        assertThat(stored("a")).isDirectory();
        assertThat(stored("b")).doesNotExist();
        assertThat(temporary()).isEmpty();
        assertThat(site().stop()).contains("/a\" failed (21: Is a directory)", "/b/\" failed (21: Is a directory)");
    }

    @Test
    void anAnswerToHeadIsNotStored() throws Exception {
        begin(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                },
                "");
        assertThat(RawHttp.ask(site().port, "HEAD", "/a").status()).isEqualTo(200);
        assertThat(stored("a")).doesNotExist();
    }

    @Test
    void aBodyThatBreaksOffIsNotStored() throws Exception {
        begin(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                },
                "");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            http.receive(false);
            assertThat(http.read(100)).isEqualTo("hello");
        }
        site().stop();
        assertThat(stored("a")).doesNotExist();
        // The disk's thread deletes it.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!temporary().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(temporary()).isEmpty();
    }
}
