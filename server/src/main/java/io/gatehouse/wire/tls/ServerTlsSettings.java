package io.gatehouse.wire.tls;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server's context is made from.
 *
 * @param identities tried in this order for what the client can verify; may be empty if each connection brings its own
 * @param versions spoken
 * @param ciphers in OpenSSL's grammar, for TLS 1.2 and older
 * @param preferOwnCiphers whether the server's order of ciphers counts ({@code ssl_prefer_server_ciphers})
 * @param groups in OpenSSL's grammar, the most wanted first; null for the library's own
 * @param alpn protocols to agree on (RFC 7301), the most wanted first; empty to answer nobody
 * @param sessions how earlier sessions are resumed
 * @param compressed whether certificates are compressed (RFC 8879)
 * @param clients whether and how clients are asked for a certificate; null if they are not
 */
public record ServerTlsSettings(
        List<TlsIdentity> identities,
        Set<TlsVersion> versions,
        String ciphers,
        boolean preferOwnCiphers,
        @Nullable String groups,
        List<String> alpn,
        Sessions sessions,
        boolean compressed,
        @Nullable Clients clients) {
    /**
     * How earlier sessions are resumed.
     *
     * @param idContext sessions are only resumed by a context with the same (SSL_CTX_set_session_id_context); 32 bytes at most
     * @param timeout in seconds
     * @param builtin sessions that the context keeps for itself; 0 for none
     * @param store that is shared with other contexts, or null
     * @param tickets whether sessions are given to clients to keep (RFC 5077)
     * @param ticketKeys of 48 bytes each (name, HMAC key, AES key), the first one encrypts; empty for keys of the library's own
     * @param onlyNewTickets whether clients of TLS 1.3 get tickets although {@code tickets} is off: of that version BoringSSL keeps
     *     no session itself
     */
    public record Sessions(
            byte[] idContext,
            long timeout,
            int builtin,
            @Nullable TlsSessionStore store,
            boolean tickets,
            List<byte[]> ticketKeys,
            boolean onlyNewTickets) {}

    /**
     * How clients are asked for a certificate. None is refused in the handshake: what came of it is in {@link
     * TlsFacts#verification}.
     *
     * @param named certificates in DER, whose subjects the client is told to choose by
     */
    public record Clients(List<byte[]> named, PeerVerifier verifier) {}

    /** The same with other protocols to agree on. */
    public ServerTlsSettings withAlpn(List<String> other) {
        return new ServerTlsSettings(
                identities, versions, ciphers, preferOwnCiphers, groups, other, sessions, compressed, clients);
    }
}
