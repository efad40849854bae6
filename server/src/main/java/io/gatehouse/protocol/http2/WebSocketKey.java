package io.gatehouse.protocol.http2;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key of a WebSocket's handshake, made for an application that speaks HTTP/1.1 (RFC 6455, 4.1); a client over HTTP/2 has
 * none (RFC 8441, 5).
 */
record WebSocketKey(String text) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static WebSocketKey make() {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        return new WebSocketKey(Base64.getEncoder().encodeToString(nonce));
    }

    /** Whether this Sec-WebSocket-Accept answers the key. */
    boolean isAcceptedBy(@Nullable String accept) {
        return accept != null && accept.equals(accept());
    }

    String accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((text + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
