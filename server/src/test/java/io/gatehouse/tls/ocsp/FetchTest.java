package io.gatehouse.tls.ocsp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.upstream.NameResolver;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Loops;
import io.gatehouse.wire.SystemClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One question to a responder: what it looks like on the wire, and all that may come of it. */
@Timeout(30)
class FetchTest {
    private static final byte[] REQUEST = {(byte) 0xfb, (byte) 0xff, (byte) 0xfe, 1};
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n";

    private final Loop[] loops = Loops.start(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> heard = new CompletableFuture<>();
    private ServerSocket socket;

    @BeforeEach
    void listen() throws IOException {
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws Exception {
        socket.close();
        loops[0].stop();
        loops[0].awaitEnd(5_000);
    }

    private ResponderUrl url(String host, String uri, SocketAddress... addresses) {
        return new ResponderUrl(
                "", host, socket.getLocalPort(), uri, host.equals("127.0.0.1"), Arrays.asList(addresses));
    }

    private ResponderUrl here() {
        return url("127.0.0.1", "/", socket.getLocalSocketAddress());
    }

    private Fetch begin(ResponderUrl url, long timeout, @Nullable NameResolver resolver, long resolverTimeout)
            throws Exception {
        ErrorLog log = new ErrorLog(
                List.of(new ErrorLog.Entry(
                        (level, line, length) -> told.add(new String(line, 0, length, ISO_8859_1)), Level.INFO)),
                new SystemClock(),
                new LogTime(TimeZone.getTimeZone("UTC")),
                1);
        CompletableFuture<Fetch> begun = new CompletableFuture<>();
        loops[0].execute(() -> {
            Fetch fetch =
                    new Fetch(loops[0], url, REQUEST, timeout, new FetchLog(log, 7, "a.pem"), new Fetch.Receiver() {
                        @Override
                        public void answered(byte[] response) {
                            heard.complete(new String(response, ISO_8859_1));
                        }

                        @Override
                        public void failed() {
                            heard.complete("failed");
                        }
                    });
            fetch.begin(new ResolverSettings(resolver, resolverTimeout));
            begun.complete(fetch);
        });
        return begun.get(10, TimeUnit.SECONDS);
    }

    private String heard() throws Exception {
        return heard.get(20, TimeUnit.SECONDS);
    }

    /** Reads a request and answers it; the connection stays open. */
    private Socket serve(String answer) throws IOException {
        Socket client = socket.accept();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(client.getInputStream().read());
        }
        request = head.toString(ISO_8859_1);
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
        return client;
    }

    private String request = "";

    @Test
    void theRequestIsInTheTarget() throws Exception {
        begin(url("127.0.0.1", "/ocsp", socket.getLocalSocketAddress()), 0, null, 0);
        serve(OK + "\r\nresponse").close();
        assertThat(heard()).isEqualTo("response");
        assertThat(request).isEqualTo("GET /ocsp/%2B%2F%2F%2BAQ%3D%3D HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        assertThat(told).isEmpty();
    }

    @Test
    void anAnswerWithALengthNeedNotEndTheConnection() throws Exception {
        begin(here(), 0, null, 0);
        try (Socket client = serve(OK + "Content-Length: 8\r\n\r\nresp")) {
            client.getOutputStream().write("onse and more".getBytes(ISO_8859_1));
            assertThat(heard()).isEqualTo("response");
            assertThat(client.getInputStream().read()).isLessThan(0);
        }
    }

    @Test
    void anAnswerThatIsCutOffIsNone() throws Exception {
        begin(here(), 0, null, 0);
        serve(OK + "Content-Length: 9\r\n\r\nresponse").close();
        assertThat(heard()).isEqualTo("failed");
        assertThat(told)
                .singleElement()
                .asString()
                .endsWith(": *7 OCSP responder prematurely closed connection while requesting certificate status,"
                        + " responder: 127.0.0.1, peer: 127.0.0.1:" + socket.getLocalPort()
                        + ", certificate: \"a.pem\"\n");
    }

    @Test
    void anAnswerWithoutEndIsNone() throws Exception {
        begin(here(), 0, null, 0);
        try (Socket client = serve(OK + "\r\n")) {
            byte[] much = new byte[70_000];
            client.getOutputStream().write(much);
            assertThat(heard()).isEqualTo("failed");
        }
        assertThat(told).singleElement().asString().contains("OCSP responder sent too long response");
    }

    @Test
    void aSilentResponderIsNotWaitedForLong() throws Exception {
        begin(here(), 200, null, 0);
        try (Socket client = serve("HTTP/1.1 ")) {
            assertThat(heard()).isEqualTo("failed");
            assertThat(client.getInputStream().read()).isLessThan(0);
        }
        assertThat(told)
                .singleElement()
                .asString()
                .contains("[error]", "OCSP responder timed out (110: Connection timed out) while requesting");
    }

    @Test
    void theNextAddressIsTried() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        InetSocketAddress gone = new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody);
        begin(url("127.0.0.1", "/", gone, socket.getLocalSocketAddress(), gone), 0, null, 0);
        serve(OK + "\r\nresponse").close();
        assertThat(heard()).isEqualTo("response");
        assertThat(told)
                .singleElement()
                .asString()
                .contains("connect() failed (111: Connection refused)", "peer: 127.0.0.1:" + nobody);
    }

    @Test
    void aNameIsResolvedThoughAddressesAreKnown() throws Exception {
        begin(
                url("ocsp.test", "/", new InetSocketAddress("127.0.0.1", 1)),
                0,
                (loop, name, timeout, answer) -> {
                    answer.found(List.of(InetAddress.getLoopbackAddress()));
                    return () -> {};
                },
                30_000);
        serve(OK + "\r\nresponse").close();
        assertThat(heard()).isEqualTo("response");
        assertThat(request).contains("\r\nHost: ocsp.test\r\n");
    }

    @Test
    void withoutAResolverTheKnownAddressesAreTaken() throws Exception {
        begin(url("ocsp.test", "/", socket.getLocalSocketAddress()), 0, null, 30_000);
        serve(OK + "\r\nresponse").close();
        assertThat(heard()).isEqualTo("response");
        assertThat(told)
                .singleElement()
                .asString()
                .contains("[warn]", "no resolver defined to resolve ocsp.test while requesting certificate status");
    }

    /** A resolver ends with its configuration, and says nothing more. */
    @Test
    void aResolverThatHasGoneIsNotWaitedForForEver() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        begin(url("ocsp.test", "/"), 0, (loop, name, timeout, answer) -> cancelled::countDown, 1);
        assertThat(heard()).isEqualTo("failed");
        assertThat(cancelled.getCount()).isZero();
        assertThat(told)
                .singleElement()
                .asString()
                .contains("ocsp.test could not be resolved (110: Operation timed out)");
    }

    @Test
    void whoeverIsNotWantedAnyMoreIsLeft() throws Exception {
        Fetch fetch = begin(here(), 60_000, null, 0);
        try (Socket client = serve("")) {
            loops[0].execute(fetch::cancel);
            assertThat(client.getInputStream().read()).isLessThan(0);
        }
        assertThat(heard).isNotDone();
        assertThat(told).isEmpty();
    }
}
