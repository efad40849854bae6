package io.gatehouse.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class EchoLimitsTest extends EchoFixture {

    @Override
    EchoSettings settings() {
        return settings(2, 300, 100, 60_000, 60_000);
    }

    @Test
    void theNumbersAreThoseOfTheGuide() {
        EchoSettings standard = EchoSettings.standard();
        assertThat(standard.maxConnections()).isEqualTo(1024);
        assertThat(standard.maxHead()).isEqualTo(32 * 1024);
        assertThat(standard.maxMessage()).isEqualTo(1024 * 1024);
        assertThat(standard.firstMillis()).isEqualTo(60_000);
        assertThat(standard.keepAliveMillis()).isEqualTo(5_000);
        assertThat(standard.pingMillis()).isEqualTo(30_000);
        assertThat(standard.tickMillis()).isEqualTo(1_000);
    }

    @Test
    void aHeadMayHaveThatManyBytesAndNotOneMore() throws IOException {
        String begin = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ";
        String fits = begin + "a".repeat(32 * 1024 - begin.length() - 4) + "\r\n\r\n";
        assertThat(exchange(fits)).startsWith("HTTP/1.1 200 ");
        assertThat(exchange(fits.replace("X: ", "X: a"))).startsWith("HTTP/1.1 431 ");
        assertThat(exchange("GET /" + "a".repeat(100_000))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void trailersAreBoundedToo() throws IOException {
        String trailer = "T: " + "a".repeat(20_000) + "\r\n";
        assertThat(exchange("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer + trailer
                        + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void oneConnectionMoreIsRefused() throws IOException {
        try (RawClient one = client();
                RawClient two = client()) {
            one.send(get("/slow/5?drip")).head();
            two.send(get("/slow/5?drip")).head();
            assertThat(exchange(get("/"))).startsWith("HTTP/1.1 503 ").endsWith("2 connections are open already\n");
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws IOException {
        try (RawClient client = client()) {
            client.send(get("/x")).answer();
            assertThat(client.toEnd()).isEmpty();
        }
    }

    @Test
    void aHeadOrBodyThatStaysAwayIsToldSo() throws IOException {
        assertThat(exchange("GET / HT")).startsWith("HTTP/1.1 408 ");
        assertThat(exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"))
                .startsWith("HTTP/1.1 408 ");
    }
}
