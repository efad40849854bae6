package io.gatehouse.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one loop of a server goes on serving while large bodies are compressed, and the memory for that is bounded. */
class OffTheLoopTest {
    private static final String SCRIPT = Decoded.script(600_000, 11);

    @TempDir
    Path folder;

    @Test
    void smallAnswersAreServedWhileLargeOnesAreCompressedHard() throws Exception {
        // the hardest level takes about a second for this body, of which the first block alone a quarter
        String server = """
            root html; types { text/css css; } default_type text/plain;
            brotli on; brotli_comp_level 11; brotli_types text/css;
            location /small { gzip on; gzip_types text/plain; }
            """;
        try (Site site = new Site(folder, "", server);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            site.file("large.css", SCRIPT);
            site.file("small", "small text ".repeat(20));
            CompletableFuture<RawHttp.Answer> large = CompletableFuture.supplyAsync(() -> get(site, "br"), threads);
            int served = 0;
            while (!large.isDone()) {
                assertThat(site.get("/small", "Accept-Encoding: gzip").status()).isEqualTo(200);
                served++;
            }
            assertThat(Decoded.whole("br", large.get().body())).isEqualTo(SCRIPT);
            assertThat(served)
                    .as("small answers while a large one was compressed")
                    .isGreaterThan(20);
        }
    }

    @Test
    void manyLargeBodiesGoOnSideBySide() throws Exception {
        try (Site site = new Site(folder, "", "root html; types { text/css css; } gzip on; gzip_types text/css;");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            site.file("large.css", SCRIPT);
            List<CompletableFuture<RawHttp.Answer>> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                all.add(CompletableFuture.supplyAsync(() -> get(site, "gzip"), threads));
            }
            for (CompletableFuture<RawHttp.Answer> one : all) {
                assertThat(Decoded.whole("gzip", one.get(20, TimeUnit.SECONDS).body()))
                        .isEqualTo(SCRIPT);
            }
        }
    }

    @Test
    void withoutMemoryForOneCodingTheNextBestIsUsedAndAtLastNone() throws Exception {
        String server = "root html; types { text/css css; } gzip on; gzip_types text/css;"
                + "brotli on; brotli_window 16m; brotli_types text/css;";
        long all = CodingMemory.MOST - (1 << 20);
        try (Site site = new Site(folder, "", server)) {
            site.file("large.css", SCRIPT);
            assertThat(get(site, "gzip, br").field("Content-Encoding")).isEqualTo("br");
            assertThat(CodingMemory.reserve(all)).isTrue();
            try {
                assertThat(get(site, "gzip, br").field("Content-Encoding")).isEqualTo("gzip");
                CodingMemory.take(1 << 20);
                RawHttp.Answer bare = get(site, "gzip, br");
                assertThat(bare.field("Content-Encoding")).isNull();
                assertThat(bare.field("Content-Length")).isEqualTo(Integer.toString(SCRIPT.length()));
                assertThat(bare.field("Vary")).isEqualTo("Accept-Encoding");
                assertThat(bare.body()).isEqualTo(SCRIPT);
                CodingMemory.giveBack(1 << 20);
            } finally {
                CodingMemory.giveBack(all);
            }
            assertThat(site.stop()).contains("no memory left to compress with br");
        }
    }

    private static RawHttp.Answer get(Site site, String accepts) {
        try {
            return site.get("/large.css", "Accept-Encoding: " + accepts);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
