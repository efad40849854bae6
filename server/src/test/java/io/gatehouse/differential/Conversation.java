package io.gatehouse.differential;

import io.gatehouse.testing.RecordingApplication;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One connection to a server on which a case is played. */
final class Conversation {
    /** Milliseconds: a server that closes this long after its last byte has waited for more. The configuration says 3 s. */
    private static final long WAITED = 2_000;

    private static final int PATIENCE = 12_000;

    private Conversation() {}

    static Transcript play(Case played, int port, RecordingApplication application) throws IOException {
        StringBuilder raw = new StringBuilder();
        Transcript.End end;
        int own;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
            socket.setTcpNoDelay(true);
            own = socket.getLocalPort();
            application.expect(own);
            end = talk(played, socket, raw);
        }
        return new Transcript(Transcript.answers(raw.toString()), end, application.received(own));
    }

    private static Transcript.End talk(Case played, Socket socket, StringBuilder raw) throws IOException {
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        List<String> parts = played.parts();
        try {
            for (int i = 0; i < parts.size(); i++) {
                boolean last = i == parts.size() - 1;
                out.write(Case.octets(parts.get(i) + (last && played.probed() ? Case.PROBE : "")));
                if (!last) {
                    awaitAnswer(socket, raw);
                }
            }
        } catch (IOException closedWhileSending) {
            // what was answered before is still to be read
        }
        socket.setSoTimeout(PATIENCE);
        long last = System.nanoTime();
        try {
            while (readSome(in, raw)) {
                last = System.nanoTime();
            }
        } catch (SocketTimeoutException e) {
            return Transcript.End.OPEN;
        } catch (IOException reset) {
            // a close as well
        }
        return System.nanoTime() - last > WAITED * 1_000_000 ? Transcript.End.WAITED : Transcript.End.CLOSED;
    }

    private static void awaitAnswer(Socket socket, StringBuilder raw) throws IOException {
        socket.setSoTimeout(500);
        try {
            readSome(socket.getInputStream(), raw);
        } catch (SocketTimeoutException noneYet) {
            // the next part is what it waits for
        }
    }

    private static boolean readSome(InputStream in, StringBuilder raw) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        int count = in.read(buffer);
        if (count > 0) {
            raw.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        return count > 0;
    }
}
