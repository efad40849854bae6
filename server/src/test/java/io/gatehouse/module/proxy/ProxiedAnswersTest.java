package io.gatehouse.module.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RawHttp.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Early hints, the pace of an answer, and what a connection to an application is set up with. */
class ProxiedAnswersTest extends ProxiedSite {
    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Secret: 1\r\n"
            + "Connection: x\r\nContent-Length: 7\r\n\r\n";

    private static Application.Script hinting(String hints) {
        return connection -> {
            connection.head();
            connection.send(hints);
            connection.answer("hello");
        };
    }

    private RawHttp asked(String version) throws Exception {
        RawHttp http = new RawHttp(site().port);
        http.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");
        return http;
    }

    @Test
    void hintsArriveBeforeTheAnswer() throws Exception {
        CountDownLatch hinted = new CountDownLatch(1);
        app(connection -> {
            connection.head();
            connection.send(HINTS);
            try {
                hinted.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.answer("hello");
        });
        start("", "early_hints 1; location / { proxy_pass http://@1; proxy_hide_header X-Secret; }");
        try (RawHttp http = asked("1.1")) {
            Answer hints = http.receive(false);
            assertThat(hints.head()).containsExactly("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload");
            hinted.countDown();
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.1, early_hints 0;", "1.1, ''", "1.0, early_hints 1;", "1.1, early_hints $http_wants;"})
    void whoDoesNotWantHintsGetsNone(String version, String directive) throws Exception {
        app(hinting(HINTS));
        start("", "location / { proxy_pass http://@1; " + directive + " }");
        try (RawHttp http = asked(version)) {
            Answer answer = http.receive(true);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void manyHintsAreStillHintsAndOthersAreDropped() throws Exception {
        app(hinting(HINTS + "HTTP/1.1 102 Processing\r\n\r\n" + HINTS));
        start("", "early_hints 1; location / { proxy_pass http://@1; }");
        try (RawHttp http = asked("1.1")) {
            assertThat(http.receive(false).status()).isEqualTo(103);
            assertThat(http.receive(false).status()).isEqualTo(103);
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
    }

    @Test
    void hintsAndThenNothingIsABadGateway() throws Exception {
        app(connection -> {
            connection.head();
            connection.send(HINTS);
        });
        start("", "early_hints 1; location / { proxy_pass http://@1; proxy_next_upstream off; }");
        try (RawHttp http = asked("1.1")) {
            assertThat(http.receive(false).status()).isEqualTo(103);
            assertThat(http.receive(true).status()).isEqualTo(502);
        }
    }

    @Test
    void aLimitedRateIsKept() throws Exception {
        app(connection -> {
            while (true) {
                connection.head();
                connection.answer("x".repeat(40_000));
            }
        });
        start(
                "",
                "location / { proxy_pass http://@1; proxy_limit_rate $arg_rate; proxy_buffer_size 4k;"
                        + " proxy_buffers 8 4k; }");
        assertThat(millisOf("/?rate=20000")).isBetween(900L, 30_000L);
        // The machine may be busy; that it is ever this fast shows that nothing waits.
        assertThat(Stream.generate(() -> millisOf("/?rate=0")).limit(5)).anyMatch(millis -> millis < 900);
    }

    private long millisOf(String target) {
        long begun = System.nanoTime();
        try {
            assertThat(site().get(target).body()).hasSize(40_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    @ParameterizedTest
    @CsvSource({
        "/plain, 127.0.0.1",
        "/bound, 127.0.0.3",
        "/off, 127.0.0.1",
        "/variable?from=127.0.0.4, 127.0.0.4",
        "/variable, 127.0.0.1"
    })
    void theAddressThatAConnectionComesFromCanBeSaid(String target, String address) throws Exception {
        app(connection -> {
            connection.head();
            connection.answer(connection.remote());
        });
        start("", """
            location /plain { proxy_pass http://@1; }
            location /bound { proxy_pass http://@1; proxy_bind 127.0.0.3; }
            location /variable { proxy_pass http://@1; proxy_bind $arg_from; }
            location /off { proxy_bind 127.0.0.3; location /off { proxy_bind off; proxy_pass http://@1; } }
            """);
        assertThat(site().get(target).body()).isEqualTo(address);
    }

    @Test
    void connectionsFromOtherAddressesAreNotShared() throws Exception {
        app(connection -> {
            while (true) {
                connection.head();
                connection.answer(connection.remote());
            }
        });
        start("", "location / { proxy_pass http://@1; proxy_bind $arg_from; }");
        for (String from : new String[] {"127.0.0.3", "127.0.0.4", "127.0.0.3", "127.0.0.4"}) {
            assertThat(site().get("/?from=" + from).body()).isEqualTo(from);
        }
        assertThat(applications.getFirst().connections).hasValue(2);
    }

    @Test
    void anAddressThatIsNotThisMachinesIsAnError() throws Exception {
        app(status(200));
        start("", "location / { proxy_pass http://@1; proxy_bind 192.0.2.1; }");
        assertThat(site().get("/").status()).isEqualTo(502);
        assertThat(site().stop())
                .containsPattern(
                        "\\[error] .*bind\\(192\\.0\\.2\\.1:0\\) failed \\(99: Cannot assign requested address\\)"
                                + " while connecting to upstream");
    }

    @Test
    void theSystemsBuffersHaveTheSizesOfTheConfiguration() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ss")), "ss is not installed (Debian's package iproute2 has it)");
        CountDownLatch looked = new CountDownLatch(1);
        Application app = app(connection -> {
            connection.head();
            applications.getFirst().tell("asked");
            try {
                looked.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.answer("hello");
        });
        start("", "location / { proxy_pass http://@1; proxy_socket_rcvbuf 20k; proxy_socket_sndbuf 30k; }");
        try (RawHttp http = asked("1.1")) {
            assertThat(app.event()).isEqualTo("asked");
            Process ss = new ProcessBuilder("ss", "-Htnm", "dport = :" + app.port).start();
            String shown;
            try (BufferedReader lines = ss.inputReader()) {
                shown = lines.lines().collect(Collectors.joining(" "));
            }
            looked.countDown();
            assertThat(shown).contains("rb" + 2 * 20 * 1024 + ",").contains("tb" + 2 * 30 * 1024 + ",");
            assertThat(http.receive(true).body()).isEqualTo("hello");
        }
    }
}
