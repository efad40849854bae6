package io.gatehouse.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server's half of the opening handshake (RFC 6455, section 4.2). */
final class WebSocketHandshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake() {}

    /**
     * Answers 101 and agrees on the first subprotocol that is offered, on no extension.
     *
     * @return false if it was no handshake, or one of another version, and was answered 426
     * @throws RequestRefused if it is a wrong one
     */
    static boolean accept(Exchange exchange) throws IOException {
        RequestHead head = exchange.head();
        boolean upgrade = head.lists("upgrade", "websocket") && head.lists("connection", "upgrade");
        if (!upgrade || !head.value("sec-websocket-version").equals("13")) {
            exchange.readBody();
            exchange.answer().field("Upgrade", "websocket").field("Sec-WebSocket-Version", "13");
            exchange.text(
                    426,
                    upgrade
                            ? "expected Sec-WebSocket-Version: 13\n"
                            : "expected a WebSocket: Connection: Upgrade and Upgrade: websocket did not arrive\n");
            return false;
        }
        String key = head.value("sec-websocket-key");
        if (!head.method().equals("GET")
                || head.minor() == 0
                || !exchange.body().isFinished()) {
            throw RequestRefused.bad("a WebSocket begins with a GET of HTTP/1.1 without a body");
        }
        if (head.values("sec-websocket-key").size() != 1 || !isKey(key)) {
            throw RequestRefused.bad("Sec-WebSocket-Key is not 16 bytes in base64");
        }
        Answer answer = exchange.answer();
        answer.field("Upgrade", "websocket").field("Connection", "Upgrade");
        answer.field("Sec-WebSocket-Accept", acceptance(key));
        String offered = head.value("sec-websocket-protocol").split(",", 2)[0].strip();
        if (RequestHead.isToken(offered)) {
            answer.field("Sec-WebSocket-Protocol", offered);
        }
        answer.switchProtocols();
        return true;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    static String acceptance(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }
}
