package io.gatehouse.module.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Site;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code access_log} and {@code log_format}: what stands where after a request. */
@Timeout(60)
class AccessLogOverHttpTest {
    private static final String FORMATS = """
        log_format line '$uri "$http_x" $status';
        log_format json escape=json '{"x":"$http_x"}';
        log_format none escape=none '$http_x';
        log_format path escape=json '{"uri":"$uri"}';
        map $status $odd { ~^2 0; default 1; }
        """;

    @TempDir
    private static Path folder;

    private static DatagramSocket syslog;
    private static Site site;

    @BeforeAll
    static void serve() throws Exception {
        syslog = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        syslog.setSoTimeout(20_000);
        site = new Site(folder, FORMATS, """
            location = /alert { access_log syslog:server=127.0.0.1:SYSLOG,severity=alert,tag=odd line; return 204; }
            location = /plain { access_log syslog:server=127.0.0.1:SYSLOG,nohostname line; return 204; }
            location = /escapes {
                access_log logs/default.log line;
                access_log logs/json.log json;
                access_log logs/none.log none;
                return 204;
            }
            location /control { access_log logs/path.log path; return 204; }
            location /if/ { access_log logs/if.log line if=$odd; location = /if/even { return 204; } return 404; }
            location /named/ { access_log logs/named$arg_n.log line; return 204; }
            location = /combined { access_log logs/combined.log; return 204; }
            """.replace("SYSLOG", Integer.toString(syslog.getLocalPort())));
    }

    @AfterAll
    static void end() throws Exception {
        site.close();
        syslog.close();
    }

    private static String received() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        syslog.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    /** 23 for local7, times 8, and 1 for alert or 6 for info (RFC 5424, 6.2.1). */
    @Test
    void syslogHasTheSeverityThatIsNamed() throws Exception {
        site.get("/alert");
        assertThat(received()).startsWith("<185>").endsWith(" odd: /alert \"-\" 204");
        site.get("/plain");
        assertThat(received()).startsWith("<190>").endsWith(" nginx: /plain \"-\" 204");
    }

    @Test
    void valuesAreEscapedAsTheFormatSays() throws Exception {
        site.get("/escapes", "X: a\"b\\c\u00e9");
        assertThat(site.awaitLine("default.log", "/escapes")).isEqualTo("/escapes \"a\\x22b\\x5Cc\\xE9\" 204\n");
        assertThat(site.awaitLine("json.log", "x")).isEqualTo("{\"x\":\"a\\\"b\\\\c\u00e9\"}\n");
        assertThat(site.awaitLine("none.log", "a")).isEqualTo("a\"b\\c\u00e9\n");
    }

    @Test
    void controlsAreUpperCaseHexInJson() throws Exception {
        site.get("/control%1b%1F%09");
        assertThat(site.awaitLine("path.log", "control")).isEqualTo("{\"uri\":\"/control\\u001B\\u001F\\t\"}\n");
    }

    @Test
    void aConditionDecidesWhetherThereIsALine() throws Exception {
        site.get("/if/even");
        site.get("/if/odd");
        assertThat(site.awaitLine("if.log", "/if/odd")).isEqualTo("/if/odd \"-\" 404\n");
    }

    @Test
    void aNameWithVariablesIsMadeForEachRequest() throws Exception {
        site.get("/named/a?n=1");
        site.get("/named/b?n=2");
        site.get("/named/c?n=1");
        assertThat(site.awaitLine("named1.log", "/c")).isEqualTo("/named/a \"-\" 204\n/named/c \"-\" 204\n");
        assertThat(site.awaitLine("named2.log", "/b")).isEqualTo("/named/b \"-\" 204\n");
        assertThat(Files.exists(folder.resolve("logs/named.log"))).isFalse();
    }

    @Test
    void withoutAFormatItIsNginxsCombined() throws Exception {
        site.get("/combined", "Referer: here", "User-Agent: me");
        assertThat(site.awaitLine("combined.log", "me"))
                .matches("127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] "
                        + "\"GET /combined HTTP/1\\.1\" 204 0 \"here\" \"me\"\n");
    }
}
