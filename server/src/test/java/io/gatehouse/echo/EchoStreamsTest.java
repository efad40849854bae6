package io.gatehouse.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoStreamsTest extends EchoFixture {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private <T> HttpResponse<T> get(String target, HttpResponse.BodyHandler<T> body) throws Exception {
        return http.send(HttpRequest.newBuilder(uri("http", target)).build(), body);
    }

    @Test
    void answersAfterTheTimeAskedFor() throws Exception {
        long begin = System.nanoTime();
        assertThat(get("/slow/0.15", BodyHandlers.ofString()).body()).isEqualTo("after 0.15 s\n");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(150_000_000);
        assertThat(get("/slow?seconds=0", BodyHandlers.ofString()).body()).isEqualTo("after 0 s\n");
    }

    @Test
    void dripsByteByByte() throws Exception {
        HttpResponse<String> answer = get("/slow/5?drip=10", BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("content-length")).contains("5");
        assertThat(answer.body()).isEqualTo(".....");
    }

    @Test
    void aRequestSentWhileAnotherWaitsIsAnsweredNext() throws IOException {
        try (RawClient client = client()) {
            client.send(EchoFixture.get("/slow/0.1") + EchoFixture.get("/status/201"));
            assertThat(client.answer()).endsWith("after 0.1 s\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 201 ");
        }
    }

    @Test
    void whoGoesAwayIsNotWaitedFor() throws IOException {
        try (RawClient client = client()) {
            client.send(EchoFixture.get("/slow/60"));
            client.socket.shutdownOutput();
            assertThat(client.toEnd()).isEmpty();
        }
    }

    @Test
    void eventsComeNumbered() throws Exception {
        HttpResponse<String> answer = get("/events?interval=5&count=3", BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(answer.headers().firstValue("x-accel-buffering")).contains("no");
        assertThat(answer.body().lines().filter(line -> line.startsWith("id")).toList())
                .isEqualTo(List.of("id: 1", "id: 2", "id: 3"));
        try (RawClient client = client()) {
            client.send("GET /events?count=1&interval=1 HTTP/1.0\r\nLast-Event-ID: 41\r\n\r\n");
            assertThat(client.toEnd()).contains("\r\n\r\nretry: 1000\n\nid: 42\ndata: {\"n\":42,");
        }
    }

    @Test
    void bytesWithALengthAndInChunks() throws Exception {
        HttpResponse<byte[]> answer = get("/bytes/3m", BodyHandlers.ofByteArray());
        assertThat(answer.body()).hasSize(3 << 20).startsWith("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(get("/chunked/100k", BodyHandlers.ofByteArray()).body()).hasSize(100 << 10);
        assertThat(exchange(last("/chunked/5?chunk=2"))).endsWith("\r\n\r\n2\r\nab\r\n2\r\nab\r\n1\r\na\r\n0\r\n\r\n");
    }

    @Test
    void anUploadIsMeasured() throws Exception {
        byte[] block = new byte[1 << 20];
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 20; i++) {
            digest.update(block);
        }
        HttpRequest chunked = HttpRequest.newBuilder(uri("http", "/upload"))
                .PUT(HttpRequest.BodyPublishers.ofByteArrays(Collections.nCopies(20, block)))
                .build();
        assertThat(http.send(chunked, BodyHandlers.ofString()).body())
                .contains("\"size\":" + (20 << 20) + ",")
                .contains("\"sha256\":\"" + HexFormat.of().formatHex(digest.digest()) + "\",\"seconds\":")
                .contains("\"parts\":[]");
        HttpRequest sized = HttpRequest.newBuilder(uri("http", "/upload"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> InputStream.nullInputStream()))
                .build();
        assertThat(http.send(sized, BodyHandlers.ofString()).body()).contains("\"size\":0,");
        assertThat(get("/upload", BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }
}
