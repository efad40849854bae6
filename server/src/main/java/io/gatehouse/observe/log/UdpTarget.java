package io.gatehouse.observe.log;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A connected UDP socket. */
final class UdpTarget implements DatagramTarget {
    private final DatagramChannel channel;

    private UdpTarget(DatagramChannel channel) {
        this.channel = channel;
    }

    static UdpTarget connect(InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.connect(address);
            return new UdpTarget(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        channel.write(message);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
