package io.gatehouse.module.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RawHttp.Answer;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, folders, parts and conditions, as a client sees them. */
class FilesOverHttpTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String LATER = "Mon, 07 Nov 1994 08:49:37 GMT";

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder, "", """
            location / {}
            location /try/ { try_files $uri $uri.html $uri/ =404; }
            location /app/ { try_files $uri @app; }
            location @app { return 200 app; }
            location /fallback/ { try_files /none /landing?from=$uri; }
            location /landing { return 200 $args; }
            location /aliased/ { alias html/a/; try_files $uri =404; }
            location /list/ { autoindex on; autoindex_format json; }
            location /strict/ { disable_symlinks on; }
            location /before/ { alias html/; if_modified_since before; }
            location /few/ { alias html/; max_ranges 1; }
            location /named/ { index none.html second.html; }
            location /elsewhere/ { index none.html /index.html; }
            location = /status { stub_status; }
            location = /pixel { empty_gif; }
            location /proxied/ { proxy_pass http://127.0.0.1:PORT/; proxy_force_ranges on; proxy_set_header Range ""; }
            """);
        site.file("index.html", "0123456789");
        Files.setLastModifiedTime(folder.resolve("html/index.html"), FileTime.from(Instant.ofEpochSecond(784_111_777)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        site.close();
    }

    @Test
    void aFileIsSentWithWhatIsKnownOfIt() throws IOException {
        Answer answer = site.get("/index.html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(answer.field("Content-Type")).isEqualTo("text/html");
        assertThat(answer.field("Last-Modified")).isEqualTo(DATE);
        assertThat(answer.field("ETag")).isEqualTo("\"2ebc98a1-a\"");
        assertThat(answer.field("Accept-Ranges")).isEqualTo("bytes");
    }

    @Test
    void aHeadHasNoBody() throws IOException {
        Answer answer = RawHttp.ask(site.port, "HEAD", "/index.html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Length")).isEqualTo("10");
    }

    @Test
    void aDotThatBeginsANameBeginsNoExtension() throws IOException {
        site.file(".html", "hidden");
        site.file(".page.html", "page");
        assertThat(site.get("/.html").field("Content-Type")).isEqualTo("text/plain");
        assertThat(site.get("/.page.html").field("Content-Type")).isEqualTo("text/html");
    }

    @Test
    void anEmptyFileIsAnAnswer() throws IOException {
        site.file("empty.txt", "");
        Answer answer = site.get("/empty.txt");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Length")).isEqualTo("0");
    }

    @Test
    void aLargeFileComesWhole() throws IOException {
        String text = "0123456789abcdef".repeat(1 << 17);
        site.file("large.txt", text);
        assertThat(site.get("/large.txt").body()).isEqualTo(text);
    }

    @Test
    void filesAreForReading() throws IOException {
        assertThat(RawHttp.ask(site.port, "POST", "/index.html", "Content-Length: 0")
                        .status())
                .isEqualTo(405);
        assertThat(RawHttp.ask(site.port, "DELETE", "/index.html").status()).isEqualTo(405);
    }

    @Test
    void aMissingFileIsToldInTheLog() throws Exception {
        assertThat(site.get("/none.txt").status()).isEqualTo(404);
        assertThat(site.get("/index.html/none.txt").status()).isEqualTo(404);
        assertThat(site.get("/" + "x".repeat(300)).status()).isEqualTo(404);
        assertThat(site.stop())
                .contains("open() \"" + folder
                        + "/html/none.txt\" failed (2: No such file or directory), client: 127.0.0.1")
                .contains("none.txt\" failed (20: Not a directory)")
                .contains("x\" failed (36: File name too long)");
    }

    @Test
    void aFolderIsRedirectedToAndAnsweredByItsIndex() throws Exception {
        site.file("d/index.html", "index of d");
        assertThat(site.get("/d").field("Location")).isEqualTo("http://localhost:" + site.port + "/d/");
        assertThat(site.get("/d?x=1").field("Location")).isEqualTo("http://localhost:" + site.port + "/d/?x=1");
        assertThat(site.get("/d/").body()).isEqualTo("index of d");
        assertThat(site.get("/none/").status()).isEqualTo(404);
        Files.createDirectories(folder.resolve("html/bare"));
        assertThat(site.get("/bare/").status()).isEqualTo(403);
        assertThat(site.stop())
                .contains("\"" + folder + "/html/none/index.html\" is not found (2: No such file or directory)")
                .contains("directory index of \"" + folder + "/html/bare/\" is forbidden");
    }

    @Test
    void indexesAreTriedInOrder() throws IOException {
        site.file("named/second.html", "second");
        site.file("elsewhere/x", "");
        assertThat(site.get("/named/").body()).isEqualTo("second");
        assertThat(site.get("/elsewhere/").body()).isEqualTo("0123456789");
    }

    @Test
    void namesMayHaveAnyLetters() throws IOException {
        site.file("ä b.txt", "found");
        assertThat(site.get("/%C3%A4%20b.txt").body()).isEqualTo("found");
        assertThat(site.get("/%FF.txt").status()).isEqualTo(404);
    }

    @Test
    void aPipeIsNoFile() throws Exception {
        Process mkfifo =
                new ProcessBuilder("mkfifo", folder.resolve("html/pipe").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();
        assertThat(site.get("/pipe").status()).isEqualTo(404);
        assertThat(site.stop()).contains("/html/pipe\" is not a regular file");
    }

    @Test
    void linksAreRefusedWhereTheyAreDisabled() throws Exception {
        site.file("strict/real.txt", "real");
        Files.createSymbolicLink(folder.resolve("html/strict/link.txt"), Path.of("real.txt"));
        Files.createSymbolicLink(folder.resolve("html/strict/up"), Path.of(".."));
        assertThat(site.get("/strict/real.txt").body()).isEqualTo("real");
        assertThat(site.get("/strict/link.txt").status()).isEqualTo(403);
        assertThat(site.get("/strict/up/index.html").status()).isIn(403, 404);
        assertThat(site.get("/strict/none.txt").status()).isEqualTo(404);
        assertThat(site.stop()).contains("openat() \"").contains("failed (40: Too many levels of symbolic links)");
    }

    @Test
    void tryFilesTakesTheFirstThatExists() throws IOException {
        site.file("try/a.html", "a");
        site.file("try/d/index.html", "d");
        assertThat(site.get("/try/a").body()).isEqualTo("a");
        assertThat(site.get("/try/d").status()).isEqualTo(301);
        assertThat(site.get("/try/none").status()).isEqualTo(404);
        site.file("app/file.txt", "file");
        assertThat(site.get("/app/file.txt").body()).isEqualTo("file");
        assertThat(site.get("/app/none").body()).isEqualTo("app");
        assertThat(site.get("/fallback/x").body()).isEqualTo("from=/fallback/x");
        site.file("a/b.txt", "aliased");
        assertThat(site.get("/aliased/b.txt").body()).isEqualTo("aliased");
    }

    /** As {@code include mime.types} with a block of one's own behind it. */
    @Test
    void typesOfOneLevelAreAddedUp(@TempDir Path own) throws Exception {
        String http = "types { text/html html; text/x-old a; } types { text/x-new a b; }";
        try (Site two = new Site(own, http, "location /own/ { types { text/x-own b; } } location / {}")) {
            for (String name : List.of("i.html", "i.a", "i.b", "own/i.b", "own/i.html")) {
                two.file(name, "x");
            }
            assertThat(two.get("/i.html").field("Content-Type")).isEqualTo("text/html");
            assertThat(two.get("/i.a").field("Content-Type")).isEqualTo("text/x-new");
            assertThat(two.get("/i.b").field("Content-Type")).isEqualTo("text/x-new");
            assertThat(two.get("/own/i.b").field("Content-Type")).isEqualTo("text/x-own");
            assertThat(two.get("/own/i.html").field("Content-Type")).isEqualTo("text/plain");
        }
    }

    @Test
    void aPartIsSentAlone() throws IOException {
        Answer answer = site.get("/index.html", "Range: bytes=2-4");
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("234");
        assertThat(answer.field("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(answer.field("Content-Type")).isEqualTo("text/html");
    }

    @Test
    void severalPartsAreSentInOneAnswer() throws IOException {
        Answer answer = site.get("/index.html", "Range: bytes=-2,0-1");
        assertThat(answer.status()).isEqualTo(206);
        String type = Objects.requireNonNull(answer.field("Content-Type"));
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        assertThat(answer.body())
                .isEqualTo("\r\n--B\r\nContent-Type: text/html\r\nContent-Range: bytes 8-9/10\r\n\r\n89"
                                .replace("B", boundary)
                        + "\r\n--B\r\nContent-Type: text/html\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
                                .replace("B", boundary)
                        + "\r\n--" + boundary + "--\r\n");
        assertThat(site.get("/few/index.html", "Range: bytes=0-0,2-2").status()).isEqualTo(200);
    }

    @Test
    void aPartOfAnApplicationsAnswerIsSentWhereThatIsForced() throws IOException {
        Answer answer = site.get("/proxied/index.html", "Range: bytes=2-4");
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("234");
        assertThat(answer.field("Content-Range")).isEqualTo("bytes 2-4/10");
        // its body is not kept, so there is one part or the whole
        assertThat(site.get("/proxied/index.html", "Range: bytes=8-9,0-1").body())
                .isEqualTo("0123456789");
    }

    @Test
    void aPartThatIsNotThereIsRefused() throws IOException {
        Answer answer = site.get("/index.html", "Range: bytes=10-");
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.field("Content-Range")).isEqualTo("bytes */10");
        assertThat(answer.field("ETag")).isNull();
    }

    @Test
    void aPartOfAnotherVersionIsTheWhole() throws IOException {
        String part = "Range: bytes=0-0";
        assertThat(site.get("/index.html", part, "If-Range: " + DATE).status()).isEqualTo(206);
        assertThat(site.get("/index.html", part, "If-Range: " + LATER).status()).isEqualTo(200);
        assertThat(site.get("/index.html", part, "If-Range: \"2ebc98a1-a\"").status())
                .isEqualTo(206);
        assertThat(site.get("/index.html", part, "If-Range: W/\"2ebc98a1-a\"").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsKnownIsNotSentAgain() throws IOException {
        Answer answer = site.get("/index.html", "If-Modified-Since: " + DATE);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.field("Content-Length")).isNull();
        assertThat(answer.field("ETag")).isEqualTo("\"2ebc98a1-a\"");
        assertThat(site.get("/index.html", "If-Modified-Since: " + LATER).status())
                .isEqualTo(200);
        assertThat(site.get("/before/index.html", "If-Modified-Since: " + LATER).status())
                .isEqualTo(304);
        assertThat(site.get("/index.html", "If-None-Match: W/\"2ebc98a1-a\"").status())
                .isEqualTo(304);
        assertThat(site.get("/index.html", "If-None-Match: \"x\"", "If-Modified-Since: " + DATE)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatHasChangedIsRefused() throws IOException {
        assertThat(site.get("/index.html", "If-Match: \"x\"").status()).isEqualTo(412);
        assertThat(site.get("/index.html", "If-Match: \"2ebc98a1-a\"").status()).isEqualTo(200);
        assertThat(site.get("/index.html", "If-Unmodified-Since: " + LATER).status())
                .isEqualTo(200);
        Answer answer = site.get("/index.html", "If-Unmodified-Since: Sat, 05 Nov 1994 08:49:37 GMT");
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.field("ETag")).isNull();
        assertThat(answer.body()).contains("412 Precondition Failed");
    }

    @Test
    void aFolderIsListed() throws IOException {
        Path file = site.file("list/b.txt", "12345");
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(784_111_777)));
        site.file("list/.hidden", "");
        assertThat(site.get("/list/").body())
                .isEqualTo(
                        "[\r\n{ \"name\":\"b.txt\", \"type\":\"file\", \"mtime\":\"" + DATE + "\", \"size\":5 }\r\n]");
    }

    @Test
    void connectionsAreCounted() throws IOException {
        Answer answer = site.get("/status");
        assertThat(answer.body())
                .matches("Active connections: \\d+ \nserver accepts handled requests\n \\d+ \\d+ \\d+ \n"
                        + "Reading: \\d+ Writing: \\d+ Waiting: \\d+ \n");
        assertThat(RawHttp.ask(site.port, "POST", "/status", "Content-Length: 0")
                        .status())
                .isEqualTo(405);
    }

    @Test
    void aPixelIsAnImage() throws IOException {
        Answer answer = site.get("/pixel");
        assertThat(answer.field("Content-Type")).isEqualTo("image/gif");
        assertThat(answer.body()).startsWith("GIF89a").hasSize(43);
    }
}
