package io.gatehouse.module.authrequest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RecordingApplication;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthRequestOverHttpTest {
    @TempDir
    Path folder;

    @Test
    void theSubrequestsStatusDecides() throws Exception {
        String server = """
            location /in { auth_request /said/204; try_files /f =404; }
            location /also { auth_request /f; try_files /f =404; }
            location /forbidden { auth_request /said/403; try_files /f =404; }
            location /unknown { auth_request /said/401; try_files /f =404; }
            location /odd { auth_request /said/404; try_files /f =404; }
            location /off { auth_request off; try_files /f =404; }
            location = /said/204 { internal; return 204; }
            location = /said/403 { return 403; }
            location = /said/401 { add_header WWW-Authenticate 'X a=b' always; return 401; }
            location = /f {}
            auth_request /said/403;
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            assertThat(site.get("/in").body()).isEqualTo("x");
            assertThat(site.get("/also").body()).isEqualTo("x");
            assertThat(site.get("/forbidden").status()).isEqualTo(403);
            assertThat(site.get("/unknown").status()).isEqualTo(401);
            assertThat(site.get("/odd").status()).isEqualTo(500);
            assertThat(site.get("/off").status()).isEqualTo(200);
            assertThat(site.get("/said/204").status()).isEqualTo(404);
            assertThat(site.stop())
                    .containsPattern("\\[error\\] .*auth request unexpected status: 404, client: 127\\.0\\.0\\.1,"
                            + " server: , request: \"GET /odd HTTP/1\\.1\", host");
        }
    }

    @Test
    void anApplicationIsAskedWithTheClientsFieldsAndWithoutItsBody() throws Exception {
        try (RecordingApplication application = new RecordingApplication()) {
            String server = """
                location / {
                    auth_request /auth;
                    proxy_pass http://127.0.0.1:APP;
                    proxy_set_header X-Client $arg_client;
                }
                location = /auth {
                    proxy_pass http://127.0.0.1:APP/check;
                    proxy_set_header X-Client $http_x_auth;
                    proxy_set_header X-Original-URI $request_uri;
                }
                """.replace("APP", Integer.toString(application.port()));
            try (Site site = new Site(folder, "", server)) {
                application.expect(1);
                application.expect(2);
                try (RawHttp client = new RawHttp(site.port)) {
                    client.send("POST /do?client=2 HTTP/1.1\r\nHost: a\r\nX-Auth: 1\r\nContent-Length: 4\r\n\r\nbody");
                    assertThat(client.receive(true).status()).isEqualTo(200);
                    // the connection goes on
                    client.send("GET /do?client=2 HTTP/1.1\r\nHost: a\r\nX-Auth: 1\r\n\r\n");
                    assertThat(client.receive(true).status()).isEqualTo(200);
                }
                List<String> asked = application.received(1);
                assertThat(asked).hasSize(2);
                assertThat(asked.getFirst())
                        .startsWith("GET /check HTTP/1.1\r\n")
                        .contains("\r\nX-Auth: 1\r\n")
                        .contains("\r\nX-Original-URI: /do?client=2\r\n")
                        .doesNotContain("Content-Length")
                        .endsWith("\r\n\r\n");
                assertThat(application.received(2).getFirst())
                        .startsWith("POST /do?client=2 HTTP/1.1\r\n")
                        .endsWith("\r\n\r\nbody");
                assertThat(application.odd()).isEmpty();
            }
        }
    }

    @Test
    void itsAnswerSetsVariablesThatStayAfterARedirect() throws Exception {
        String server = """
            location / {
                auth_request /auth;
                auth_request_set $user $upstream_http_x_user;
                auth_request_set $status $upstream_status;
                auth_request_set $args changed;
                error_page 404 = /page;
                try_files /nothing =404;
            }
            location /page { add_header X-Said "$user $status $args"; return 204; }
            location = /auth { proxy_pass http://127.0.0.1:PORT/application; }
            location = /application { add_header X-User ann; return 204; }
            """.replace("$status", "$auth_status");
        try (Site site = new Site(folder, "", server)) {
            RawHttp.Answer answer = site.get("/?a=b");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.field("X-Said")).startsWith("ann 204");
        }
    }

    @Test
    void theApplicationsChallengeIsPassedOn() throws Exception {
        String server = """
            location / { auth_request /auth; }
            location = /auth { proxy_pass http://127.0.0.1:PORT/application; }
            location = /application { add_header WWW-Authenticate 'Basic realm="far"' always; return 401; }
            """;
        try (Site site = new Site(folder, "", server)) {
            RawHttp.Answer answer = site.get("/");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.field("WWW-Authenticate")).isEqualTo("Basic realm=\"far\"");
        }
    }

    @Test
    void aDeadApplicationLetsNobodyIn() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        String server =
                "location / { auth_request /auth; } location = /auth { proxy_pass http://127.0.0.1:" + nobody + "; }";
        try (Site site = new Site(folder, "", server)) {
            assertThat(site.get("/").status()).isEqualTo(500);
            assertThat(site.stop())
                    .containsPattern("connect\\(\\) failed \\(111: Connection refused\\) while connecting to upstream,"
                            + " client: 127\\.0\\.0\\.1, server: , request: \"GET / HTTP/1\\.1\", subrequest:"
                            + " \"/auth\", upstream: \"http://127\\.0\\.0\\.1:\\d+/auth\", host: \"localhost\"")
                    .contains("auth request unexpected status: 502");
        }
    }

    /** A client that leaves takes its subrequest with it: the application sees its connection end. */
    @Test
    void aClientThatLeavesEndsTheSubrequest() throws Exception {
        try (ServerSocket application = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String server = "access_log logs/access.log status; location / { auth_request /auth; }"
                    + " location = /auth { proxy_pass http://127.0.0.1:" + application.getLocalPort() + "; }";
            try (Site site = new Site(folder, "log_format status \"$uri $status\";", server)) {
                Socket asked;
                try (RawHttp client = new RawHttp(site.port)) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    asked = application.accept();
                    asked.setSoTimeout(20_000);
                    assertThat(asked.getInputStream().read()).isEqualTo('G');
                }
                assertThat(readToEnd(asked)).isTrue();
                site.awaitLine("access.log", "/ 499");
            }
        }
    }

    private static boolean readToEnd(Socket socket) throws IOException {
        try (socket) {
            socket.getInputStream().readAllBytes();
            return true;
        }
    }
}
