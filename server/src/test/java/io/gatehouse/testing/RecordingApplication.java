package io.gatehouse.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An application that keeps the exact bytes of every request that comes, told apart by the field {@code X-Client}, in which
 * the configuration puts the port of the client. It reads what is framed in the one canonical way, and nothing else.
 */
public final class RecordingApplication implements AutoCloseable {
    private static final Pattern CLIENT = Pattern.compile("\r\nX-Client: (\\d+)(?=\r\n)");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)(?=\r\n)");

    private final ServerSocket listening;
    private final Map<Integer, Queue<String>> received = new ConcurrentHashMap<>();
    private final Queue<String> odd = new ConcurrentLinkedQueue<>();

    public RecordingApplication() throws IOException {
        listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** What came and was no well-formed request, or did not say for whom it is. */
    public List<String> odd() {
        return List.copyOf(odd);
    }

    /** Forgets what came for a client, and keeps what comes from now on. */
    public void expect(int client) {
        received.put(client, new ConcurrentLinkedQueue<>());
    }

    /** What came for a client so far, in order. */
    public List<String> received(int client) {
        return List.copyOf(received.getOrDefault(client, new ConcurrentLinkedQueue<>()));
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // over
        }
    }

    private void serve(Socket socket) {
        StringBuilder request = new StringBuilder();
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (read(in, request)) {
                String text = request.toString();
                keep(text);
                request.setLength(0);
                String body = "application " + text.length() + " "
                        + text.substring(0, text.indexOf("\r\n")).replaceAll(" HTTP/1.[01]$", "");
                boolean head = text.startsWith("HEAD ");
                String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + (head ? "" : body);
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException cut) {
            // a client went away, or its body was refused when a part was already here
        } catch (IllegalArgumentException malformed) {
            odd.add(malformed.getMessage() + ": " + request);
        }
    }

    private void keep(String text) {
        Matcher client = CLIENT.matcher(text);
        Queue<String> own = client.find() ? received.get(Integer.parseInt(client.group(1))) : null;
        if (own == null) {
            odd.add(text);
        } else {
            own.add(client.replaceFirst("\r\nX-Client: (port)"));
        }
    }

    private static boolean read(InputStream in, StringBuilder request) throws IOException {
        int endsWithLine = 0;
        int c;
        while (endsWithLine < 4) {
            c = in.read();
            if (c < 0) {
                return false;
            }
            request.append((char) c);
            if (c == '\n' && (request.length() < 2 || request.charAt(request.length() - 2) != '\r')) {
                throw new IllegalArgumentException("a line of the head that ends without CR");
            }
            endsWithLine = c == "\r\n\r\n".charAt(endsWithLine) ? endsWithLine + 1 : c == '\r' ? 1 : 0;
        }
        Matcher length = LENGTH.matcher(request);
        if (length.find()) {
            return readCount(in, request, Long.parseLong(length.group(1)));
        }
        return !request.toString().toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")
                || readChunks(in, request);
    }

    private static boolean readCount(InputStream in, StringBuilder request, long count) throws IOException {
        byte[] bytes = in.readNBytes((int) count);
        request.append(new String(bytes, StandardCharsets.ISO_8859_1));
        return bytes.length == count;
    }

    private static boolean readChunks(InputStream in, StringBuilder request) throws IOException {
        while (true) {
            String line = readLine(in, request);
            int size = Integer.parseInt(line, 16);
            if (size == 0) {
                break;
            }
            if (!readCount(in, request, size) || !readLine(in, request).isEmpty()) {
                return false;
            }
        }
        while (!readLine(in, request).isEmpty()) {
            // trailers
        }
        return true;
    }

    private static String readLine(InputStream in, StringBuilder request) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new IOException("cut within a line");
            }
            request.append((char) c);
            line.append((char) c);
        }
        request.append('\n');
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IllegalArgumentException("a line that ends without CR");
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
