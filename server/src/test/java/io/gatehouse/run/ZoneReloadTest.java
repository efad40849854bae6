package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a zone of {@code limit_req} knows over a reload. */
class ZoneReloadTest {
    @TempDir
    private Path folder;

    private ChildServer server;

    @BeforeEach
    void makeServer() {
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    private static String limited(String key, String size, String rate) {
        return """
            limit_req_zone %s zone=z:%s rate=%s;
            server {
                listen 127.0.0.1:PORT;
                limit_req zone=z;
                location / { try_files /f /nginx.conf =404; root .; }
            }
            """.formatted(key, size, rate);
    }

    private void reload(String http) {
        int before = server.log().split("exited with code 0", -1).length;
        server.http(http).signal("HUP").awaitLog("exited with code 0", before);
    }

    @Test
    void itGoesOnWithTheSameNameSizeAndKey() throws Exception {
        server.http(limited("$binary_remote_addr", "1m", "1r/m")).start();
        assertThat(server.get()).startsWith("HTTP/1.1 200");
        reload(limited("$binary_remote_addr", "1m", "2r/m"));
        assertThat(server.get()).startsWith("HTTP/1.1 503");
        reload(limited("$binary_remote_addr", "2m", "1r/m"));
        assertThat(server.get()).startsWith("HTTP/1.1 200");
    }

    @Test
    void anotherKeyIsRefusedAndTheOldConfigurationStays() throws Exception {
        server.http(limited("$binary_remote_addr", "1m", "1r/m")).start();
        assertThat(server.get()).startsWith("HTTP/1.1 200");
        server.http(limited("$remote_addr", "1m", "1000r/s")).signal("HUP").awaitLog("[emerg]");
        assertThat(server.log())
                .contains("limit_req \"z\" uses the \"$remote_addr\" key while previously it used the"
                        + " \"$binary_remote_addr\" key");
        assertThat(server.get()).startsWith("HTTP/1.1 503");
    }
}
