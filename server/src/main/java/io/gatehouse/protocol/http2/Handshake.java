package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import org.jspecify.annotations.Nullable;

/** What an application's answer to the handshake of a WebSocket means for a client over HTTP/2 (RFC 8441, 5). */
final class Handshake {
    static final String ACCEPT = "Sec-WebSocket-Accept";

    private Handshake() {}

    /**
     * The status for the client: 200 if the WebSocket is open. Any other answer with 2xx would be taken for that, and 101 has no
     * meaning in HTTP/2 (RFC 9113, 8.6): the application has not understood, or there is none.
     */
    static int status(Exchange x, @Nullable WebSocketKey key) {
        int status = x.response.status;
        if (status == 101) {
            return key != null && key.isAcceptedBy(x.response.headers.get(ACCEPT)) ? 200 : 502;
        }
        if (status < 200 || status >= 300) {
            return status;
        }
        return x.upstreamTries.isEmpty() ? 501 : 502;
    }

    static void tell(Exchange x, int status) {
        if (x.response.status == 101) {
            x.log(Level.ERROR, "upstream sent invalid \"Sec-WebSocket-Accept\" header");
        } else if (status == 502) {
            x.log(Level.ERROR, "upstream did not switch to WebSocket but sent " + x.response.status);
        }
    }
}
