package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.TlsIdentity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What authorities are to be answered now. From any thread, event loops too: nothing waits, nothing is locked by readers. */
public final class Challenges {
    /** The beginning of the path that is asked for by http-01 (RFC 8555, 8.3); the token is what follows. */
    public static final String HTTP_PATH = "/.well-known/acme-challenge/";

    /** The protocol that is asked for by tls-alpn-01 (RFC 8737, 6.2). */
    public static final String TLS_PROTOCOL = "acme-tls/1";

    /** How the warning begins that an authority is going to ask at a port where this server does not listen. */
    public static final String NOBODY_LISTENS = "nothing listens on port ";

    private final Map<String, String> byToken = new ConcurrentHashMap<>();
    private final Map<String, TlsIdentity> byName = new ConcurrentHashMap<>();

    Challenges() {}

    /**
     * The body of the answer to a request over HTTP, in ASCII, whatever host was asked for. Null if nobody waits for that
     * token.
     *
     * @param token what follows {@link #HTTP_PATH} in the path
     */
    public @Nullable String overHttp(String token) {
        return byToken.get(token);
    }

    /**
     * The certificate to show in a handshake whose client offers {@link #TLS_PROTOCOL} and nothing else. The handshake has to
     * choose that protocol, and the connection ends with it. Null if nobody waits for that name.
     *
     * @param serverName of the SNI extension, in lower case; for an IP address it is a name under {@code in-addr.arpa} or
     *     {@code ip6.arpa}
     */
    public @Nullable TlsIdentity overTls(String serverName) {
        return byName.get(serverName);
    }

    /** Whether any is to be answered at all. */
    public boolean isEmpty() {
        return byToken.isEmpty() && byName.isEmpty();
    }

    void answer(String token, String keyAuthorization) {
        byToken.put(token, keyAuthorization);
    }

    void answer(AcmeIdentifier identifier, TlsIdentity identity) {
        byName.put(identifier.serverName(), identity);
    }

    void forget(String token) {
        byToken.remove(token);
    }

    void forget(AcmeIdentifier identifier, TlsIdentity identity) {
        byName.remove(identifier.serverName(), identity);
    }
}
