package io.gatehouse.echo;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The numbers by which the application is bounded, and its clocks.
 *
 * @param maxConnections open connections; one more is answered 503
 * @param maxHead bytes of a request's head, and of its trailers; more is answered 431
 * @param maxMessage bytes of a WebSocket message; a longer one ends the WebSocket with 1009
 * @param firstMillis from the connection's begin to the first byte, from that to the end of the head, and between two
 *     pieces of a body; then 408
 * @param keepAliveMillis how long a connection waits for its next request before it is closed
 * @param pingMillis between two pings on a WebSocket
 * @param tickMillis between two messages of {@code /ws?tick=1}
 * @param lingerMillis how long what a refused client still sends is read, so that it can read the refusal
 * @param nanos the clock of durations
 * @param wall the clock of dates
 */
record EchoSettings(
        int maxConnections,
        int maxHead,
        int maxMessage,
        long firstMillis,
        long keepAliveMillis,
        long pingMillis,
        long tickMillis,
        long lingerMillis,
        LongSupplier nanos,
        InstantSource wall) {

    /** Those of {@code gatehouse echo}. The keep-alive time is that of Node.js, the most frequent application there is. */
    static EchoSettings standard() {
        return new EchoSettings(
                1024,
                32 * 1024,
                1024 * 1024,
                60_000,
                5_000,
                30_000,
                1_000,
                2_000,
                System::nanoTime,
                InstantSource.system());
    }

    /** The instant of {@link #nanos} that is {@code millis} ahead. */
    long in(long millis) {
        return nanos.getAsLong() + millis * 1_000_000;
    }
}
