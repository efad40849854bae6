package io.gatehouse.module.limitconn;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitConnOverHttpTest {
    private static final String SLOW = "limit_rate 250; return 200 " + "x".repeat(4_000) + ";";

    @TempDir
    Path folder;

    /** A request that is being answered until it is closed. */
    private static RawHttp busy(Site site, String target) throws Exception {
        RawHttp client = new RawHttp(site.port);
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.receive(false).status()).isEqualTo(200);
        return client;
    }

    @Test
    void oneMoreThanAllowedIsRefusedUntilTheFirstHasEnded() throws Exception {
        String http = "limit_conn_zone $arg_k zone=a:1m; limit_conn_zone $arg_all zone=b:1m;"
                + "log_format status \"$uri $status $limit_conn_status\";";
        String server = """
            access_log logs/access.log status;
            limit_conn_status 429;
            limit_conn a 1;
            limit_conn b 2;
            location /f { add_header X-Status $limit_conn_status always; }
            location /slow { proxy_pass http://127.0.0.1:PORT/stuck; proxy_buffering off; }
            location /stuck { limit_conn a 9; %s }
            """.formatted(SLOW);
        try (Site site = new Site(folder, http, server)) {
            site.file("f", "x");
            try (RawHttp _ = busy(site, "/slow?k=1&all=1")) {
                assertThat(site.get("/f?k=1").status()).isEqualTo(429);
                assertThat(site.get("/f?k=1").field("X-Status")).isEqualTo("REJECTED");
                assertThat(site.get("/f?k=2&all=1").field("X-Status")).isEqualTo("PASSED");
                assertThat(site.get("/f").field("X-Status")).isNull();
                try (RawHttp _ = busy(site, "/slow?k=2&all=1")) {
                    // refused by the second, and not counted by the first
                    assertThat(site.get("/f?k=3&all=1").status()).isEqualTo(429);
                    assertThat(site.get("/f?k=3").status()).isEqualTo(200);
                }
            }
            site.awaitLine("access.log", "/slow 499 PASSED");
            assertThat(site.get("/f?k=1").status()).isEqualTo(200);
            assertThat(site.stop()).containsPattern("\\[error\\] .*limiting connections by zone \"a\", client: ");
        }
    }

    @Test
    void aDryRunOnlyTells() throws Exception {
        String http = "limit_conn_zone $binary_remote_addr zone=a:1m;";
        String server = """
            limit_conn_dry_run on;
            limit_conn_log_level notice;
            limit_conn a 1;
            location /f { add_header X-Status $limit_conn_status always; }
            location /slow { proxy_pass http://127.0.0.1:PORT/stuck; proxy_buffering off; }
            location /stuck { %s }
            """.formatted(SLOW);
        try (Site site = new Site(folder, http, server)) {
            site.file("f", "x");
            try (RawHttp _ = busy(site, "/slow")) {
                RawHttp.Answer answer = site.get("/f");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("X-Status")).isEqualTo("REJECTED_DRY_RUN");
            }
            assertThat(site.stop())
                    .containsPattern("\\[notice\\] .*limiting connections, dry run, by zone \"a\", client");
        }
    }
}
