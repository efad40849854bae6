package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real browser that looks at the echo application's page through Gatehouse. */
class BrowserIT {
    @TempDir
    private static Path folder;

    @AutoClose
    private static Chromium browser;

    @AutoClose
    private static Launched up;

    @BeforeAll
    static void start() throws Exception {
        Path program = Chromium.installed();
        up = Launched.upWithEcho(folder);
        browser = Chromium.start(program, folder.resolve("profile"));
    }

    private static Tab page() {
        return page(up);
    }

    private static Tab page(Launched server) {
        return browser.tab().open(server.url());
    }

    @Test
    void thePageLoadsAndShowsTheRequestAsItReachedTheApplication() {
        try (Tab tab = page()) {
            assertThat(tab.text("head"))
                    .startsWith("GET / HTTP/1.1\n")
                    .contains("Host: localhost:" + up.port + "\n")
                    .contains("X-Forwarded-Proto: http\n")
                    .containsPattern("X-Forwarded-For: (127\\.0\\.0\\.1|::1)\n");
            for (String file : new String[] {"/page.css", "/page.js"}) {
                assertThat(tab.response(file).get("status").intValue()).as(file).isEqualTo(200);
            }
            assertThat(tab.value("getComputedStyle(document.querySelector('main')).display")
                            .asString())
                    .as("what the style sheet says")
                    .isEqualTo("grid");
            assertThat(tab.past("Log.entryAdded", event -> true)).isNull();
            assertThat(tab.past("Network.loadingFailed", event -> true)).isNull();
            assertThat(tab.past("Runtime.exceptionThrown", event -> true)).isNull();
        }
    }

    @Test
    void theWebSocketShows101AndMessagesGoBothWays() {
        try (Tab tab = page()) {
            JsonNode handshake = tab.event("Network.webSocketHandshakeResponseReceived", event -> true)
                    .get("response");
            assertThat(handshake.get("status").intValue()).isEqualTo(101);
            tab.awaitText("ws-state", "^101 . open$");
            tab.value("document.getElementById('ws-text').value = 'gr\u00fc\u00dfe \ud83d\ude00 ' + 'x'.repeat(70000)");
            tab.value("document.getElementById('ws-form').requestSubmit()");
            tab.awaitText("ws-log", "\u2190 gr\u00fc\u00dfe \ud83d\ude00 x{70000}  ");
            assertThat(tab.past("Network.webSocketClosed", event -> true)).isNull();
        }
    }

    @Test
    void theApplicationSpeaksOverTheWebSocketByItself() {
        try (Tab tab = page()) {
            tab.awaitText("ws-state", "open");
            tab.click("ws-tick");
            tab.awaitText("ws-log", "\"tick\":2");
            tab.click("ws-close");
            tab.awaitText("ws-state", "^closed$");
        }
    }

    @Test
    void anUploadArrivesAsItWasSent() throws Exception {
        byte[] bytes = new byte[900_000];
        new Random(1).nextBytes(bytes);
        try (Tab tab = page()) {
            upload(tab, Files.write(folder.resolve("900k"), bytes));

            tab.awaitText("up-state", "^200");
            tab.awaitText("up-digest", "sent$");
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            assertThat(tab.text("up-digest")).isEqualTo(digest + "  \u2713 as sent");
            assertThat(tab.text("up-size")).isEqualTo("900,000 bytes");
        }
    }

    @Test
    void anUploadOverTheLimitIsRefused() throws Exception {
        Path file = folder.resolve("101m");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(101L << 20);
        }
        try (Tab tab = page()) {
            upload(tab, file);

            tab.awaitText("up-state", "^413 Request Entity Too Large$");
            assertThat(up.said("stderr")).contains("client intended to send too large body: ");
        }
    }

    private static void upload(Tab tab, Path file) {
        tab.choose("up-file", file);
        tab.value("document.getElementById('up-form').requestSubmit()");
    }

    @Test
    void eventsStreamOneByOne() {
        try (Tab tab = page()) {
            tab.click("ev-start");
            tab.awaitText("ev-log", "\"n\":3");
            double gap = Double.parseDouble(tab.text("ev-gap").replaceAll("[^0-9.]", ""));
            assertThat(gap).as("milliseconds between two events").isBetween(500.0, 5000.0);
            tab.click("ev-stop");
            tab.awaitText("ev-state", "^closed$");
        }
    }

    @Test
    void aSlowAnswerArrives() {
        try (Tab tab = page()) {
            tab.value("document.getElementById('slow-seconds').value = 2");
            tab.value("document.getElementById('slow-form').requestSubmit()");
            tab.awaitText("slow-text", "^200, [0-9]+ bytes after");
        }
    }

    @Test
    void aReloadCutsNoWebSocketAndNewRequestsSeeTheNewConfiguration(@TempDir Path own) throws Exception {
        Files.createDirectories(own.resolve("logs"));
        try (EchoServer application = EchoApplication.start(0);
                Launched guide = Launched.guide(own, application.port());
                Tab tab = page(guide)) {
            tab.awaitText("ws-state", "open");
            tab.value("window.before = socket");
            assertThat(version(tab)).isEqualTo("null");

            guide.reload("location / {", "location / { add_header X-Version 2;");

            tab.value("""
                (async () => {
                    const end = Date.now() + 20000;
                    while (Date.now() < end && !(await fetch('echo')).headers.has('X-Version'));
                })()\
                """);
            assertThat(version(tab)).isEqualTo("2");
            tab.value("send('over the old one')");
            tab.awaitText("ws-log", "\u2190 over the old one");
            assertThat(tab.value("window.before === socket && socket.readyState === WebSocket.OPEN")
                            .asBoolean())
                    .isTrue();
            assertThat(tab.past("Network.webSocketClosed", event -> true)).isNull();

            try (Tab later = page(guide)) {
                later.awaitText("ws-state", "open");
                assertThat(version(later)).isEqualTo("2");
            }
        }
    }

    @Test
    void theGuidesMegabyteIsTooLittleForTwo(@TempDir Path own) throws Exception {
        Files.createDirectories(own.resolve("logs"));
        try (EchoServer application = EchoApplication.start(0);
                Launched guide = Launched.guide(own, application.port());
                Tab tab = page(guide)) {
            upload(tab, Files.write(own.resolve("2m"), new byte[2_000_000]));
            tab.awaitText("up-state", "^413 Request Entity Too Large$");
            upload(tab, Files.write(own.resolve("900k"), new byte[900_000]));
            tab.awaitText("up-state", "^200");
            tab.awaitText("up-digest", "\u2713 as sent$");
        }
    }

    private static String version(Tab tab) {
        return tab.value("fetch('echo').then(answer => String(answer.headers.get('X-Version')))")
                .asString();
    }
}
