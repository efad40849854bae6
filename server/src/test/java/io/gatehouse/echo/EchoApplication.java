package io.gatehouse.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/** The echo application as tests of what stands in front of it want it: on loopback, and quicker than in life. */
public final class EchoApplication {
    private EchoApplication() {}

    /** With the times that {@code gatehouse echo} has. */
    public static EchoServer start(int port) throws IOException {
        return EchoServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /**
     * With other times, in ms.
     *
     * @param keepAlive how long a connection waits for its next request
     * @param tick between two messages of {@code /ws?tick=1}
     */
    public static EchoServer start(int port, long keepAlive, long tick) throws IOException {
        return EchoServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new EchoSettings(
                        1024,
                        32 * 1024,
                        1 << 20,
                        20_000,
                        keepAlive,
                        3_600_000,
                        tick,
                        500,
                        System::nanoTime,
                        InstantSource.system()));
    }
}
