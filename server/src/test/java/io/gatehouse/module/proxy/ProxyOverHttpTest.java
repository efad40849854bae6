package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RawHttp.Answer;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests through the whole server to an application, and what both sides see. */
class ProxyOverHttpTest {
    private static final String GUIDE = """
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection 'upgrade';
        proxy_set_header Host $host;
        proxy_cache_bypass $http_upgrade;
        """;

    @TempDir
    Path folder;

    private @Nullable Application application;
    private @Nullable Site site;

    @AfterEach
    void stop() throws Exception {
        if (site != null) {
            site.close();
        }
        if (application != null) {
            application.close();
        }
    }

    private Application app() {
        return Objects.requireNonNull(application);
    }

    private Site site() {
        return Objects.requireNonNull(site);
    }

    /** Starts both; {@code @} in the server's text is the application's address. */
    private void start(Application.Script script, String server) throws Exception {
        start("", script, server);
    }

    private void start(String http, Application.Script script, String server) throws Exception {
        application = new Application(script);
        String address = "127.0.0.1:" + app().port;
        site = new Site(folder, http.replace("@", address), server.replace("@", address));
    }

    private static void hello(Application.Connection connection) throws IOException {
        while (true) {
            connection.head();
            connection.answer("hello");
        }
    }

    @Test
    void theRequestIsWrittenAnew() throws Exception {
        start(
                ProxyOverHttpTest::hello,
                "location / { proxy_pass http://@; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-None"
                        + " \"\"; }");
        Answer answer = RawHttp.get(
                site().port,
                "/a?b",
                "X-None: 1",
                "x-real-ip: 6.6.6.6",
                "Accept:  */*  ",
                "TE: trailers",
                "Keep-Alive: 5");
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(app().heads.getFirst())
                .isEqualTo("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:" + app().port
                        + "\r\nX-Real-IP: 127.0.0.1\r\nAccept: */*");
    }

    @ParameterizedTest
    @CsvSource({"GET, /if/x?in=1", "GET, /if/x", "POST, /except/x", "GET, /except/x"})
    void aBlockWithNothingInItPassesToWhereTheLocationAroundItDoes(String method, String target) throws Exception {
        start(ProxyOverHttpTest::hello, """
            location /if/ { proxy_pass http://@; if ($arg_in) { } }
            location /except/ { proxy_pass http://@; limit_except GET { } }
            """);
        assertThat(RawHttp.ask(site().port, method, target).body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "/plain/a%20b?c, /plain/a%20b?c",
        "/part/x/y?z, /new/x/y?z",
        "/part/a%20b%3fc, /new/a%20b%3Fc",
        "/part/, /new/",
        "/regex1/q?r, /regex1/q?r",
        "/broken/x, /else/x",
        "/vars/x?y=1, /w?y=1",
        "/whole/x?y=1, /whole/x?y=1",
    })
    void theUriIsMappedAsTheConfigurationSays(String asked, String passed) throws Exception {
        start(ProxyOverHttpTest::hello, """
            location /plain/ { proxy_pass http://@; }
            location /part/ { proxy_pass http://@/new/; }
            location ~ ^/regex\\d/ { proxy_pass http://@; }
            location /broken/ { rewrite ^/broken/(.*) /else/$1 break; proxy_pass http://@/unused/; }
            location /vars/ { set $to @; proxy_pass http://$to/w?$args; }
            location /whole/ { set $to @; proxy_pass http://$to; }
            """);
        RawHttp.get(site().port, asked);
        assertThat(app().heads.getFirst()).startsWith("GET " + passed + " HTTP/1.1\r\n");
    }

    @Test
    void connectionsAreKeptUnderTheGuidesBlock() throws Exception {
        start(ProxyOverHttpTest::hello, "location / { proxy_pass http://@; " + GUIDE + " }");
        for (int i = 0; i < 5; i++) {
            assertThat(site().get("/").body()).isEqualTo("hello");
        }
        assertThat(app().connections).hasValue(1);
        assertThat(app().heads.getLast()).contains("\r\nConnection: upgrade");
    }

