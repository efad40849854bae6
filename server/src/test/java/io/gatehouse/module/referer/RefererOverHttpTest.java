package io.gatehouse.module.referer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefererOverHttpTest {
    @TempDir
    Path folder;

    @Test
    void whoMayLinkHereIsKnown() throws Exception {
        try (Site site = new Site(folder, "", """
            server_name own.example *.sub.example;
            location /none { valid_referers none a.example; return 200 "[$invalid_referer]"; }
            location /blocked { valid_referers blocked a.example; return 200 "[$invalid_referer]"; }
            location /names { valid_referers server_names; return 200 "[$invalid_referer]"; }
            location /many {
                valid_referers .dot.example *.wild.example tail.* path.example/in/ ~re.ex;
                return 200 "[$invalid_referer]";
            }
            location /open { return 200 "[$invalid_referer]"; }
            """)) {
            assertThat(site.get("/none").body()).isEqualTo("[]");
            assertThat(site.get("/blocked").body()).isEqualTo("[1]");
            assertThat(site.get("/open").body()).isEqualTo("[]");
            assertThat(ask(site, "/blocked", "XXXXX")).isEqualTo("[]");
            assertThat(ask(site, "/none", "XXXXX")).isEqualTo("[1]");
            assertThat(ask(site, "/none", "http://A.example:81/x")).isEqualTo("[]");
            assertThat(ask(site, "/none", "https://a.example")).isEqualTo("[]");
            assertThat(ask(site, "/none", "http://b.example/")).isEqualTo("[1]");
            assertThat(ask(site, "/names", "http://own.example/")).isEqualTo("[]");
            assertThat(ask(site, "/names", "http://x.sub.example/")).isEqualTo("[]");
            assertThat(ask(site, "/names", "http://sub.example/")).isEqualTo("[1]");
            assertThat(ask(site, "/many", "http://dot.example/")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://x.dot.example/")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://wild.example/")).isEqualTo("[1]");
            assertThat(ask(site, "/many", "http://x.y.wild.example/")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://tail.anything/")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://path.example/in/x")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://path.example/out")).isEqualTo("[1]");
            assertThat(ask(site, "/many", "http://some.RE.EXample/")).isEqualTo("[]");
            assertThat(ask(site, "/many", "http://" + "x".repeat(300) + "/")).isEqualTo("[1]");
        }
    }

    private static String ask(Site site, String target, String referer) throws IOException {
        return site.get(target, "Referer: " + referer).body();
    }
}
