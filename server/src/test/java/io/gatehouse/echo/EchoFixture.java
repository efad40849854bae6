package io.gatehouse.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A running application, with the limits a test sets. */
class EchoFixture {
    EchoServer server;

    @BeforeEach
    void start() throws IOException {
        server = EchoServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    EchoSettings settings() {
        return EchoSettings.standard();
    }

    /** Times in ms of: first byte and body, keep-alive, ping, tick. */
    static EchoSettings settings(int connections, long first, long keepAlive, long ping, long tick) {
        return new EchoSettings(
                connections,
                32 * 1024,
                1 << 20,
                first,
                keepAlive,
                ping,
                tick,
                500,
                System::nanoTime,
                InstantSource.system());
    }

    URI uri(String scheme, String target) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + target);
    }

    RawClient client() throws IOException {
        return new RawClient(server);
    }

    /** Sends a request on a connection of its own, and reads until that ends. */
    String exchange(String octets) throws IOException {
        try (RawClient client = client()) {
            return client.send(octets).toEnd();
        }
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    static String last(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    }
}
