package io.gatehouse.tls;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.tls.TlsFacts;
import io.gatehouse.wire.tls.VerifyResult;
import org.jspecify.annotations.Nullable;

/**
 * What a request on an address with TLS has to pass before anything else looks at it: it came over TLS (497), for the server
 * that the handshake was for (421), with the certificate that its server asks for (495, 496). On the connection's loop.
 *
 * @param serverName that the client asked for in the handshake and that was found, in lower case; null if there was none
 */
public record TlsGate(@Nullable String serverName) implements ClientConnection.Gate {
    @Override
    public int refuse(Exchange x) {
        TlsFacts facts = x.client.wire.tls();
        if (facts == null) {
            x.log(Level.INFO, "client sent plain HTTP request to HTTPS port");
            return 497;
        }
        ClientVerify verify = ServerTls.of(x.server.level()).verify();
        if (verify == ClientVerify.OFF) {
            return 0;
        }
        if (serverName != null && !serverName.equals(x.host)) {
            x.log(Level.INFO, "client attempted to request the server name different from the one that was negotiated");
            return 421;
        }
        return refuseCertificate(x, facts, verify);
    }

    private static int refuseCertificate(Exchange x, TlsFacts facts, ClientVerify verify) {
        VerifyResult result = facts.verification();
        if (!result.isOk() && !(verify == ClientVerify.OPTIONAL_NO_CA && result.isUntrusted())) {
            x.log(Level.INFO, "client SSL certificate verify error: (" + result.code() + ":" + result.reason() + ")");
            return 495;
        }
        if (verify == ClientVerify.ON && !facts.hasPeerCertificate()) {
            x.log(Level.INFO, "client sent no required SSL certificate");
            return 496;
        }
        String doubt = facts.doubt();
        if (doubt != null) {
            x.log(Level.INFO, "client SSL certificate verify error: " + doubt);
            return 495;
        }
        return 0;
    }
}
