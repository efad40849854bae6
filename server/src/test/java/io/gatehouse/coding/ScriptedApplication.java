package io.gatehouse.coding;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An application that answers each connection as a test tells it to, and notes when a peer has gone. */
final class ScriptedApplication implements AutoCloseable {
    /** Writes an answer; the request's head was read. */
    @FunctionalInterface
    interface Answer {
        void write(String head, OutputStream out) throws IOException, InterruptedException;
    }

    final int port;
    /** Counts down when a connection could not be written to any more. */
    final CountDownLatch peerGone = new CountDownLatch(1);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    ScriptedApplication(Answer answer) throws IOException {
        port = server.getLocalPort();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket, answer));
                }
            } catch (IOException e) {
                // the test is over
            }
        });
    }

    private void serve(Socket socket, Answer answer) {
        try (socket) {
            answer.write(head(socket.getInputStream()), socket.getOutputStream());
        } catch (IOException e) {
            peerGone.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("end");
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static boolean await(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
