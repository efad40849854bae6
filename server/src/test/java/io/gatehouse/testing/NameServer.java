package io.gatehouse.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A name server for whose one name there is 127.0.0.1; no other name exists. */
public final class NameServer implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final String name;

    public NameServer(String name) throws IOException {
        this.name = name;
        Thread.ofVirtual().start(this::serve);
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        byte[] bytes = new byte[512];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(bytes, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private byte[] answer(ByteBuffer question) {
        StringBuilder asked = new StringBuilder();
        int at = 12;
        for (int length = question.get(at); length > 0; length = question.get(at)) {
            asked.append(asked.isEmpty() ? "" : ".")
                    .append(new String(question.array(), at + 1, length, StandardCharsets.US_ASCII));
            at += length + 1;
        }
        int end = at + 5;
        boolean known = asked.toString().equalsIgnoreCase(name);
        ByteBuffer answer = ByteBuffer.allocate(end + 16)
                .putShort(question.getShort(0))
                .putShort((short) (known ? 0x8180 : 0x8183))
                .putShort((short) 1)
                .putShort((short) (known ? 1 : 0))
                .putInt(0)
                .put(question.array(), 12, end - 12);
        if (known) {
            answer.putShort((short) 0xc00c)
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(60)
                    .putShort((short) 4)
                    .put(new byte[] {127, 0, 0, 1});
        }
        byte[] octets = new byte[answer.position()];
        answer.flip().get(octets);
        return octets;
    }

    @Override
    public void close() {
        socket.close();
    }
}
