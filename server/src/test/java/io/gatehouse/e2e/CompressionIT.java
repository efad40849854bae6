package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.RawHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder that the build made compresses with its own copies of the native libraries: as the user that root has become, and when
 * a reload is the first to ask for one, which then is loaded by the thread that may start nothing.
 */
class CompressionIT {
    private static final String TEXT = Decoded.script(300_000, 31);

    @TempDir
    Path folder;

    @Test
    void brotliFromTheStartAndZstdFromAReload() throws Exception {
        Path html = Files.createDirectories(folder.resolve("html"));
        Files.writeString(html.resolve("a.html"), TEXT);
        String configuration = """
            worker_processes 1;
            events {}
            http {
                access_log off;
                types { text/html html; }
                server { listen 127.0.0.1:PORT; root html; gzip on; brotli on; }
            }
            """;
        try (Launched server = Launched.serving(folder, configuration)) {
            compressed(server, "gzip");
            compressed(server, "br");
            assertThat(get(server, "zstd").field("Content-Encoding")).isNull();
            server.reload("brotli on;", "brotli on; zstd on;");
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < 500 && get(server, "zstd").field("Content-Encoding") == null; i++) {
                boolean _ = never.await(20, TimeUnit.MILLISECONDS);
            }
            compressed(server, "zstd");
            compressed(server, "br");
            assertThat(server.said("stderr")).doesNotContain("[emerg]").doesNotContain("[alert]");
        }
    }

    private static RawHttp.Answer get(Launched server, String coding) throws Exception {
        return RawHttp.get(server.port, "/a.html", "Accept-Encoding: " + coding);
    }

    private static void compressed(Launched server, String coding) throws Exception {
        RawHttp.Answer answer = get(server, coding);
        assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
        assertThat(Decoded.whole(coding, answer.body())).isEqualTo(TEXT);
    }
}
