package io.gatehouse.coding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are compressed, with what, and what their heads say then. */
class CompressionOverHttpTest {
    private static final String SMALL = Decoded.script(10_000, 2);
    private static final String LARGE = Decoded.script(700_000, 3);

    @TempDir
    static Path folder;

    private static @Nullable Site started;
    private static @Nullable ScriptedApplication application;

    @BeforeAll
    static void start() throws Exception {
        ScriptedApplication made = new ScriptedApplication((head, out) -> {
            String path = head.split(" ")[1];
            String fields = "ETag: \"tag\"\r\nContent-Type: text/css\r\n";
            fields += switch (path) {
                case "/no-transform" -> "Cache-Control: public, No-Transform\r\n";
                case "/coded" -> "Content-Encoding: br\r\n";
                case "/ranges" -> "Accept-Ranges: bytes\r\n";
                case "/vary" -> "Vary: Origin, accept-encoding\r\n";
                case "/short" -> "Content-Length: 9\r\n";
                default -> "";
            };
            boolean known = head.contains("If-None-Match: W/\"tag\"");
            String body = path.equals("/short") ? "too short" : SMALL;
            ScriptedApplication.send(
                    out,
                    known
                            ? "HTTP/1.1 304 Not Modified\r\nETag: \"tag\"\r\nConnection: close\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\n" + fields + "Connection: close\r\n\r\n" + body);
        });
        application = made;
        Site site = new Site(folder, """
            types { text/html html; text/css css; image/png png; }
            gzip_types text/css; brotli_types text/css; zstd_types text/css;
            log_format ratio "$uri $gzip_ratio $brotli_ratio $zstd_ratio";
            """, """
                http2 on; root html; access_log logs/ratio.log ratio;
                location /gzip/ { alias html/; gzip on; }
                location /vary/ { alias html/; gzip on; gzip_vary on; }
                location /br/ { alias html/; brotli on; }
                location /zstd/ { alias html/; zstd on; }
                location /all/ { alias html/; gzip on; brotli on; zstd on; }
                location /any/ { alias html/; gzip on; gzip_types *; }
                location /app/ { gzip on; brotli on; gzip_vary on; proxy_pass http://127.0.0.1:APP/; }
                location /old/ { alias html/; gzip on; brotli on; gzip_http_version 1.0; }
                location /if/ { alias html/; if ($arg_on) { gzip on; } }
                location /fixed/ { alias html/; gzip_static on; brotli_static on; zstd_static on; }
                location /always/ { alias html/; brotli_static always; }
                location /undone/ { alias html/; gzip_static always; gunzip on; gzip_vary on; brotli on; }
                location /error/ { gzip on; gzip_min_length 0; return 404; }
                location /gone/ { gzip on; gzip_min_length 0; return 410; }
                """.replace("APP", Integer.toString(made.port)));
        started = site;
        site.file("small.css", SMALL);
        site.file("large.css", LARGE);
        site.file("tiny.css", "a{}");
        site.file("small.png", SMALL);
        site.file("small.html", SMALL);
        site.file("pre.css", "plain");
        Files.write(site.file("pre.css.gz", ""), Decoded.gzip(SMALL));
        site.file("pre.css.br", "as brotli");
        site.file("pre.css.zst", "as zstd");
        site.file("only.css", "plain");
        site.file("only.css.br", "as brotli");
    }

    @AfterAll
    static void stop() throws Exception {
        site().close();
        Objects.requireNonNull(application).close();
    }

    private static Site site() {
        return Objects.requireNonNull(started);
    }

