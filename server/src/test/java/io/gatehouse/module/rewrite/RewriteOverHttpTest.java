package io.gatehouse.module.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp.Answer;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nginx does where rewrites meet locations, captures and files. */
class RewriteOverHttpTest {
    @TempDir
    Path folder;

    @Test
    void whatDoesNotMatchLeavesNoGroups() throws Exception {
        String server = """
            location ~ ^/if/(.*)$ { if ($arg_a ~ "(x)") { set $v 1; } return 200 "[$1]"; }
            location ~ ^/not/(.*)$ { if ($arg_a !~ "(x)") { set $v 1; } return 200 "[$1]"; }
            location ~ ^/rewrite/(.*)$ { rewrite ^/none/(.*) /x; return 200 "[$1]"; }
            location ~ ^/map/(.*)$ { return 200 "$m[$1]"; }
            location ~ ^/named/(?<name>.*)$ { if ($arg_a ~ "(?<other>x)") { set $v 1; } return 200 "[$name]"; }
            """;
        try (Site site = new Site(folder, "map $arg_a $m { default no; ~(x)y yes; }", server)) {
            assertThat(site.get("/if/b").body()).isEqualTo("[]");
            assertThat(site.get("/if/b?a=x").body()).isEqualTo("[x]");
            assertThat(site.get("/not/b").body()).isEqualTo("[]");
            assertThat(site.get("/rewrite/b").body()).isEqualTo("[]");
            assertThat(site.get("/map/b").body()).isEqualTo("no[b]");
            assertThat(site.get("/named/b").body()).isEqualTo("[b]");
        }
    }

    /** There is no prefix any more that the alias could take the place of. */
    @Test
    void anAliasIsOfNoUseBehindABreak() throws Exception {
        String server = """
            location /file/ { alias html/a/; rewrite ^ /secret/x break; }
            location /folder/ { alias html/a/; rewrite ^ /secret/ break; }
            location /list/ { alias html/a/; index none; autoindex on; rewrite ^ /secret/ break; }
            location /try/ { alias html/a/; rewrite ^ /secret/x break; try_files $uri =404; }
            location /static/ { alias html/a/; gzip_static always; rewrite ^ /secret/x break; }
            location /last/ { rewrite ^/last(.*) /file2$1 last; }
            location /file2/ { alias html/a/; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("a/x", "x");
            site.file("a/t/x", "x");
            for (String place : new String[] {"file", "folder", "list", "try", "static"}) {
                assertThat(site.get("/" + place + "/x").status()).as(place).isEqualTo(500);
            }
            assertThat(site.get("/last/x").body()).isEqualTo("x");
            assertThat(site.stop())
                    .contains(
                            "[alert] ",
                            "\"alias\" cannot be used in location \"/file/\" where URI was rewritten, client:");
        }
    }

    /** Ten changes of the URI are allowed; that of the server, before a location is looked for, is none of them. */
    @Test
    void aRewriteOfTheServerIsNotCountedAmongTheChanges() throws Exception {
        String server = """
            rewrite ^/(\\d)$ /start/$1 last;
            location ~ ^/start/(\\d)$ { rewrite ^/start/(.*)$ /a/$1/ last; }
            location /a/9/ { return 200 "$uri"; }
            location /a/ { rewrite ^/a/(\\d)/(.*)$ /a/$1/x$2 last; }
            location /a/1/xxxxxxxx { return 200 "$uri"; }
            location /a/2/xxxxxxxxx { return 200 "$uri"; }
            location /a/3/xxxxxxxxxx { return 200 "$uri"; }
            """;
        try (Site site = new Site(folder, "", server)) {
            assertThat(site.get("/9").body()).isEqualTo("/a/9/");
            assertThat(site.get("/1").body()).isEqualTo("/a/1/xxxxxxxx");
            assertThat(site.get("/2").body()).isEqualTo("/a/2/xxxxxxxxx");
            assertThat(site.get("/3").status()).isEqualTo(500);
        }
    }

    /** nginx: the if that holds last takes the place of the one before, but its handler does not. */
    @Test
    void whatAnIfPassesOnIsNotServedFromFilesByAnother() throws Exception {
        String server = """
            location /two/ { if ($arg_a) { proxy_pass http://127.0.0.1:PORT; } if ($arg_b) { set $v 1; } }
            location /same/x {
                proxy_pass http://127.0.0.1:PORT/f;
                if ($arg_a) { proxy_pass http://127.0.0.1:PORT; }
                if ($arg_b) { set $v 1; }
            }
            location /gone/ { if ($arg_a) { proxy_pass http://127.0.0.1:PORT; } if ($arg_b) { rewrite ^ /f last; } }
            location = /f { return 200 f; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("two/x", "file");
            assertThat(site.get("/two/x").body()).isEqualTo("file");
            assertThat(site.get("/two/x?b=1").body()).isEqualTo("file");
            assertThat(site.get("/two/x?a=1&b=1").status()).isEqualTo(500);
            assertThat(site.get("/gone/x?a=1&b=1").body()).isEqualTo("f");
            assertThat(site.get("/same/x?a=1&b=1").body()).isEqualTo("f");
            assertThat(site.stop()).contains("[alert] ", "no upstream configuration, client:");
        }
    }

    @Test
    void noNameIsNoFile() throws Exception {
        String server = """
            if (-d $arg_none) { return 200 folder; }
            if (-e $arg_none) { return 200 there; }
            if (!-e $arg_none) { return 200 none; }
            """;
        try (Site site = new Site(folder, "", server)) {
            assertThat(site.get("/").body()).isEqualTo("none");
        }
    }

    @Test
    void aTextIsSentWithAnyStatus() throws Exception {
        try (Site site = new Site(folder, "", "location / { return 444 text; }")) {
            Answer answer = site.get("/");
            assertThat(answer.status()).isEqualTo(444);
            assertThat(answer.body()).isEqualTo("text");
        }
    }
}
