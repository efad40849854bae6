package io.gatehouse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to a server, bytes in and bytes out; texts are octet strings. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    public void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** One answer: its head to the empty line, and its body as the head frames it. */
    public Answer receive(boolean withBody) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        Answer head = new Answer(lines, "");
        return withBody ? new Answer(lines, body(head)) : head;
    }

    /** Exactly so many bytes, or what comes until the end. */
    public String read(int count) throws IOException {
        return text(in.readNBytes(count));
    }

    /** Everything until the server ends the connection. */
    public String readToEnd() throws IOException {
        return text(in.readAllBytes());
    }

    private String body(Answer head) throws IOException {
        String length = head.field("Content-Length");
        if (length != null) {
            return text(in.readNBytes(Integer.parseInt(length)));
        }
        if (!"chunked".equals(head.field("Transfer-Encoding"))) {
            return head.status() == 304 || head.status() == 204 ? "" : text(in.readAllBytes());
        }
        StringBuilder body = new StringBuilder();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(text(in.readNBytes(size)));
            line();
        }
        line();
        return body.toString();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the connection ended within a line: \"" + text(line.toByteArray()) + "\"");
            }
            line.write(octet);
        }
        return text(line.toByteArray()).stripTrailing();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One request on a connection of its own. {@code fields} are whole lines. */
    public static Answer ask(int port, String method, String target, String... fields) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        try (RawHttp http = new RawHttp(port)) {
            http.send(request.append("Connection: close\r\n\r\n").toString());
            return http.receive(!method.equals("HEAD"));
        }
    }

    public static Answer get(int port, String target, String... fields) throws IOException {
        return ask(port, "GET", target, fields);
    }

    /** An answer: the status line and the fields as received, and the body without its framing. */
    public record Answer(List<String> head, String body) {
        public int status() {
            return Integer.parseInt(head.getFirst().substring(9, 12));
        }

        /** The value of the first field of that name, or null. */
        public @Nullable String field(String name) {
            for (String line : head) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return null;
        }
    }
}
