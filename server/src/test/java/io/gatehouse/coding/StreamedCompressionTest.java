package io.gatehouse.coding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that come over time, and clients that are slow or go away. */
class StreamedCompressionTest {
    private static final String OPTIONS = """
        %1$s on; %1$s_types text/plain text/event-stream;
        location / { proxy_pass http://127.0.0.1:%2$d; }
        location /unbuffered { proxy_buffering off; proxy_pass http://127.0.0.1:%2$d; }
        """;

    @TempDir
    Path folder;

    /** A stream of events, and one that is only handed on as it comes: each message is read before the next is written. */
    @ParameterizedTest
    @CsvSource({
        "gzip, gzip, /events, text/event-stream, ''",
        "brotli, br, /events, text/event-stream, ''",
        "zstd, zstd, /events, text/event-stream, ''",
        "gzip, gzip, /unbuffered, text/plain, ''",
        "brotli, br, /accel, text/plain, 'X-Accel-Buffering: no'",
        "gzip, gzip, /buffered, text/plain, ''",
        "brotli, br, /buffered, text/plain, ''",
        "zstd, zstd, /buffered, text/plain, ''",
    })
    void eachMessageArrivesBeforeTheNextIsSent(String directive, String coding, String path, String type, String field)
            throws Exception {
        SynchronousQueue<String> messages = new SynchronousQueue<>();
        try (ScriptedApplication application = new ScriptedApplication((head, out) -> {
                    ScriptedApplication.send(
                            out,
                            "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n"
                                    + (field.isEmpty() ? "" : field + "\r\n") + "Connection: close\r\n\r\n");
                    for (String message = messages.take(); !message.equals("end"); message = messages.take()) {
                        ScriptedApplication.send(out, message);
                    }
                });
                Site site = new Site(folder, "", OPTIONS.formatted(directive, application.port));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            socket.setSoTimeout(20_000);
            request(socket, path, coding);
            String head = head(socket);
            assertThat(head).contains("Content-Encoding: " + coding);
            InputStream body = null;
            for (int i = 0; i < 5; i++) {
                String message = "data: message " + i + " of a stream of events\n\n";
                messages.put(message);
                if (body == null) {
                    body = Decoded.stream(coding, new Chunked(socket.getInputStream()));
                }
                assertThat(new String(body.readNBytes(message.length()), ISO_8859_1))
                        .isEqualTo(message);
            }
            messages.put("end");
            assertThat(body.readAllBytes()).isEmpty();
        }
    }

