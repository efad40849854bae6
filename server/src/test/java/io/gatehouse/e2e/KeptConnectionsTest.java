package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.RawHttp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that closes the connections kept to it, as Node.js does after 5 s: requests that come just then meet a
 * connection that ends under them, and nobody may notice.
 */
class KeptConnectionsTest {
    private static final int KEEP_ALIVE_MILLIS = 50;
    private static final int AT_ONCE = 6;
    private static final int ROUNDS = 60;

    @TempDir
    private Path folder;

    @Test
    void requestsSpacedAroundTheApplicationsKeepAliveAreAnswered() throws Exception {
        try (EchoServer application = EchoApplication.start(0, KEEP_ALIVE_MILLIS, 1_000);
                Guide guide = Guide.verbatim(folder, application.port());
                ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Integer> statuses = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (Future<Integer> answer : clients.invokeAll(requests(guide.port, round))) {
                    statuses.add(answer.get());
                }
                // From a little before the application closes its connections to a little after.
                passes(KEEP_ALIVE_MILLIS - 4 + round % 7);
            }

            assertThat(statuses).hasSize(AT_ONCE * ROUNDS).containsOnly(200);
            assertThat(guide.stop()).doesNotContain("[error]");
        }
    }

    /** Some of a kind that may be sent twice, some of a kind that may not, some with a body. */
    private static List<Callable<Integer>> requests(int port, int round) {
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            int kind = (round + i) % 3;
            requests.add(() -> {
                try (RawHttp client = new RawHttp(port)) {
                    client.send(
                            switch (kind) {
                                case 0 -> "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
                                case 1 ->
                                    "PUT /upload HTTP/1.1\r\n"
                                            + "Host: a\r\n"
                                            + "Connection: close\r\n"
                                            + "Content-Length: 5\r\n\r\n"
                                            + "hello";
                                default ->
                                    "POST /upload HTTP/1.1\r\n"
                                            + "Host: a\r\n"
                                            + "Connection: close\r\n"
                                            + "Content-Length: 5\r\n\r\n"
                                            + "hello";
                            });
                    return client.receive(true).status();
                }
            });
        }
        return requests;
    }

    private static void passes(long millis) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }
}
