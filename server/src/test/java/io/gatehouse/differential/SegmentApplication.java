package io.gatehouse.differential;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An application that answers with the request as it came, in a way that the segments of the path ask for: {@code /found} makes a
 * redirect of it, {@code /chunked} chunks, {@code /accel} hands over to a file of the server, and so on.
 */
final class SegmentApplication implements AutoCloseable {
    private final ServerSocket listening;

    SegmentApplication() throws IOException {
        listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
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
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String line = line(in); line != null; line = line(in)) {
                if (!answer(socket, in, line)) {
                    return;
                }
            }
        } catch (IOException cut) {
            // a client went away
        }
    }

    /** Returns whether the connection goes on. */
    private boolean answer(Socket socket, InputStream in, String request) throws IOException {
        List<String> fields = new ArrayList<>();
        long length = 0;
        boolean inChunks = false;
        boolean last = request.endsWith("HTTP/1.0");
        for (String field = line(in); field != null && !field.isEmpty(); field = line(in)) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
            inChunks |= lower.equals("transfer-encoding: chunked");
            last |= lower.equals("connection: close");
            // Which of these there are is a matter of versions, and the port is each server's own.
            if (!lower.startsWith("connection:") && !lower.startsWith("host:") && !lower.startsWith("transfer-")) {
                fields.add(field);
            }
        }
        String body = inChunks
                ? "chunked: " + chunks(in)
                : new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
        fields.sort(String.CASE_INSENSITIVE_ORDER);
        String echoed = request + "\n" + String.join("\n", fields) + "\n" + body;
        Reply reply = new Reply(request.startsWith("HEAD "));
        for (String segment : segments(request)) {
            reply.take(segment);
        }
        socket.getOutputStream().write(reply.bytes(echoed).getBytes(StandardCharsets.ISO_8859_1));
        return !last && !reply.ends;
    }

    private static Set<String> segments(String request) {
        String path = request.substring(request.indexOf(' ') + 1).replaceAll("[ ?].*", "");
        return new LinkedHashSet<>(List.of(path.split("/")));
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = size(in); size > 0; size = size(in)) {
            body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
            line(in);
        }
        line(in);
        return body.toString();
    }

    private static int size(InputStream in) throws IOException {
        String line = line(in);
        return line == null ? 0 : Integer.parseInt(line, 16);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /** What the segments make of an answer. */
    private static final class Reply {
        private final StringBuilder fields = new StringBuilder("Content-Type: text/x\r\nX-App: 1\r\n");
        private final boolean headOnly;
        private String status = "200 OK";
        private boolean bodiless;
        private boolean chunked;
        boolean ends;

        Reply(boolean headOnly) {
            this.headOnly = headOnly;
        }

        void take(String segment) {
            switch (segment) {
                case "found" -> status("302 Found", "Location: http://elsewhere.test/l\r\n");
                case "sub" -> status("500 Broken", "");
                case "img" -> status("404 None", "");
                case "unauthorized" -> status("401 No", "WWW-Authenticate: Basic realm=\"x\"\r\n");
                case "busy" -> status("503 Busy", "Retry-After: 5\r\n");
                case "no-content" -> {
                    status = "204 No Content";
                    bodiless = true;
                }
                case "accel" -> fields.append("X-Accel-Redirect: /b.txt?z=1\r\n");
                case "named-accel" -> fields.append("X-Accel-Redirect: @one\r\n");
                case "cookie" ->
                    fields.append("Set-Cookie: k=v; Path=/c; Domain=a.test\r\nSet-Cookie: z=1; path=/; HttpOnly\r\n");
                case "fields" ->
                    fields.append("ETag: \"abc\"\r\nLast-Modified: Thu, 01 Jan 1998 00:00:00 GMT\r\n")
                            .append("Cache-Control: private\r\nExpires: Thu, 01 Jan 1998 00:00:00 GMT\r\nVary: X\r\n")
                            .append("X-D: 1\r\nX-D: 2\r\nServer: me\r\nX-Accel-Limit-Rate: 1000000\r\nLink: </a>\r\n");
                case "chunked" -> chunked = !ends;
                case "http10" -> ends = !chunked;
                default -> {}
            }
        }

        private void status(String line, String field) {
            if (!bodiless) {
                status = line;
                fields.append(field);
            }
        }

        String bytes(String body) {
            String sent = headOnly || bodiless ? "" : body;
            if (bodiless) {
                return "HTTP/1.1 " + status + "\r\n" + fields + "\r\n";
            } else if (chunked) {
                String chunks = headOnly ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
                return "HTTP/1.1 " + status + "\r\n" + fields + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
            } else if (ends) {
                return "HTTP/1.0 " + status + "\r\n" + fields + "\r\n" + sent;
            }
            return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + sent;
        }
    }
}
