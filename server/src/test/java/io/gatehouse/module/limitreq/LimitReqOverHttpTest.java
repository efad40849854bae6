package io.gatehouse.module.limitreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitReqOverHttpTest {
    @TempDir
    Path folder;

    private static List<Integer> statuses(Site site, String target, int count) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(site.get(target).status());
        }
        return statuses;
    }

    @Test
    void theGuidesLimitLetsElevenThroughAtOnce() throws Exception {
        String zone = "limit_req_zone $binary_remote_addr zone=auth:10m rate=30r/m;";
        String server = "location /api/auth { limit_req zone=auth burst=10 nodelay; return 200 x; }"
                + "location / { return 200 free; }";
        try (Site site = new Site(folder, zone, server.replace("return 200 x;", "root html; try_files /f =404;"))) {
            site.file("f", "x");
            long begin = System.nanoTime();
            List<Integer> statuses = statuses(site, "/api/auth/login", 13);
            // One more for each two seconds that a busy machine needs for them.
            int more = (int) (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) / 2);
            assertThat(statuses.subList(0, 11)).containsOnly(200);
            assertThat(statuses.subList(11 + Math.min(more, 1), 13)).containsOnly(503);
            assertThat(site.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsAheadOfTheRateWaitsUnlessDelaySaysOtherwise() throws Exception {
        String zones = "limit_req_zone $arg_k zone=a:1m rate=1r/s;";
        String server = """
            add_header X-Status $limit_req_status always;
            location /wait { limit_req zone=a burst=5; try_files /f =404; }
            location /delay { limit_req zone=a burst=5 delay=2; try_files /f =404; }
            """;
        try (Site site = new Site(folder, zones, server)) {
            site.file("f", "x");
            site.get("/f");
            long begin = System.nanoTime();
            assertThat(site.get("/wait?k=w").field("X-Status")).isEqualTo("PASSED");
            RawHttp.Answer second = site.get("/wait?k=w");
            assertThat(System.nanoTime() - begin).isGreaterThan(990_000_000);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.field("X-Status")).isEqualTo("DELAYED");
            assertThat(site.get("/delay?k=d").field("X-Status")).isEqualTo("PASSED");
            assertThat(site.get("/delay?k=d").field("X-Status")).isEqualTo("PASSED");
            String log = site.stop();
            // Exactly 1 where both come within one millisecond, which a quick machine does.
            assertThat(log)
                    .containsPattern(
                            "\\[warn\\] .*delaying request, excess: (0\\.\\d{3}|1\\.000), by zone \"a\", client:"
                                    + " 127\\.0\\.0\\.1, server: , request: \"GET /wait\\?k=w HTTP/1\\.1\", host:"
                                    + " \"localhost\"");
        }
    }

    @Test
    void aRequestMustPassAllLimitsAndIsCountedByNoneIfOneRefuses() throws Exception {
        String zones = """
            limit_req_zone $arg_a zone=wide:1m rate=1r/m;
            limit_req_zone $arg_b zone=narrow:1m rate=1r/m;
            """;
        String server = """
            limit_req_status 429;
            limit_req_log_level info;
            limit_req zone=wide burst=1 nodelay;
            limit_req zone=narrow;
            location / { try_files /f =404; }
            """;
        try (Site site = new Site(folder, zones, server)) {
            site.file("f", "x");
            assertThat(statuses(site, "/?a=1&b=1", 3)).isEqualTo(List.of(200, 429, 429));
            assertThat(statuses(site, "/?a=1&b=2", 1)).isEqualTo(List.of(200));
            assertThat(statuses(site, "/?a=1&b=3", 1)).isEqualTo(List.of(429));
            assertThat(statuses(site, "/", 3)).isEqualTo(List.of(200, 200, 200));
            String log = site.stop();
            assertThat(log)
                    .containsPattern(
                            "\\[info\\] .*limiting requests, excess: (1\\.000|0\\.9\\d\\d) by zone \"narrow\", client")
                    .containsPattern(
                            "\\[info\\] .*limiting requests, excess: (2\\.000|1\\.9\\d\\d) by zone \"wide\", client");
        }
    }

    @Test
    void aDryRunOnlyTells() throws Exception {
        String zones = "limit_req_zone $arg_k zone=a:1m rate=1r/m;";
        String server = """
            limit_req_dry_run on;
            limit_req zone=a burst=1;
            add_header X-Status $limit_req_status always;
            location / { try_files /f =404; }
            """;
        try (Site site = new Site(folder, zones, server)) {
            site.file("f", "x");
            assertThat(site.get("/?k=1").field("X-Status")).isEqualTo("PASSED");
            assertThat(site.get("/?k=1").field("X-Status")).isEqualTo("DELAYED_DRY_RUN");
            RawHttp.Answer third = site.get("/?k=1");
            assertThat(third.status()).isEqualTo(200);
            assertThat(third.field("X-Status")).isEqualTo("REJECTED_DRY_RUN");
            assertThat(site.get("/").field("X-Status")).isNull();
            assertThat(site.stop())
                    .contains("delaying request, dry run, excess: ")
                    .contains("limiting requests, dry run, excess: ");
        }
    }

    @Test
    void aRequestIsAskedOnceWhateverRedirectsFollow() throws Exception {
        String zones = "limit_req_zone $binary_remote_addr zone=a:1m rate=1r/m;";
        String server = """
            limit_req zone=a;
            error_page 404 /f;
            location / { try_files /g @other; }
            location @other { try_files /g =404; }
            location = /f {}
            """;
        try (Site site = new Site(folder, zones, server)) {
            site.file("f", "page");
            assertThat(site.get("/").body()).isEqualTo("page");
            assertThat(site.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsLoggedAs499() throws Exception {
        String http = """
            limit_req_zone $arg_k zone=a:1m rate=1r/m;
            log_format status "$status $limit_req_status";
            """;
        String server =
                "access_log logs/access.log status; limit_req zone=a burst=5; location / { try_files /f =404; }";
        try (Site site = new Site(folder, http, server)) {
            site.file("f", "x");
            site.get("/?k=1");
            try (RawHttp client = new RawHttp(site.port)) {
                client.send("GET /?k=1 HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            site.awaitLine("access.log", "499 DELAYED");
        }
    }
}
