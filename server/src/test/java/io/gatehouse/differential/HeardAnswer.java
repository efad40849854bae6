package io.gatehouse.differential;

import io.gatehouse.testing.Http2Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an answer says whichever version of HTTP it came over: status, fields and body, as one text. */
final class HeardAnswer {
    /** What belongs to the connection, and to the moment. */
    private static final Set<String> OWN = Set.of("connection", "transfer-encoding", "date", "server", "keep-alive");

    private static final String BROKEN = "(and is broken off)";

    private HeardAnswer() {}

    /** Of the answer to that request, as it came. */
    static String overHttp1(String request, String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return answer;
        }
        String[] lines = answer.substring(0, end).split("\r\n");
        List<String> fields = new ArrayList<>();
        boolean chunked = false;
        int length = 0;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = Integer.parseInt(lines[i].substring(colon + 2));
            }
            fields.add(name + lines[i].substring(colon));
            chunked |= lines[i].equalsIgnoreCase("Transfer-Encoding: chunked");
        }
        String body = answer.substring(end + 4);
        if (length > body.length() && !request.startsWith("HEAD ") && !lines[0].contains(" 304 ")) {
            body += BROKEN;
        }
        return text(lines[0].split(" ")[1], fields, chunked ? unchunked(body) : body);
    }

    private static String unchunked(String body) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int end = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, end), 16);
            out.append(body, end + 2, end + 2 + size);
            at = size == 0 ? body.length() : end + size + 4;
        }
        return out.toString();
    }

    /** Asks the same, by prior knowledge. */
    static String overHttp2(int port, String request) throws IOException {
        String head = request.substring(0, request.indexOf("\r\n\r\n"));
        String body = request.substring(head.length() + 4);
        String[] lines = head.split("\r\n");
        String[] first = lines[0].split(" ");
        List<String> fields = new ArrayList<>(List.of(":method", first[0], ":scheme", "http", ":path", first[1]));
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 2);
            if (name.equals("host")) {
                fields.addAll(6, List.of(":authority", value));
            } else if (!name.equals("connection")) {
                fields.addAll(List.of(name, value));
            }
        }
        try (Http2Peer peer = new Http2Peer(port)) {
            int stream = peer.open(body.isEmpty(), fields.toArray(new String[0]));
            if (!body.isEmpty()) {
                peer.data(stream, body, true);
            }
            Http2Peer.Frame answer = peer.head(stream);
            return text(
                    String.valueOf(answer.field(":status")),
                    answer.fields().stream()
                            .filter(field -> !field.startsWith(":"))
                            .toList(),
                    body(peer, answer).replace("HTTP/2.0", "HTTP/1.1"));
        }
    }

    private static String body(Http2Peer peer, Http2Peer.Frame head) throws IOException {
        StringBuilder body = new StringBuilder();
        Http2Peer.Frame last = head;
        while (!last.has(Http2Peer.END_STREAM)) {
            last = peer.awaitFrame(frame -> frame.stream() == head.stream());
            if (last.type() == Http2Peer.RST_STREAM) {
                return body.append(BROKEN).toString();
            }
            body.append(last.type() == Http2Peer.DATA ? last.text() : "");
        }
        return body.toString();
    }

    private static String text(String status, List<String> all, String body) {
        List<String> fields = new ArrayList<>();
        for (String field : all) {
            if (!OWN.contains(field.substring(0, field.indexOf(':')))) {
                fields.add(field.replaceFirst("^(last-modified|etag|expires): .*", "$1: x")
                        .replaceFirst("max-age=\\d+", "max-age=x")
                        .replace("HTTP/2.0", "HTTP/1.1"));
            }
        }
        fields.sort(null);
        // The application echoes names of fields, which are in lower case over HTTP/2.
        return (status + "\n" + String.join("\n", fields) + "\n\n" + body).toLowerCase(Locale.ROOT);
    }
}
