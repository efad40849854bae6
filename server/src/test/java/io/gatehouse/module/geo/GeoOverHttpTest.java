package io.gatehouse.module.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeoOverHttpTest {
    @TempDir
    Path folder;

    @Test
    void theSmallestNetworkCounts() throws Exception {
        String geo = """
            geo $arg_ip $where {
                default       other;
                10.0.0.0/8    ten;
                10.1.0.0/16   inner;
                10.1.2.3      one;
                10.1.0.0/24   gone;
                delete        10.1.0.0/24;
                255.255.255.255 nobody;
                2001:db8::/32 documents;
                2001:db8:1::/48 chapter;
            }
            """;
        try (Site site = new Site(folder, geo, "location / { return 200 $where; }")) {
            assertThat(site.get("/?ip=10.0.0.1").body()).isEqualTo("ten");
            assertThat(site.get("/?ip=10.1.0.1").body()).isEqualTo("inner");
            assertThat(site.get("/?ip=10.1.2.3").body()).isEqualTo("one");
            assertThat(site.get("/?ip=10.1.2.4").body()).isEqualTo("inner");
            assertThat(site.get("/?ip=10.2.0.0").body()).isEqualTo("ten");
            assertThat(site.get("/?ip=11.0.0.0").body()).isEqualTo("other");
            assertThat(site.get("/?ip=::ffff:10.1.2.3").body()).isEqualTo("one");
            assertThat(site.get("/?ip=2001:db8::1").body()).isEqualTo("documents");
            assertThat(site.get("/?ip=2001:db8:1::1").body()).isEqualTo("chapter");
            assertThat(site.get("/?ip=2001:db8:2::1").body()).isEqualTo("documents");
            assertThat(site.get("/?ip=2001:db9::").body()).isEqualTo("other");
            assertThat(site.get("/?ip=rubbish").body()).isEqualTo("nobody");
            assertThat(site.get("/").body()).isEqualTo("nobody");
        }
    }

    @Test
    void rangesMayLieInOneAnother() throws Exception {
        String geo = """
            geo $arg_ip $where {
                ranges;
                default other;
                10.0.0.0-10.3.255.255 ten;
                10.1.0.10-10.1.0.20   inner;
                10.1.0.15-10.1.0.15   one;
            }
            """;
        try (Site site = new Site(folder, geo, "location / { return 200 $where; }")) {
            assertThat(site.get("/?ip=9.255.255.255").body()).isEqualTo("other");
            assertThat(site.get("/?ip=10.0.0.0").body()).isEqualTo("ten");
            assertThat(site.get("/?ip=10.1.0.9").body()).isEqualTo("ten");
            assertThat(site.get("/?ip=10.1.0.10").body()).isEqualTo("inner");
            assertThat(site.get("/?ip=10.1.0.15").body()).isEqualTo("one");
            assertThat(site.get("/?ip=10.1.0.16").body()).isEqualTo("inner");
            assertThat(site.get("/?ip=10.1.0.21").body()).isEqualTo("ten");
            assertThat(site.get("/?ip=10.4.0.0").body()).isEqualTo("other");
            assertThat(site.get("/?ip=2001:db8::1").body()).isEqualTo("other");
        }
    }

    @Test
    void aTrustedProxyTellsWhoIsBehindIt() throws Exception {
        String geo = """
            geo $near { proxy 127.0.0.1; 192.0.2.0/24 documents; 127.0.0.0/8 here; }
            geo $far { proxy 127.0.0.1; proxy 192.0.2.1; proxy_recursive; 192.0.2.0/24 documents; 203.0.113.0/24 far; }
            """;
        try (Site site = new Site(folder, geo, "location / { return 200 $near,$far; }")) {
            assertThat(site.get("/").body()).isEqualTo("here,");
            assertThat(site.get("/", "X-Forwarded-For: 203.0.113.1, 192.0.2.1").body())
                    .isEqualTo("documents,far");
            assertThat(site.get("/", "X-Forwarded-For: 203.0.113.1", "X-Forwarded-For: 192.0.2.1")
                            .body())
                    .isEqualTo("documents,far");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'10.0.0.0/33 x;', 'invalid network \"10.0.0.0/33\"'",
        "'foo x;', 'invalid network \"foo\"'",
        "'foo;', 'invalid number of the geo parameters'",
        "'1.2.3.4 x; ranges;', 'the \"ranges\" directive must be the first directive inside \"geo\" block'",
        "'ranges; 1.2.3.4 x;', 'invalid range \"1.2.3.4\"'",
        "'ranges; 1.0.0.0-1.0.0.9 x; 1.0.0.5-1.0.0.12 y;', 'range \"1.0.0.5-1.0.0.12\" overlaps \"1.0.0.0-1.0.0.9\"'",
    })
    void mistakesAreNamed(String block, String message) {
        assertThatThrownBy(() -> new Site(folder, "geo $where { " + block + " }", "").close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
