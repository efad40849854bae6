package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.Alongside;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's 300 seconds, against every default of 60: a test that takes as long as it says. */
@Alongside
class PatienceTest {
    private static final int SECONDS = 75;

    @TempDir
    private Path folder;

    @Test
    void anAnswerAfter75SecondsArrivesAndAWebSocketThatWasSilentForSoLongStillSpeaks() throws Exception {
        try (EchoServer application = EchoApplication.start(0);
                WholeGuide guide = new WholeGuide(folder, application.port(), "300");
                HttpClient http1 = guide.client(Version.HTTP_1_1);
                HttpClient http2 = guide.client(Version.HTTP_2);
                Messages silent = new Messages(guide.trust, "wss://localhost:" + guide.port + "/ws")) {
            CompletableFuture<HttpResponse<String>> first = slow(guide, http1);
            CompletableFuture<HttpResponse<String>> second = slow(guide, http2);
            assertThat(silent.ask("hello")).isEqualTo("hello");
            assertThat(first.join().body()).isEqualTo("after " + SECONDS + " s\n");
            assertThat(second.join().body()).isEqualTo("after " + SECONDS + " s\n");
            assertThat(silent.ask("still there")).isEqualTo("still there");
        }
    }

    private static CompletableFuture<HttpResponse<String>> slow(WholeGuide guide, HttpClient client) {
        return client.sendAsync(guide.request("/slow/" + SECONDS).build(), BodyHandlers.ofString());
    }
}
