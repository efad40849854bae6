package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.Alongside;
import io.gatehouse.testing.RawHttp;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide's 300 seconds mean, shown with one: time without a byte, not time in all. */
@Alongside
class GuideTimeoutsTest {
    @TempDir
    private Path folder;

    private EchoServer application;

    @BeforeEach
    void start() throws Exception {
        application = EchoApplication.start(0, 5_000, 400);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private Guide guide(String time) throws Exception {
        return Guide.withTimeouts(folder, application.port(), time);
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeIs504() throws Exception {
        try (Guide guide = guide("1")) {
            assertThat(RawHttp.get(guide.port, "/slow/0.4").body()).isEqualTo("after 0.4 s\n");

            long begin = System.nanoTime();
            RawHttp.Answer answer = RawHttp.get(guide.port, "/slow/30");

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("<center><h1>504 Gateway Time-out</h1></center>");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(950L, 10_000L);
            assertThat(guide.stop())
                    .contains("upstream timed out (110: Connection timed out) while reading response header from"
                            + " upstream, client: 127.0.0.1, server: paperclip.yourdomain.com, request: \"GET /slow/30"
                            + " HTTP/1.1\", upstream: \"http://127.0.0.1:" + application.port()
                            + "/slow/30\", host: \"localhost\"");
        }
    }

    @Test
    void anAnswerMayTakeLongerThanTheTimeOutAsLongAsSomethingComes() throws Exception {
        try (Guide guide = guide("1")) {
            assertThat(RawHttp.get(guide.port, "/slow/5?drip=400").body()).isEqualTo(".....");
        }
    }

    @Test
    void aWebSocketOnWhichOnlyTheApplicationSpeaksIsNotIdle() throws Exception {
        try (Guide guide = guide("1");
                Messages messages = new Messages(guide.port, "/ws?tick=1")) {
            for (int i = 1; i <= 6; i++) {
                assertThat(messages.next()).startsWith("{\"tick\":" + i + ",");
            }
        }
    }

    /** Pongs that nobody asked for are not answered. */
    @Test
    void aWebSocketOnWhichOnlyTheClientSpeaksIsNotIdle() throws Exception {
        try (Guide guide = guide("1");
                Messages messages = new Messages(guide.port, "/ws")) {
            for (int i = 1; i <= 6; i++) {
                messages.socket.sendPong(ByteBuffer.allocate(1)).join();
                assertThat(messages.isSilentFor(400)).isTrue();
            }
            assertThat(messages.ask("still there")).isEqualTo("still there");
        }
    }

    @Test
    void aWebSocketThatIsIdleForTheTimeOutEnds() throws Exception {
        try (Guide guide = guide("1");
                Messages messages = new Messages(guide.port, "/ws")) {
            assertThat(messages.ask("hello")).isEqualTo("hello");
            assertThat(messages.isSilentFor(600)).isTrue();
            assertThat(messages.ask("once more")).isEqualTo("once more");
            assertThat(messages.isSilentFor(800)).isTrue();
            assertThat(messages.next()).isNull();
            assertThat(guide.stop())
                    .containsPattern("\\[info] [^\n]* upstream timed out \\(110: Connection timed out\\) while proxying"
                            + " upgraded connection,");
        }
    }

    @Test
    void aClientThatTakesNothingTimesOut() throws Exception {
        try (Guide guide = guide("1");
                RawHttp client = new RawHttp(guide.port)) {
            client.send("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(client.receive(false).status()).isEqualTo(101);
            String message = "\u0082\u00fe\u00ff\u00ff\0\0\0\0" + "x".repeat(65535);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            client.send(message);
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(guide.stop())
                    .contains(" client timed out (110: Connection timed out) while proxying upgraded connection,");
        }
    }

    /** Idle for longer than any default of 60 s would be too long for a test; 3 s are, beside a time-out of one. */
    @Test
    void theGuidesOwnValueIsNotReachedInAMoment() throws Exception {
        try (Guide guide = Guide.verbatim(folder, application.port());
                Messages messages = new Messages(guide.port, "/ws")) {
            assertThat(messages.isSilentFor(3_000)).isTrue();
            assertThat(messages.ask("still there")).isEqualTo("still there");
        }
    }
}
