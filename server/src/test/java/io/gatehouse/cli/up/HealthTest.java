package io.gatehouse.cli.up;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an application says of itself, and what is made of silence. */
class HealthTest {
    private static final long PATIENCE_SECONDS = 20;

    /** The answer to what is sent back to a question; the connection stays open. */
    private static Health.Answer answerOf(String sent) throws Exception {
        try (ServerSocket application = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Health health = new Health("127.0.0.1:" + application.getLocalPort())) {
            FutureTask<Health.Answer> asking = new FutureTask<>(health::ask);
            Thread.ofPlatform().daemon().start(asking);
            try (Socket client = application.accept()) {
                client.getOutputStream().write(sent.getBytes(US_ASCII));
                return asking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aBodyThatDoesNotComeIsNoAnswer() throws Exception {
        assertThat(answerOf("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")).isInstanceOf(Health.Answer.None.class);
    }

    @Test
    void aLongBodyIsNotReadToItsEnd() throws Exception {
        assertThat(answerOf("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + "x".repeat(100_000)))
                .isEqualTo(new Health.Answer.Other(200));
    }
}