    @Test
    void aLargeBodyOfAnApplicationArrivesWholeHoweverItIsCut() throws Exception {
        String text = Decoded.script(1_500_000, 5);
        try (ScriptedApplication application = new ScriptedApplication((head, out) -> {
                    ScriptedApplication.send(
                            out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
                    int at = 0;
                    for (int size = 1; at < text.length(); size = size % 50_000 * 3 + 1) {
                        int end = Math.min(text.length(), at + size);
                        ScriptedApplication.send(out, text.substring(at, end));
                        at = end;
                    }
                });
                Site site = new Site(
                        folder,
                        "",
                        OPTIONS.formatted("gzip", application.port)
                                + "brotli on; brotli_types text/plain; zstd on; zstd_types text/plain;")) {
            for (String coding : new String[] {"gzip", "br", "zstd"}) {
                for (String path : new String[] {"/", "/unbuffered"}) {
                    RawHttp.Answer answer = site.get(path, "Accept-Encoding: " + coding);
                    assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
                    assertThat(Decoded.whole(coding, answer.body())).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void aBodyThatBreaksOffIsNotEndedInOrder() throws Exception {
        try (ScriptedApplication application = new ScriptedApplication((head, out) -> ScriptedApplication.send(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
                                + Decoded.script(300_000, 6)));
                Site site = new Site(folder, "", OPTIONS.formatted("brotli", application.port));
                RawHttp http = new RawHttp(site.port)) {
            http.send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n");
            assertThat(http.receive(false).status()).isEqualTo(200);
            assertThat(http.read(1 << 20)).doesNotEndWith("0\r\n\r\n");
            site.awaitLine("error.log", "upstream prematurely closed connection");
        }
    }

    /** With a client that takes nothing the application must not be read without end, though there is no file to go to. */
    @Test
    void aSlowClientHoldsTheApplicationOrItsFile() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] noise = new byte[64 * 1024];
        new java.util.Random(7).nextBytes(noise);
        int rounds = 600;
        try (ScriptedApplication application = new ScriptedApplication((head, out) -> {
                    ScriptedApplication.send(
                            out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
                    for (int i = 0; i < rounds; i++) {
                        out.write(noise);
                        written.addAndGet(noise.length);
                    }
                });
                Site site = new Site(folder, "", OPTIONS.formatted("gzip", application.port));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            socket.setSoTimeout(20_000);
            request(socket, "/unbuffered", "gzip");
            head(socket);
            settles(written);
            // sockets' buffers on both sides, and what the configuration allows, are far less than the body
            assertThat(written.get()).isLessThan(rounds * (long) noise.length / 2);
            assertThat(CodingMemory.taken()).isPositive();
            try (InputStream body = Decoded.stream("gzip", new Chunked(socket.getInputStream()))) {
                body.skipNBytes(rounds * (long) noise.length);
                assertThat(body.read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "brotli, br", "zstd, zstd"})
    void aClientThatGoesAwayEndsIt(String directive, String coding) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        byte[] text = Decoded.script(1 << 20, 8).getBytes(ISO_8859_1);
        try (ScriptedApplication application = new ScriptedApplication((head, out) -> {
                    ScriptedApplication.send(
                            out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
                    while (true) {
                        out.write(text);
                        begun.countDown();
                    }
                });
                Site site = new Site(
                        folder, "", "access_log logs/a.log;" + OPTIONS.formatted(directive, application.port))) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
                request(socket, "/", coding);
                assertThat(head(socket)).contains("Content-Encoding: " + coding);
                assertThat(ScriptedApplication.await(begun)).isTrue();
                socket.setSoLinger(true, 0);
            }
            assertThat(ScriptedApplication.await(application.peerGone)).isTrue();
            site.awaitLine("a.log", " 499 ");
            awaitNothingTaken();
        }
    }

    @Test
    void aBombOfGzipIsUndoneNoFasterThanTheClientTakesIt() throws Exception {
        long size = 200_000_000;
        Path file = folder.resolve("html/bomb.gz");
        Files.createDirectories(file.getParent());
        try (OutputStream out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
            byte[] zeros = new byte[1 << 16];
            for (long written = 0; written < size; written += zeros.length) {
                out.write(zeros, 0, (int) Math.min(zeros.length, size - written));
            }
        }
        try (Site site = new Site(folder, "", "root html; gzip_static always; gunzip on;");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            socket.setSoTimeout(20_000);
            request(socket, "/bomb", "identity");
            assertThat(head(socket)).doesNotContain("Content-Encoding");
            // the loop serves others meanwhile, the client of the bomb reading nothing yet
            assertThat(site.get("/missing").status()).isEqualTo(404);
            try (InputStream body = new Chunked(socket.getInputStream())) {
                body.skipNBytes(size);
                assertThat(body.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void whatIsNoGzipBreaksOffAndIsTold() throws Exception {
        Files.createDirectories(folder.resolve("html"));
        Files.writeString(folder.resolve("html/x.gz"), "this is no gzip");
        try (Site site = new Site(folder, "", "root html; gzip_static always; gunzip on;");
                RawHttp http = new RawHttp(site.port)) {
            http.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(http.read(1 << 20)).doesNotEndWith("0\r\n\r\n");
            site.awaitLine("error.log", "inflate() failed: 0, -3 (incorrect header check)");
        }
    }

    // ---------------------------------------------------------------- what the tests have in common

    private static void request(Socket socket, String path, String coding) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + coding + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("within %s", head).isNotNegative();
            head.append((char) octet);
        }
        return head.toString();
    }

    /** Until it has not grown for a while. */
    private static void settles(AtomicLong number) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long before = -1;
        while (number.get() == 0 || number.get() != before) {
            before = number.get();
            boolean _ = never.await(300, TimeUnit.MILLISECONDS);
        }
    }

    private static void awaitNothingTaken() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 2000 && CodingMemory.taken() != 0; i++) {
            boolean _ = never.await(5, TimeUnit.MILLISECONDS);
        }
        assertThat(CodingMemory.taken()).isZero();
    }

    /** The bytes of a chunked body, as they come. */
    private static final class Chunked extends InputStream {
        private final InputStream in;
        private int left;
        private boolean over;

        Chunked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (over) {
                return -1;
            }
            if (left == 0) {
                left = Integer.parseInt(line(), 16);
                if (left == 0) {
                    over = true;
                    return -1;
                }
            }
            int count = in.read(into, offset, Math.min(length, left));
            if (count < 0) {
                throw new IOException("cut within a chunk");
            }
            left -= count;
            if (left == 0) {
                line();
            }
            return count;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new IOException("cut before a chunk");
                }
                line.append((char) octet);
            }
            return line.toString().strip();
        }
    }
}
