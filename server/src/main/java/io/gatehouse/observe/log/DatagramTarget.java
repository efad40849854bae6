package io.gatehouse.observe.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A connected datagram socket; used by one thread, which may wait in it. */
public interface DatagramTarget extends Closeable {
    /**
     * Sends the remaining bytes as one datagram.
     *
     * @throws IOException also for what the system says about an earlier one
     */
    void send(ByteBuffer message) throws IOException;

    /**
     * Connects to unix datagram sockets, which the JDK cannot; {@code UnixDatagramSocket} of {@code wire} can.
     */
    @FunctionalInterface
    interface UnixDatagrams {
        /** @param path an octet string */
        DatagramTarget connect(String path) throws IOException;
    }
}
