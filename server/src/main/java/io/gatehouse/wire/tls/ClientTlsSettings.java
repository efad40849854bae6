package io.gatehouse.wire.tls;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client's context is made from.
 *
 * @param identity to show to a server that asks, or null
 * @param versions spoken
 * @param ciphers in OpenSSL's grammar, for TLS 1.2 and older
 * @param groups in OpenSSL's grammar; null for the library's own
 * @param alpn protocols to offer, the most wanted first; may be empty
 * @param verifier of servers' certificates; none is refused in the handshake, what came of it is in {@link
 *     TlsFacts#verification}. Null if nobody will ask
 */
public record ClientTlsSettings(
        @Nullable TlsIdentity identity,
        Set<TlsVersion> versions,
        String ciphers,
        @Nullable String groups,
        List<String> alpn,
        @Nullable PeerVerifier verifier) {}
