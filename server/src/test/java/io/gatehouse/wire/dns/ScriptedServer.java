package io.gatehouse.wire.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A name server over UDP and TCP on one port that answers as it is told. */
final class ScriptedServer implements AutoCloseable {
    /** What a question is answered; null for nothing. */
    interface Script {
        @Nullable
        ReplyWriter answer(Question question);
    }

    /** @param port where the question came from */
    record Question(int id, String name, int type, boolean tcp, int port) {
        ReplyWriter reply() {
            return new ReplyWriter(id, name, type);
        }
    }

    final List<Question> questions = new CopyOnWriteArrayList<>();
    private final Script script;
    private final DatagramSocket udp;
    private final InetSocketAddress address;
    private final ServerSocket tcp;
    private final Thread overUdp;

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
        address = (InetSocketAddress) udp.getLocalSocketAddress();
        overUdp = Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return address;
    }

    /** How often that was asked. */
    int asked(String name, int type) {
        return (int) questions.stream()
                .filter(q -> q.name().equals(name) && q.type() == type)
                .count();
    }

    private byte @Nullable [] answer(byte[] message, boolean overTcp, int port) throws IOException {
        try {
            ReplyReader in = new ReplyReader(message);
            int end = in.afterQuestionName(Reply.HEADER);
            Question question = new Question(in.two(0), in.name(Reply.HEADER, end), in.two(end), overTcp, port);
            questions.add(question);
            ReplyWriter reply = script.answer(question);
            return reply == null ? null : reply.octets();
        } catch (MalformedReply e) {
            throw new IOException(e);
        }
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                udp.receive(packet);
                byte[] message = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] reply = answer(message, false, packet.getPort());
                if (reply != null) {
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                Socket socket = tcp.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                byte[] reply = answer(message, true, socket.getPort());
                if (reply != null) {
                    out.writeShort(reply.length);
                    out.write(reply);
                }
            }
        } catch (EOFException e) {
            // the other side is done
        } catch (IOException e) {
            // closed
        }
    }

    /** Returns when nobody listens at the address any more. */
    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        try {
            // A virtual thread that is receiving keeps the socket open until it runs again: till then the kernel takes
            // questions that nobody will read, and refuses none.
            overUdp.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
