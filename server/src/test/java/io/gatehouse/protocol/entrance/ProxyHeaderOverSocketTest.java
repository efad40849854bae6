package io.gatehouse.protocol.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyHeaderOverSocketTest {
    private static final String LINE = "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\n";
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SERVER = """
        listen unix:SOCKET proxy_protocol;
        set_real_ip_from 127.0.0.1;
        access_log logs/access.log ends;
        add_header X-Ends "$proxy_protocol_addr:$proxy_protocol_port $proxy_protocol_server_addr:$proxy_protocol_server_port";
        add_header X-Alpn $proxy_protocol_tlv_alpn;
        add_header X-Client "$remote_addr:$remote_port";
        add_header X-Realip $realip_remote_addr;
        location / { try_files /f =404; }
        location /real { real_ip_header proxy_protocol; deny 203.0.113.0/24; try_files /f =404; }
        """;

    @TempDir
    Path folder;

    private Site site() throws Exception {
        Site site = new Site(
                folder,
                "log_format ends \"$remote_addr $proxy_protocol_addr $status\";",
                SERVER.replace("SOCKET", folder + "/s"),
                "proxy_protocol");
        site.file("f", "x");
        return site;
    }

    private static RawHttp.Answer ask(Site site, String... pieces) throws Exception {
        try (RawHttp client = new RawHttp(site.port)) {
            for (String piece : pieces) {
                client.send(piece);
            }
            return client.receive(true);
        }
    }

    @Test
    void theHeaderComesBeforeTheRequestAndHoldsForTheWholeConnection() throws Exception {
        try (Site site = site();
                RawHttp client = new RawHttp(site.port)) {
            client.send(LINE + REQUEST);
            RawHttp.Answer first = client.receive(true);
            assertThat(first.field("X-Ends")).isEqualTo("192.0.2.1:123 192.0.2.2:5678");
            assertThat(first.field("X-Client")).startsWith("127.0.0.1:");
            client.send(REQUEST.replace("GET /", "GET /real"));
            RawHttp.Answer second = client.receive(true);
            assertThat(second.field("X-Client")).isEqualTo("192.0.2.1:123");
            assertThat(second.field("X-Realip")).isEqualTo("127.0.0.1");
            client.send(REQUEST);
            assertThat(client.receive(true).field("X-Client")).startsWith("127.0.0.1:");
            site.awaitLine("access.log", "192.0.2.1 192.0.2.1 200");
        }
    }

    @Test
    void aHeaderInPiecesIsWaitedFor() throws Exception {
        try (Site site = site()) {
            for (int cut : new int[] {1, 6, 20, LINE.length() - 1, LINE.length(), LINE.length() + 5}) {
                String all = LINE + REQUEST;
                assertThat(ask(site, all.substring(0, cut), all.substring(cut)).field("X-Ends"))
                        .isEqualTo("192.0.2.1:123 192.0.2.2:5678");
            }
        }
    }

    @Test
    void versionTwoWithItsValues() throws Exception {
        String header =
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0011\u00c0\0\u0002\u0001\u00c0\0\u0002\u0002\0{\u0016\u002e"
                        + "\u0001\0\u0002h2";
        try (Site site = site()) {
            RawHttp.Answer answer = ask(site, header.substring(0, 14), header.substring(14) + REQUEST);
            assertThat(answer.field("X-Ends")).isEqualTo("192.0.2.1:123 192.0.2.2:5678");
            assertThat(answer.field("X-Alpn")).isEqualTo("h2");
        }
    }

    @Test
    void accessIsAskedForTheAddressThatTheProxyTells() throws Exception {
        try (Site site = site()) {
            String real = REQUEST.replace("GET /", "GET /real");
            assertThat(ask(site, LINE.replace("192.0.2.1", "203.0.113.7") + real)
                            .status())
                    .isEqualTo(403);
            assertThat(ask(site, LINE + real).status()).isEqualTo(200);
            assertThat(ask(site, "PROXY UNKNOWN\r\n" + real).field("X-Client")).startsWith("127.0.0.1:");
            assertThat(site.stop()).contains("access forbidden by rule, client: 203.0.113.7, server: ,");
        }
    }

    @Test
    void whoeverBeginsOtherwiseIsClosedAndNamed() throws Exception {
        try (Site site = site()) {
            try (RawHttp client = new RawHttp(site.port)) {
                client.send(REQUEST);
                assertThat(client.read(1)).isEmpty();
            }
            try (RawHttp client = new RawHttp(site.port)) {
                client.send("PROXY ");
            }
            site.awaitLine("error.log", "client closed connection while reading PROXY protocol, client: 127.0.0.1,");
            assertThat(site.stop())
                    .contains("[error]")
                    .contains("broken header: \"GET / HTTP/1.1\" while reading PROXY protocol, client: 127.0.0.1,"
                            + " server: 127.0.0.1:" + site.port);
        }
    }

    @Test
    void aClientThatSaysNothingIsClosedInTime() throws Exception {
        try (Site site = new Site(folder, "client_header_timeout 100ms;", "", "proxy_protocol");
                RawHttp client = new RawHttp(site.port)) {
            client.send("PROXY TCP4 ");
            assertThat(client.read(1)).isEmpty();
            assertThat(site.stop())
                    .contains("client timed out (110: Connection timed out) while reading PROXY protocol, client: 127");
        }
    }

    private static String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sSk", "--max-time", "20", "--haproxy-protocol"));
        command.addAll(List.of(arguments));
        try {
            Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            Assumptions.assumeFalse(said.contains("doesn't support"), "curl without HTTP/2");
            return said;
        } catch (IOException notThere) {
            return Assumptions.abort("curl is not installed");
        }
    }

    @Test
    void http2ComesBehindTheHeaderToo() throws Exception {
        String server = "http2 on; location / { return 200 \"$server_protocol $proxy_protocol_server_port\"; }";
        try (Site site = new Site(folder, "", server, "proxy_protocol")) {
            assertThat(curl("--http2-prior-knowledge", "http://127.0.0.1:" + site.port))
                    .isEqualTo("HTTP/2.0 " + site.port);
        }
    }

    @Test
    void theHandshakeComesBehindTheHeaderAndHttp2BehindBoth() throws Exception {
        certificate();
        String server = """
            http2 on;
            ssl_certificate cert.pem;
            ssl_certificate_key key.pem;
            set_real_ip_from 127.0.0.1;
            real_ip_header proxy_protocol;
            location / { return 200 "$scheme $server_protocol $proxy_protocol_server_port $realip_remote_addr"; }
            """;
        try (Site site = new Site(folder, "", server, "proxy_protocol ssl")) {
            String url = "https://127.0.0.1:" + site.port;
            assertThat(curl("--http1.1", url)).isEqualTo("https HTTP/1.1 " + site.port + " 127.0.0.1");
            assertThat(curl("--http2", url)).isEqualTo("https HTTP/2.0 " + site.port + " 127.0.0.1");
        }
    }

    private void certificate() throws Exception {
        try {
            Process openssl = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-subj",
                            "/CN=localhost",
                            "-keyout",
                            folder + "/key.pem",
                            "-out",
                            folder + "/cert.pem")
                    .redirectErrorStream(true)
                    .start();
            openssl.getInputStream().readAllBytes();
            assertThat(openssl.waitFor()).isZero();
        } catch (IOException notThere) {
            Assumptions.abort("openssl is not installed");
        }
    }
}
