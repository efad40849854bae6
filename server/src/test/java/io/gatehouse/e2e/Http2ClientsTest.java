package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Http2Peer;
import io.gatehouse.testing.Site;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients over HTTP/2 in clear: the JDK's, curl, nghttp and h2load, where they are installed. */
@Timeout(120)
class Http2ClientsTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(
                folder,
                "log_format protocol '$http2 $request $status $connection_requests $bytes_sent $request_length';",
                """
                http2 on;
                keepalive_requests 100000;
                client_max_body_size 20m;
                access_log logs/access.log protocol;
                location / { add_trailer X-Sum 42; }
                location /said { return 200 "$server_protocol $http2 $http_x_a $request_method"; }
                location /through/ {
                    proxy_pass http://127.0.0.1:PORT/;
                    proxy_http_version 1.1;
                }
                location /unbuffered/ {
                    proxy_pass http://127.0.0.1:PORT/;
                    proxy_http_version 1.1;
                    proxy_request_buffering off;
                    proxy_buffering off;
                }
                location /length { client_body_in_file_only clean; proxy_pass http://127.0.0.1:PORT/counted; }
                location /counted { return 200 $content_length; }
                """);
        site.file("large.txt", "0123456789abcdef".repeat(200_000));
        site.file("small.txt", "small");
    }

    @AfterEach
    void end() throws Exception {
        site.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + site.port + path;
    }

    private static boolean has(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    private String run(String... command) throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    @Test
    void theJdksClientAsksManyThingsAtOnce() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // in clear it first asks over HTTP/1.1 for an upgrade, which is not granted, as by nginx
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url("/said")))
                            .header("X-A", "b")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("HTTP/1.1  b GET");
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url("/length")))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(i)))
                        .build();
                all.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(all.get(i).join().body()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void theLogTellsWhatWentOverTheWire() throws Exception {
        int sent;
        int said;
        try (Http2Peer peer = new Http2Peer(site.port)) {
            String[] request = Http2Peer.request("POST", "/said", "x-long", "y".repeat(100));
            byte[] block = peer.block(request);
            int stream = peer.nextStream();
            peer.frame(Http2Peer.HEADERS, Http2Peer.END_HEADERS, stream, block);
            peer.data(stream, "12345", true);
            Http2Peer.Answer answer = peer.answer(stream);
            sent = 9 + answer.head().payload().length + 9 + answer.body().length();
            said = block.length;
        }
        site.close();
        // a body that nobody reads counts as far as it has come before the answer; here it may have come or not
        assertThat(Files.readString(folder.resolve("logs/access.log")))
                .matches("h2c POST /said HTTP/2.0 200 1 " + sent + " (" + said + "|" + (said + 5) + ")\n");
    }

    @Test
    void curlGetsAndPutsLargeThings() throws Exception {
        assumeTrue(has("curl"));
        Path large = folder.resolve("html/large.txt");
        for (String path : List.of("/large.txt", "/through/large.txt", "/unbuffered/large.txt")) {
            Path got = folder.resolve("got");
            String said = run(
                    "curl", "-sS", "--http2-prior-knowledge", "-w", "%{http_version}", "-o", got.toString(), url(path));
            assertThat(said).isEqualTo("2");
            assertThat(Files.mismatch(got, large)).isEqualTo(-1);
        }
        for (String path : List.of("/length", "/unbuffered/length")) {
            String said = run("curl", "-sS", "--http2-prior-knowledge", "--data-binary", "@" + large, url(path));
            assertThat(said).isEqualTo("3200000");
        }
        assertThat(run("curl", "-sS", "--http2-prior-knowledge", "-I", url("/small.txt")))
                .startsWith("HTTP/2 200")
                .contains("content-length: 5");
    }

    @Test
    void nghttpFindsNothingToComplainOf() throws Exception {
        assumeTrue(has("nghttp"));
        String said = run("nghttp", "-v", "-H", "X-A: b", url("/said"), url("/small.txt"), url("/large.txt"));
        assertThat(said)
                .contains(":status: 200", "HTTP/2.0 h2c b GET", "x-sum: 42", "SETTINGS_ENABLE_CONNECT_PROTOCOL(0x08):1")
                .doesNotContain("[ERROR]", "PROTOCOL_ERROR", "INTERNAL_ERROR");
    }

    @Test
    void h2loadAsksThousandsOfTimes() throws Exception {
        assumeTrue(has("h2load"));
        String said = run(
                "h2load",
                "-n",
                "3000",
                "-c",
                "5",
                "-m",
                "50",
                url("/small.txt"),
                url("/through/small.txt"),
                url("/said"));
        assertThat(said).contains("3000 succeeded, 0 failed, 0 errored", "3000 2xx");
        String uploaded = run(
                "h2load",
                "-n",
                "200",
                "-c",
                "2",
                "-m",
                "20",
                "-d",
                folder.resolve("html/large.txt").toString(),
                url("/unbuffered/length"));
        assertThat(uploaded).contains("200 succeeded, 0 failed, 0 errored");
    }
}
