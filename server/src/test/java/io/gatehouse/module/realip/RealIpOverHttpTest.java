package io.gatehouse.module.realip;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealIpOverHttpTest {
    private static final String SERVER = """
        set_real_ip_from 127.0.0.0/8;
        set_real_ip_from 10.0.0.0/8;
        add_header X-Client "$remote_addr $remote_port $realip_remote_addr" always;
        location / { try_files /f =404; }
        location /own { real_ip_header X-Own; try_files /f =404; }
        location /last { real_ip_header X-Forwarded-For; try_files /f =404; }
        location /far { real_ip_header X-Forwarded-For; real_ip_recursive on; try_files /f =404; }
        location /untrusted { set_real_ip_from 192.0.2.0/24; real_ip_header X-Own; try_files /f =404; }
        location /named { set_real_ip_from localhost; real_ip_header X-Own; try_files /f =404; }
        location /denied { deny 192.0.2.1; real_ip_header X-Own; error_page 403 /f; }
        location = /f {}
        """;

    @TempDir
    Path folder;

    private Site site() throws Exception {
        Site site = new Site(folder, "", SERVER);
        site.file("f", "x");
        return site;
    }

    private static String client(RawHttp.Answer answer) {
        return String.valueOf(answer.field("X-Client"));
    }

    @Test
    void aTrustedProxySaysWhoItsClientIs() throws Exception {
        try (Site site = site()) {
            assertThat(client(site.get("/"))).matches("127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1");
            assertThat(client(site.get("/", "X-Real-IP: 192.0.2.1"))).isEqualTo("192.0.2.1  127.0.0.1");
            assertThat(client(site.get("/", "X-Real-IP: 192.0.2.1:77"))).isEqualTo("192.0.2.1 77 127.0.0.1");
            assertThat(client(site.get("/", "X-Real-IP: [2001:DB8:0::1]:77"))).isEqualTo("2001:db8::1 77 127.0.0.1");
            assertThat(client(site.get("/", "X-Real-IP: somebody"))).startsWith("127.0.0.1 ");
            assertThat(client(site.get("/own", "X-Own: 192.0.2.1"))).startsWith("192.0.2.1 ");
            assertThat(client(site.get("/untrusted", "X-Own: 192.0.2.1"))).startsWith("127.0.0.1 ");
            assertThat(client(site.get("/named", "X-Own: 192.0.2.1"))).startsWith("192.0.2.1 ");
        }
    }

    @Test
    void theListIsGoneBackThroughAsFarAsIsTrusted() throws Exception {
        try (Site site = site()) {
            assertThat(client(site.get("/last", "X-Forwarded-For: 192.0.2.1, 10.0.1.1")))
                    .startsWith("10.0.1.1 ");
            assertThat(client(site.get("/far", "X-Forwarded-For: 203.0.113.1, 192.0.2.1, 10.0.1.1")))
                    .startsWith("192.0.2.1 ");
            assertThat(client(site.get("/far", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 10.0.1.1, 10.0.1.2")))
                    .startsWith("192.0.2.1 ");
            assertThat(client(site.get("/far", "X-Forwarded-For: unknown, 10.0.1.1")))
                    .startsWith("10.0.1.1 ");
        }
    }

    @Test
    void eachRequestOfAConnectionBeginsAnew() throws Exception {
        try (Site site = site();
                RawHttp client = new RawHttp(site.port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Real-IP: 192.0.2.1\r\n\r\n");
            assertThat(client(client.receive(true))).startsWith("192.0.2.1 ");
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client(client.receive(true))).startsWith("127.0.0.1 ");
        }
    }

    @Test
    void accessAndLogsGoByTheClientAndARedirectKeepsIt() throws Exception {
        try (Site site = site()) {
            RawHttp.Answer denied = site.get("/denied", "X-Own: 192.0.2.1");
            assertThat(denied.status()).isEqualTo(403);
            assertThat(client(denied)).isEqualTo("192.0.2.1  127.0.0.1");
            assertThat(site.stop()).contains("access forbidden by rule, client: 192.0.2.1, server: ");
        }
    }
}
