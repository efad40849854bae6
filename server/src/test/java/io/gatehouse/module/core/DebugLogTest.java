package io.gatehouse.module.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RunningServer;
import io.gatehouse.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code error_log ... debug} and {@code debug_connection}: the way of a request, line by line. */
@Timeout(60)
class DebugLogTest {
    private static final String CONFIGURATION = """
        worker_processes 1;
        error_log logs/error.log error;
        events { %s }
        http {
            access_log off;
            server { listen 127.0.0.1:%d; location / { return 204; } }
        }
        """;

    @TempDir
    private Path folder;

    @Test
    void theWayOfARequestIsTold() throws Exception {
        try (Site site = new Site(folder, "", """
            error_log logs/debug.log debug;
            error_log logs/info.log info;
            location = /from { return 200 answer; }
            location /to/ { proxy_pass http://127.0.0.1:PORT/from; error_page 404 @else; }
            location /lost { error_page 404 = @else; return 404; }
            location @else { return 200 else; }
            """)) {
            assertThat(site.get("/to/?a=b", "X-Mine: secret").body()).isEqualTo("answer");
            String log = site.awaitLine("debug.log", "http response: 200 \"/to/?a=b\"")
                    .replaceAll(": \\*\\d+ ", ": ");
            assertThat(log)
                    .contains("[debug] ")
                    .contains(": http request line: \"GET /to/?a=b HTTP/1.1\"\n")
                    .contains(": http uri: \"/to/\"\n", ": http args: \"a=b\"\n")
                    .contains(": http header: \"X-Mine: secret\"\n")
                    .contains(": using configuration \"/to/\"\n")
                    .contains(": connect to 127.0.0.1:" + site.port + "\n")
                    .contains(" using configuration \"=/from\"\n")
                    .contains(": http proxy status 200\n", ": http proxy header: \"Content-Length: 6\"\n")
                    .contains(": http response: 200 \"/to/?a=b\"\n");

            assertThat(site.get("/lost").body()).isEqualTo("else");
            assertThat(site.awaitLine("debug.log", "using location"))
                    .contains("http special response: 404, \"/lost?\"\n", "using location: @else \"/lost?\"\n");
            assertThat(folder.resolve("logs/info.log")).content().doesNotContain("[debug]");
        }
    }

    @Test
    void theClientsThatAreNamedAreToldOfWhateverTheLevel() throws Exception {
        assertThat(logWith("debug_connection 192.0.2.1; debug_connection 127.0.0.0/8;"))
                .contains("[debug]", "http request line: \"GET / HTTP/1.1\"\n");
        assertThat(logWith("debug_connection 192.0.2.1; debug_connection unix:;"))
                .isEmpty();
    }

    @Test
    void whatIsNoAddressIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("logs"));
        Path configuration = Files.writeString(
                folder.resolve("nginx.conf"), CONFIGURATION.formatted("debug_connection no.such.invalid;", 1));
        assertThatThrownBy(() -> new RunningServer(folder, configuration))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("host not found in debug_connection \"no.such.invalid\"");
    }

    private String logWith(String events) throws Exception {
        Path log = Files.createDirectories(folder.resolve("logs")).resolve("error.log");
        Files.deleteIfExists(log);
        int port = Site.freePort();
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(events, port));
        try (RunningServer server = new RunningServer(folder, configuration)) {
            assertThat(RawHttp.get(port, "/").status()).isEqualTo(204);
        }
        return Files.readString(log).lines().filter(l -> l.contains("[debug]")).reduce("", (a, b) -> a + b + "\n");
    }
}