    /** Else the application would take the body for a request of its own. */
    @ParameterizedTest
    @CsvSource({
        "Content-Length '', Content-Length: 4, Content-Length: 4",
        "Content-Length 2, Content-Length: 4, Content-Length: 4",
        "Content-Length $arg_none, Transfer-Encoding: chunked, Content-Length: 4",
        "Transfer-Encoding chunked, Content-Length: 4, Content-Length: 4",
        "Transfer-Encoding '', Content-Length: 4, Content-Length: 4",
        "Content-Length 0, X: y, Content-Length: 0",
        "Content-Length 2, X: y, -",
        "Content-Length '', Content-Length: 0, -",
        "Transfer-Encoding chunked, Content-Length: 0, Content-Length: 0",
    })
    void theBodysLengthIsWhatIsSent(String set, String asked, String seen) throws Exception {
        start(ProxyOverHttpTest::hello, "location / { proxy_pass http://@; proxy_set_header " + set + "; }");
        try (RawHttp http = new RawHttp(site().port)) {
            String body = asked.endsWith("4") ? "body" : asked.endsWith("chunked") ? "4\r\nbody\r\n0\r\n\r\n" : "";
            http.send("POST / HTTP/1.1\r\nHost: x\r\n" + asked + "\r\n\r\n" + body);
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
        assertThat(app().heads
                        .getFirst()
                        .lines()
                        .filter(line -> line.startsWith("Content-Length:") || line.startsWith("Transfer-")))
                .isEqualTo(seen.equals("-") ? List.of() : List.of(seen));
    }

    @ParameterizedTest
    @CsvSource({"'', Content-Length: 0", "proxy_set_header Content-Length '';, -"})
    void aBodyThatIsNotPassedHasNoLength(String set, String seen) throws Exception {
        start(ProxyOverHttpTest::hello, "location / { proxy_pass http://@; proxy_pass_request_body off; " + set + " }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
        assertThat(app().heads.getFirst().lines().filter(line -> line.startsWith("Content-Length:")))
                .isEqualTo(seen.equals("-") ? List.of() : List.of(seen));
    }

    @Test
    void anOperatorsCloseIsObeyed() throws Exception {
        start(ProxyOverHttpTest::hello, "location / { proxy_pass http://@; proxy_set_header Connection close; }");
        site().get("/");
        site().get("/");
        assertThat(app().connections).hasValue(2);
    }

    @Test
    void aRequestThatSaysCloseUsesUpAKeptConnection() throws Exception {
        start(ProxyOverHttpTest::hello, "location / { proxy_pass http://@; proxy_set_header Connection $args; }");
        site().get("/");
        site().get("/?close");
        assertThat(app().connections).hasValue(1);
        site().get("/");
        assertThat(app().connections).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, Content-Length: 3"})
    void aKeptConnectionThatTheApplicationHasJustClosedIsNoFailure(String method, String length) throws Exception {
        start(
                connection -> {
                    connection.head();
                    if (length.isEmpty() || connection.number == 1) {
                        connection.answer("first");
                        // reads the next request and goes away, as a keep-alive that ran out does
                        connection.head();
                        if (connection.number > 1) {
                            connection.answer("again");
                        }
                    } else {
                        assertThat(connection.read(3)).isEqualTo("abc");
                        connection.answer("again");
                    }
                },
                "location / { proxy_pass http://@; add_header X-Tries $upstream_status; }");
        assertThat(site().get("/").body()).isEqualTo("first");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send(method + " / HTTP/1.1\r\nHost: x\r\n" + (length.isEmpty() ? "" : length + "\r\n") + "\r\n"
                    + (length.isEmpty() ? "" : "abc"));
            Answer answer = http.receive(true);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("X-Tries")).isEqualTo("200");
        }
        assertThat(app().connections).hasValue(2);
        assertThat(site().stop()).doesNotContain("[error]");
    }

    /** An application that closes may have done before what it was asked for. */
    @Test
    void whatMayDoSomethingTwiceIsSentOnce() throws Exception {
        start(
                connection -> {
                    while (connection.head().startsWith("GET ")) {
                        connection.answer("hello");
                    }
                },
                "location / { proxy_pass http://@; }");
        assertThat(site().get("/").body()).isEqualTo("hello");
        assertThat(RawHttp.ask(site().port, "POST", "/", "Content-Length: 0").status())
                .isEqualTo(502);
        assertThat(app().heads).hasSize(2);
    }

    @Test
    void aConnectionThatEndsBeforeAnAnswerIs502() throws Exception {
        start(Application.Connection::head, "location / { proxy_pass http://@; }");
        assertThat(site().get("/x").status()).isEqualTo(502);
        assertThat(site().stop())
                .contains("upstream prematurely closed connection while reading response header from upstream, client:"
                        + " 127.0.0.1, server: , request: \"GET /x HTTP/1.1\", upstream: \"http://127.0.0.1:"
                        + app().port + "/x\", host: \"localhost\"");
    }

    @Test
    void nobodyListening() throws Exception {
        // bound and not listening: nobody else can take the port meanwhile
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            start(ProxyOverHttpTest::hello, "location / { proxy_pass http://127.0.0.1:" + taken.getLocalPort() + "; }");
            assertThat(site().get("/").status()).isEqualTo(502);
        }
        assertThat(site().stop()).contains("connect() failed (111: Connection refused) while connecting to upstream");
    }

