package io.gatehouse.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client that sends bytes as they are and reads what comes; one byte is one char. */
final class Peer implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Peer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Exactly so many bytes. */
    String read(int count) throws IOException {
        return new String(in.readNBytes(count), ISO_8859_1);
    }

    /** Up to the end of a head. */
    String readHead() throws IOException {
        return readTo("\r\n\r\n");
    }

    String readTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended within: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    /** A head and the body that its Content-Length tells. */
    String readAnswer() throws IOException {
        String head = readHead();
        int at = head.indexOf("Content-Length: ");
        if (at < 0) {
            return head;
        }
        return head + read(Integer.parseInt(head, at + 16, head.indexOf('\r', at), 10));
    }

    /** All until the server closes; a reset ends it too. */
    String readToEnd() throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                text.append((char) b);
            }
        } catch (SocketException reset) {
            text.append("[reset]");
        }
        return text.toString();
    }

    void shutOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