    private static RawHttp.Answer get(String target, String accepts, String... fields) throws Exception {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Accept-Encoding: " + accepts;
        return site().get(target, all);
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "br, br", "zstd, zstd"})
    void whatIsDecodedIsTheBody(String place, String coding) throws Exception {
        for (String name : new String[] {"small", "large"}) {
            String text = name.equals("small") ? SMALL : LARGE;
            RawHttp.Answer answer = get("/" + place + "/" + name + ".css", coding);
            assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.field("Content-Length")).isNull();
            assertThat(answer.field("Accept-Ranges")).isNull();
            assertThat(answer.field("ETag")).startsWith("W/\"");
            assertThat(answer.body().length()).isLessThan(text.length() / 2);
            assertThat(Decoded.whole(coding, answer.body())).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "br, br", "zstd, zstd"})
    void overHttp2Too(String place, String coding) throws Exception {
        try (Http2Peer peer = new Http2Peer(site().port)) {
            peer.window(0, 1 << 24);
            int stream = peer.get("/" + place + "/large.css", "accept-encoding", coding);
            peer.window(stream, 1 << 24);
            Http2Peer.Answer answer = peer.answer(stream);
            assertThat(answer.field("content-encoding")).isEqualTo(coding);
            assertThat(answer.field("content-length")).isNull();
            assertThat(Decoded.whole(coding, answer.body())).isEqualTo(LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | br",
                "gzip, zstd | zstd",
                "gzip;q=1, br;q=0.5, zstd;q=0.9 | gzip",
                "gzip;q=0.1 | gzip",
                "br;q=0, zstd;q=0, * | gzip",
                "* | br",
                "identity | ''",
                "identity;q=1, br;q=0.5 | ''",
                "identity;q=0.5, br;q=0.5 | br",
                "identity;q=0 | ''",
                "deflate | ''",
                "br;q=2 | ''",
                "'' | ''",
            })
    void theWeightsChooseAndTheOrderAmongEquals(String accepts, String coding) throws Exception {
        RawHttp.Answer answer = get("/all/small.css", accepts);
        assertThat(answer.field("Content-Encoding")).isEqualTo(coding.isEmpty() ? null : coding);
        assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(Decoded.whole(coding, answer.body())).isEqualTo(SMALL);
    }

    @Test
    void withGzipAloneTheFieldIsReadAsNginxReadsIt() throws Exception {
        assertThat(get("/gzip/small.css", "*").field("Content-Encoding")).isNull();
        assertThat(get("/gzip/small.css", "identity, gzip;q=0.1").field("Content-Encoding"))
                .isEqualTo("gzip");
        assertThat(get("/gzip/small.css", "gzip").field("Vary")).isNull();
        assertThat(get("/vary/small.css", "br").field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(get("/vary/small.png", "gzip").field("Vary")).isNull();
    }

    @Test
    void onlyWhatIsMeantIsCompressed() throws Exception {
        assertThat(get("/gzip/small.png", "gzip").field("Content-Encoding")).isNull();
        assertThat(get("/gzip/tiny.css", "gzip").field("Content-Encoding")).isNull();
        assertThat(get("/gzip/small.html", "gzip").field("Content-Encoding")).isEqualTo("gzip");
        assertThat(get("/any/small.png", "gzip").field("Content-Encoding")).isEqualTo("gzip");
        assertThat(get("/if/small.css", "gzip").field("Content-Encoding")).isNull();
        assertThat(get("/if/small.css?on=1", "gzip").field("Content-Encoding")).isEqualTo("gzip");
        assertThat(get("/app/short", "gzip").field("Content-Encoding")).isNull();
        RawHttp.Answer missing = get("/error/", "gzip");
        assertThat(missing.field("Content-Encoding")).isEqualTo("gzip");
        assertThat(Decoded.whole("gzip", missing.body())).contains("404 Not Found");
        assertThat(get("/gone/", "gzip").field("Content-Encoding")).isNull();
    }

    @Test
    void neverWhatIsCodedAlreadyOrMayNotBeTransformed() throws Exception {
        RawHttp.Answer coded = get("/app/coded", "gzip, br");
        assertThat(coded.field("Content-Encoding")).isEqualTo("br");
        assertThat(coded.body()).isEqualTo(SMALL);
        assertThat(coded.field("ETag")).isEqualTo("\"tag\"");
        RawHttp.Answer kept = get("/app/no-transform", "gzip, br");
        assertThat(kept.field("Content-Encoding")).isNull();
        assertThat(kept.field("Vary")).isNull();
        assertThat(kept.body()).isEqualTo(SMALL);
    }

    @Test
    void theHeadOfAnApplicationsAnswerIsMended() throws Exception {
        RawHttp.Answer answer = get("/app/ranges", "br");
        assertThat(answer.field("Accept-Ranges")).isNull();
        assertThat(answer.field("ETag")).isEqualTo("W/\"tag\"");
        assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
        RawHttp.Answer said = get("/app/vary", "br");
        assertThat(said.head().stream().filter(line -> line.startsWith("Vary:")))
                .containsExactly("Vary: Origin, accept-encoding");
    }

    @Test
    void aRangeIsNotTakenOfWhatIsCompressed() throws Exception {
        RawHttp.Answer answer = get("/gzip/small.css", "gzip", "Range: bytes=0-9");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Decoded.whole("gzip", answer.body())).isEqualTo(SMALL);
        assertThat(get("/gzip/small.css", "identity", "Range: bytes=0-9").status())
                .isEqualTo(206);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gzip/", "/vary/", "/all/", "/undone/"})
    void theHeadAloneAndA304SayWhatTheAnswerWouldSay(String place) throws Exception {
        String name = place.equals("/undone/") ? "pre.css" : "small.css";
        for (String accepts : new String[] {"gzip", "br", "identity"}) {
            RawHttp.Answer whole = get(place + name, accepts);
            RawHttp.Answer head = RawHttp.ask(site().port, "HEAD", place + name, "Accept-Encoding: " + accepts);
            for (String field : new String[] {"Content-Encoding", "Vary", "ETag", "Content-Length", "Accept-Ranges"}) {
                assertThat(head.field(field)).as(accepts + " " + field).isEqualTo(whole.field(field));
            }
            RawHttp.Answer known = get(place + name, accepts, "If-None-Match: " + whole.field("ETag"));
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.field("ETag")).isEqualTo(whole.field("ETag"));
            assertThat(known.field("Vary")).isEqualTo(whole.field("Vary"));
            assertThat(known.field("Content-Encoding")).isNull();
        }
    }

    @Test
    void a304OfTheApplicationKeepsTheWeakTag() throws Exception {
        RawHttp.Answer known = get("/app/x", "br", "If-None-Match: W/\"tag\"");
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.field("ETag")).isEqualTo("W/\"tag\"");
        assertThat(known.field("Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void anOldClientGetsABodyThatEndsWithTheConnection() throws Exception {
        for (String coding : new String[] {"gzip", "br"}) {
            try (RawHttp http = new RawHttp(site().port)) {
                http.send("GET /old/large.css HTTP/1.0\r\nAccept-Encoding: " + coding + "\r\n\r\n");
                RawHttp.Answer answer = http.receive(true);
                assertThat(answer.field("Transfer-Encoding")).isNull();
                assertThat(Decoded.whole(coding, answer.body())).isEqualTo(LARGE);
            }
        }
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET /gzip/small.css HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(http.receive(true).field("Content-Encoding")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, br, zstd | as brotli | br",
                "gzip;q=0.1, zstd;q=0.2 | as zstd | zstd",
                "identity | plain | ''",
            })
    void theFileThatTheClientLikesBest(String accepts, String text, String coding) throws Exception {
        RawHttp.Answer answer = get("/fixed/pre.css", accepts);
        assertThat(answer.body()).isEqualTo(text);
        assertThat(answer.field("Content-Encoding")).isEqualTo(coding.isEmpty() ? null : coding);
        assertThat(answer.field("Content-Type")).isEqualTo("text/css");
        assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.field("Accept-Ranges")).isEqualTo("bytes");
    }

    @Test
    void theNextBestFileWhereTheBestIsNotThere() throws Exception {
        assertThat(get("/fixed/only.css", "gzip, br;q=0.5").body()).isEqualTo("as brotli");
        RawHttp.Answer plain = get("/fixed/only.css", "gzip");
        assertThat(plain.body()).isEqualTo("plain");
        assertThat(plain.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(get("/fixed/small.css", "br").field("Vary")).isNull();
        assertThat(get("/always/only.css", "identity").body()).isEqualTo("as brotli");
        assertThat(get("/fixed/pre.css", "gzip", "Range: bytes=0-3").status()).isEqualTo(206);
    }

    @Test
    void gzipIsUndoneAndMayBecomeAnotherCoding() throws Exception {
        assertThat(get("/undone/pre.css", "gzip").body()).isEqualTo(new String(Decoded.gzip(SMALL), ISO_8859_1));
        RawHttp.Answer undone = get("/undone/pre.css", "identity");
        assertThat(undone.body()).isEqualTo(SMALL);
        assertThat(undone.field("ETag")).startsWith("W/");
        RawHttp.Answer other = get("/undone/pre.css", "br");
        assertThat(other.field("Content-Encoding")).isEqualTo("br");
        assertThat(Decoded.whole("br", other.body())).isEqualTo(SMALL);
    }

    @Test
    void theRatioIsInTheLog() throws Exception {
        RawHttp.Answer answer = get("/zstd/large.css?ratio", "zstd");
        String log = site().awaitLine("ratio.log", "/zstd/large.css - - ");
        String ratio = log.substring(log.indexOf("/zstd/large.css - - ") + 20).split("\n")[0];
        assertThat(Double.parseDouble(ratio))
                .isCloseTo((double) LARGE.length() / answer.body().length(), org.assertj.core.data.Offset.offset(0.01));
    }
}