    @Test
    void aBodyThatEndsTooSoonBreaksOffVisibly() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                },
                "location / { proxy_pass http://@; }");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo("abc");
        assertThat(site().stop()).contains("upstream prematurely closed connection while reading upstream");
    }

    @Test
    void aBodyThatComesWithItsHeadIsReadAsABodyForTheLogToo() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz");
                },
                "location / { proxy_pass http://@; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http.receive(false).status()).isEqualTo(200);
        }
        assertThat(site().stop()).contains("upstream sent invalid chunked response while reading upstream, client:");
    }

    @Test
    void moreThanContentLengthIsDroppedAndTheConnectionToo() throws Exception {
        start(
                connection -> {
                    while (true) {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef");
                    }
                },
                "location / { proxy_pass http://@; }");
        assertThat(site().get("/").body()).isEqualTo("abc");
        assertThat(site().get("/").body()).isEqualTo("abc");
        assertThat(app().connections).hasValue(2);
        assertThat(site().stop()).contains("upstream sent more data than specified in \"Content-Length\" header");
    }

    @Test
    void chunksAreReadAndFramedAnew() throws Exception {
        start(
                connection -> {
                    while (true) {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "3;x=y\r\n"
                                + "abc\r\n"
                                + "2\r\n"
                                + "de\r\n"
                                + "0\r\n"
                                + "X-T: 1\r\n\r\n");
                    }
                },
                "location / { proxy_pass http://@; }");
        assertThat(site().get("/").body()).isEqualTo("abcde");
        assertThat(site().get("/").body()).isEqualTo("abcde");
        assertThat(app().connections).hasValue(1);
    }

    @Test
    void anAnswerBeforeTheWholeBodyIsPassedOn() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
                    connection.awaitEnd();
                },
                "client_max_body_size 0; location / { proxy_pass http://@; proxy_request_buffering off; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nsome");
            Answer answer = http.receive(true);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("no");
        }
    }

    @Test
    void aStreamedBodyArrivesAsItComes() throws Exception {
        start(
                connection -> {
                    connection.head();
                    app().tell(connection.read(10));
                    app().tell(connection.read(10));
                    connection.answer("done");
                },
                "location / { proxy_pass http://@; proxy_request_buffering off; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0123456789");
            assertThat(app().event()).isEqualTo("0123456789");
            http.send("abcdefghij");
            assertThat(app().event()).isEqualTo("abcdefghij");
            assertThat(http.receive(true).body()).isEqualTo("done");
        }
    }

    @Test
    void aLargeBodyGoesThroughAFile() throws Exception {
        String body = "0123456789abcdef".repeat(20_000);
        start(
                connection -> {
                    connection.head();
                    app().tell(connection.read(body.length()));
                    connection.answer("done");
                },
                "location / { proxy_pass http://@; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            assertThat(http.receive(true).body()).isEqualTo("done");
        }
        assertThat(app().event()).isEqualTo(body);
        assertThat(app().heads.getFirst()).contains("\r\nContent-Length: " + body.length());
        assertThat(site().stop()).contains("a client request body is buffered to a temporary file");
    }

    @Test
    void aSlowClientDoesNotHoldTheApplication() throws Exception {
        String body = "0123456789abcdef".repeat(2 << 20);
        start(
                connection -> {
                    connection.head();
                    connection.answer(body);
                    app().tell("free");
                },
                "location / { proxy_pass http://@; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(app().event()).isEqualTo("free");
            assertThat(http.receive(true).body().equals(body)).isTrue();
        }
    }

    @Test
    void aClientThatGoesAwayEndsItsRequest() throws Exception {
        start(
                connection -> {
                    connection.head();
                    app().tell("asked");
                    connection.awaitEnd();
                    app().tell("ended");
                },
                "location / { proxy_pass http://@; }");
        RawHttp http = new RawHttp(site().port);
        http.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(app().event()).isEqualTo("asked");
        http.close();
        assertThat(app().event()).isEqualTo("ended");
        assertThat(site().stop())
                .contains("client prematurely closed connection, so upstream connection is closed too while");
    }

    @Test
    void anUpgradeBecomesATunnel() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.send(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nearly");
                    app().tell(connection.read(4));
                    connection.send("pong");
                    connection.awaitEnd();
                    app().tell("ended");
                },
                "location / { proxy_pass http://@; " + GUIDE + " }");
        RawHttp http = new RawHttp(site().port);
        http.send("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
        Answer answer = http.receive(false);
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.field("Upgrade")).isEqualTo("x");
        assertThat(http.read(5)).isEqualTo("early");
        http.send("ping");
        assertThat(app().event()).isEqualTo("ping");
        assertThat(http.read(4)).isEqualTo("pong");
        http.close();
        assertThat(app().event()).isEqualTo("ended");
    }

    /** What was read with the heads is kept as long as the tunnel lasts, although nothing else is. */
    @Test
    void theHeadsOfATunnelAreLoggedWhenItEnds() throws Exception {
        start(
                "log_format heads"
                        + " '$http_x_ask|$upstream_http_x_app|$sent_http_x_app|$sent_http_x_more|$upstream_status';",
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n"
                            + "X-App: one\r\n\r\n" + "early".repeat(100));
                    connection.awaitEnd();
                    connection.close();
                },
                "location / { proxy_pass http://@; access_log logs/heads.log heads; add_header X-More two always; "
                        + GUIDE + " }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("GET / HTTP/1.1\r\nHost: x\r\nX-Ask: what\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
            Answer answer = http.receive(false);
            assertThat(answer.field("X-App")).isEqualTo("one");
            assertThat(answer.field("X-More")).isEqualTo("two");
            assertThat(http.read(500)).endsWith("early");
        }
        assertThat(site().awaitLine("heads.log", "|101")).contains("what|one|one|two|101");
    }

    @Test
    void anotherPeerIsAskedAndTold() throws Exception {
        start(
                "upstream u { server 127.0.0.1:1; server @; }",
                ProxyOverHttpTest::hello,
                "location / { proxy_pass http://u; add_header X-Addr $upstream_addr; add_header X-Status"
                        + " $upstream_status; }");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.field("X-Addr")).isEqualTo("127.0.0.1:1, 127.0.0.1:" + app().port);
        assertThat(answer.field("X-Status")).isEqualTo("502, 200");
    }

    @Test
    void anApplicationCanSendTheRequestElsewhere() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.answer("", "X-Accel-Redirect: /inner/a%20b?c", "Set-Cookie: k=v", "X-Other: 1");
                },
                "location / { proxy_pass http://@; } location /inner/ { internal; return 200 \"$uri $args\"; }");
        Answer answer = site().get("/x");
        assertThat(answer.body()).isEqualTo("/inner/a b c");
        assertThat(answer.field("Set-Cookie")).isEqualTo("k=v");
        assertThat(answer.field("X-Other")).isNull();
    }

    @Test
    void aFileThatAnApplicationNamesHasTheTypeThatTheApplicationSays() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.answer("", "X-Accel-Redirect: /files/report.txt", "Content-Type: application/pdf");
                },
                "location / { proxy_pass http://@; } location /files/ { internal; alias html/; }");
        site().file("report.txt", "pages");
        Answer answer = site().get("/x");
        assertThat(answer.body()).isEqualTo("pages");
        assertThat(answer.field("Content-Type")).isEqualTo("application/pdf");
    }

    @Test
    void redirectsAndCookiesAreTranslated() throws Exception {
        start(
                connection -> {
                    connection.head();
                    connection.answer(
                            "",
                            "Location: http://127.0.0.1:" + app().port + "/new/page",
                            "Set-Cookie: a=b; Domain=app.local; Path=/new/; HttpOnly");
                },
                """
                location /part/ {
                    proxy_pass http://@/new/;
                    proxy_cookie_domain app.local example.org;
                    proxy_cookie_path /new/ /part/;
                    proxy_cookie_flags a secure samesite=lax;
                }
                """);
        Answer answer = site().get("/part/");
        assertThat(answer.field("Location")).isEqualTo("http://localhost:" + site().port + "/part/page");
        assertThat(answer.field("Set-Cookie"))
                .isEqualTo("a=b; Domain=example.org; Path=/part/; HttpOnly; Secure; SameSite=Lax");
    }

    @Test
    void whatIsWrongIsSaidWhenTheConfigurationIsRead() {
        assertThatThrownBy(() -> new Site(folder, "", "location ~ x { proxy_pass http://127.0.0.1/x; }"))
                .hasMessageContaining("\"proxy_pass\" cannot have URI part in location given by regular expression");
        assertThatThrownBy(() -> new Site(folder, "", "location / { proxy_pass http://nobody.invalid; }"))
                .hasMessageContaining("host not found in upstream \"nobody.invalid\"");
        assertThatThrownBy(() -> new Site(folder, "upstream u {}", ""))
                .hasMessageContaining("no servers are inside upstream");
        assertThatThrownBy(() -> new Site(folder, "upstream u { server 127.0.0.1 wait=1; }", ""))
                .hasMessageContaining("invalid parameter \"wait=1\"");
    }
}
