package io.gatehouse.module.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessOverHttpTest {
    @TempDir
    Path folder;

    @Test
    void theFirstRuleThatMatchesDecides() throws Exception {
        String server = """
            location /a { allow 127.0.0.1; deny all; try_files /f =404; }
            location /b { deny 127.0.0.0/8; allow all; try_files /f =404; }
            location /c { deny 10.0.0.0/8; deny 2001:db8::/32; deny unix:; try_files /f =404; }
            location /d { deny all; allow 127.0.0.1; try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            assertThat(site.get("/a").status()).isEqualTo(200);
            assertThat(site.get("/b").status()).isEqualTo(403);
            assertThat(site.get("/c").status()).isEqualTo(200);
            assertThat(site.get("/d").status()).isEqualTo(403);
            assertThat(site.stop())
                    .containsPattern(
                            "\\[error\\] .*: \\*\\d+ access forbidden by rule, client: 127\\.0\\.0\\.1, server: ,"
                                    + " request: \"GET /b HTTP/1\\.1\"");
        }
    }

    @Test
    void aLevelWithRulesDoesNotSeeThoseAroundIt() throws Exception {
        String server = """
            deny all;
            location /inherits { try_files /f =404; }
            location /own { allow 127.0.0.1; try_files /f =404; }
            location /methods { allow all; limit_except GET { deny all; } try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            assertThat(site.get("/inherits").status()).isEqualTo(403);
            assertThat(site.get("/own").status()).isEqualTo(200);
            assertThat(site.get("/methods").status()).isEqualTo(200);
            assertThat(io.gatehouse.testing.RawHttp.ask(site.port, "DELETE", "/methods")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void anErrorPageIsNotAskedForByTheClient() throws Exception {
        String server = """
            error_page 403 /f;
            location / { deny all; }
            location = /f {}
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "page");
            assertThat(site.get("/").body()).isEqualTo("page");
            assertThat(site.get("/").status()).isEqualTo(403);
        }
    }
}
