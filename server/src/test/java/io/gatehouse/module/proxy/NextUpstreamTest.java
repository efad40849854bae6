package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RawHttp.Answer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On which failures a request goes to the next peer, and on which it does not. */
class NextUpstreamTest extends ProxiedSite {
    private static final String GROUP = "upstream u { server @1 max_fails=0; server @2 backup; }";

    private void begin(Application.Script first, String directives) throws Exception {
        begin(first, "30s", directives);
    }

    /** The time is what the second application has too: much more than it needs on a busy machine. */
    private void beginSilent(String directives) throws Exception {
        begin(silent(), "1s", directives);
    }

    private void begin(Application.Script first, String readTimeout, String directives) throws Exception {
        app(first);
        app(status(200));
        start(
                GROUP,
                "location / { proxy_pass http://u; proxy_read_timeout " + readTimeout + "; " + directives
                        + " add_header X-Tries \"$upstream_status\" always; }");
    }

    private static Application.Script closing() {
        return connection -> connection.head();
    }

    private static Application.Script silent() {
        return connection -> {
            connection.head();
            connection.awaitEnd();
        };
    }

    private static Application.Script talkingNonsense() {
        return connection -> {
            connection.head();
            connection.send("220 mail.example ESMTP\r\n");
            connection.awaitEnd();
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 403, 404, 429})
    void anAnswerWithAStatusThatIsNamedGoesOn(int status) throws Exception {
        begin(status(status), "proxy_next_upstream http_" + status + ";");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo("200");
        assertThat(answer.field("X-Tries")).isEqualTo(status + ", 200");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 403, 404, 429})
    void anAnswerWithAStatusThatIsNotNamedIsPassedOn(int status) throws Exception {
        begin(status(status), "");
        Answer answer = site().get("/");
        assertThat(answer.body()).isEqualTo(Integer.toString(status));
        assertThat(answer.field("X-Tries")).isEqualTo(Integer.toString(status));
    }

    @Test
    void theLastPeersAnswerIsPassedOnWhateverItIs() throws Exception {
        app(status(503));
        app(status(503));
        start(GROUP, "location / { proxy_pass http://u; proxy_next_upstream http_503; }");
        Answer answer = site().get("/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("503");
    }

    @Test
    void aBrokenConnectionIsAnError() throws Exception {
        begin(closing(), "");
        assertThat(site().get("/").field("X-Tries")).isEqualTo("502, 200");
    }

    @Test
    void silenceIsATimeout() throws Exception {
        beginSilent("");
        assertThat(site().get("/").field("X-Tries")).isEqualTo("504, 200");
    }

    @ParameterizedTest
    @CsvSource({"timeout, 502", "error, 504", "off, 502", "off, 504"})
    void whatIsNotNamedEndsTheRequest(String named, int status) throws Exception {
        String directives = "proxy_next_upstream " + named + ";";
        if (status == 502) {
            begin(closing(), directives);
        } else {
            beginSilent(directives);
        }
        Answer answer = site().get("/");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.field("X-Tries")).isEqualTo(Integer.toString(status));
        assertThat(applications.get(1).connections).hasValue(0);
    }

    @Test
    void nonsenseIsAnInvalidHeader() throws Exception {
        begin(talkingNonsense(), "proxy_next_upstream invalid_header;");
        assertThat(site().get("/").field("X-Tries")).isEqualTo("502, 200");
    }

    @Test
    void nonsenseIsNoError() throws Exception {
        begin(talkingNonsense(), "");
        Answer answer = site().get("/");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.field("X-Tries")).isEqualTo("502");
    }

    @Test
    void aPostThatWasSentGoesToNobodyElse() throws Exception {
        begin(closing(), "");
        Answer answer = RawHttp.ask(site().port, "POST", "/", "Content-Length: 0");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(applications.get(1).connections).hasValue(0);
    }

    @Test
    void unlessItMayBeSentTwice() throws Exception {
        begin(closing(), "proxy_next_upstream error non_idempotent;");
        Answer answer = RawHttp.ask(site().port, "POST", "/", "Content-Length: 0");
        assertThat(answer.field("X-Tries")).isEqualTo("502, 200");
    }

    @Test
    void aPostThatReachedNobodyGoesOn() throws Exception {
        begin(status(200), "");
        applications.get(0).close();
        Answer answer = RawHttp.ask(site().port, "POST", "/", "Content-Length: 0");
        assertThat(answer.field("X-Tries")).isEqualTo("502, 200");
    }

    @Test
    void aStoredBodyIsSentAgain() throws Exception {
        app(connection -> {
            connection.head();
            connection.read(5);
        });
        app(connection -> {
            connection.head();
            connection.answer(connection.read(5));
        });
        start(GROUP, "location / { proxy_pass http://u; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
    }

    @Test
    void aBodyThatWasPassedOnAsItCameIsNotSentAgain() throws Exception {
        CountDownLatch halfCame = new CountDownLatch(1);
        app(connection -> {
            connection.head();
            connection.read(5);
            halfCame.countDown();
        });
        app(status(200));
        start(GROUP, "location / { proxy_pass http://u; proxy_request_buffering off; }");
        try (RawHttp http = new RawHttp(site().port)) {
            http.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
            assertThat(halfCame.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(http.receive(false).status()).isEqualTo(502);
        }
        assertThat(applications.get(1).connections).hasValue(0);
    }

    @Test
    void triesAreBounded() throws Exception {
        for (int i = 0; i < 3; i++) {
            app(closing());
        }
        start(
                "upstream u { server @1; server @2; server @3; }",
                "location / { proxy_pass http://u; proxy_next_upstream_tries 2;"
                        + " add_header X-Tries \"$upstream_status\" always; }");
        assertThat(site().get("/").field("X-Tries")).isEqualTo("502, 502");
    }

    @Test
    void timeIsBounded() throws Exception {
        beginSilent("proxy_next_upstream_timeout 100ms;");
        Answer answer = site().get("/");
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.field("X-Tries")).isEqualTo("504");
    }

    @Test
    void aPeerThatAnswers404IsNotHeldForBroken() throws Exception {
        app(status(404));
        app(status(200));
        start(
                "upstream u { server @1 max_fails=1 fail_timeout=1h; server @2 backup; }",
                "location / { proxy_pass http://u; proxy_next_upstream http_404 http_500; }");
        site().get("/");
        site().get("/");
        assertThat(applications.get(0).heads).hasSize(2);
    }

    @Test
    void aPeerThatAnswers500Is() throws Exception {
        app(status(500));
        app(status(200));
        start(
                "upstream u { server @1 max_fails=1 fail_timeout=1h; server @2 backup; }",
                "location / { proxy_pass http://u; proxy_next_upstream http_404 http_500; }");
        site().get("/");
        site().get("/");
        assertThat(applications.get(0).heads).hasSize(1);
        assertThat(site().stop()).contains("[warn]").contains("upstream server temporarily disabled while");
    }
}
