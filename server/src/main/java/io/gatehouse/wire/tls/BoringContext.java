package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SSLSession;
import io.netty.internal.tcnative.SSLSessionCache;
import io.netty.internal.tcnative.SessionTicketKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An SSL_CTX of BoringSSL. Each engine refers to its context, so that this is not freed before the last of them. What BoringSSL
 * calls back must not refer to the context, because BoringSSL keeps it alive.
 */
final class BoringContext extends TlsContext {
    /** More certificates of a peer than these are not looked at. */
    private static final int LONGEST_CHAIN = 100;

    private static final char TLS_1_3 = 0x0304;

    private final long context;
    private final @Nullable PeerVerifier verifier;
    /** Whether clients that will speak TLS 1.3 get tickets, though others do not. */
    private final boolean onlyNewTickets;

    private BoringContext(boolean server, long context, @Nullable PeerVerifier verifier, boolean onlyNewTickets) {
        super(server);
        this.context = context;
        this.verifier = verifier;
        this.onlyNewTickets = onlyNewTickets;
        NativeMemory.CLEANER.register(this, () -> SSLContext.free(context));
    }

    static BoringContext ofServer(ServerTlsSettings settings) throws TlsSettingsException {
        ServerTlsSettings.Clients clients = settings.clients();
        BoringContext made = make(
                true,
                settings.versions(),
                clients == null ? null : clients.verifier(),
                settings.sessions().onlyNewTickets() && settings.versions().contains(TlsVersion.TLS_1_3));
        long context = made.context;
        ciphers(context, settings.ciphers());
        groups(context, settings.groups());
        if (settings.preferOwnCiphers()) {
            SSLContext.setOptions(context, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        }
        for (TlsIdentity identity : settings.identities()) {
            made.add(identity);
        }
        if (!settings.alpn().isEmpty()) {
            SSLContext.setAlpnProtos(
                    context, settings.alpn().toArray(new String[0]), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        sessions(context, settings.sessions());
        if (settings.compressed()) {
            int _ = SSLContext.addCertificateCompressionAlgorithm(
                    context, SSL.SSL_CERT_COMPRESSION_DIRECTION_COMPRESS, new CompressedCertificates());
        }
        if (clients != null) {
            ask(context, clients);
        }
        return made;
    }

    static BoringContext ofClient(ClientTlsSettings settings) throws TlsSettingsException {
        BoringContext made = make(false, settings.versions(), settings.verifier(), false);
        long context = made.context;
        ciphers(context, settings.ciphers());
        groups(context, settings.groups());
        TlsIdentity identity = settings.identity();
        if (identity != null) {
            made.add(identity);
        }
        if (!settings.alpn().isEmpty()) {
            SSLContext.setAlpnProtos(
                    context, settings.alpn().toArray(new String[0]), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_CLIENT | SSL.SSL_SESS_CACHE_NO_INTERNAL_STORE);
        SSLContext.setSSLSessionCache(context, new SessionsOfClient());
        PeerVerifier verifier = settings.verifier();
        SSLContext.setCertVerifyCallback(context, new Verifying(verifier));
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_OPTIONAL, LONGEST_CHAIN);
        return made;
    }

    private static BoringContext make(
            boolean server, Set<TlsVersion> versions, @Nullable PeerVerifier verifier, boolean onlyNewTickets)
            throws TlsSettingsException {
        int protocols = 0;
        for (TlsVersion version : versions) {
            protocols |= switch (version) {
                case TLS_1_0 -> SSL.SSL_PROTOCOL_TLSV1;
                case TLS_1_1 -> SSL.SSL_PROTOCOL_TLSV1_1;
                case TLS_1_2 -> SSL.SSL_PROTOCOL_TLSV1_2;
                case TLS_1_3 -> SSL.SSL_PROTOCOL_TLSV1_3;
            };
        }
        long context;
        try {
            context = SSLContext.make(protocols, server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
        } catch (Exception e) {
            throw new TlsSettingsException("SSL_CTX_new", BoringErrors.within(e));
        }
        if (!versions.contains(TlsVersion.TLS_1_3)) {
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TLSv1_3);
        }
        SSLContext.setMode(context, SSLContext.getMode(context) | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSLContext.setUseTasks(context, false);
        return new BoringContext(server, context, verifier, onlyNewTickets);
    }

    private static void ciphers(long context, String ciphers) throws TlsSettingsException {
        if (ciphers.isEmpty()) { // Which would leave the library's own.
            throw new TlsSettingsException("SSL_CTX_set_cipher_list", BoringErrors.NO_CIPHER);
        }
        try {
            SSLContext.setCipherSuite(context, ciphers, false);
        } catch (Exception e) {
            throw new TlsSettingsException("SSL_CTX_set_cipher_list", BoringErrors.within(e));
        } finally {
            SSL.clearError();
        }
    }

    private static void groups(long context, @Nullable String groups) throws TlsSettingsException {
        if (groups != null && !SSLContext.setCurvesList(context, groups)) {
            throw new TlsSettingsException("SSL_CTX_set1_curves_list", BoringErrors.take());
        }
    }

    private void add(TlsIdentity identity) throws TlsSettingsException {
        try {
            SSLContext.addCredential(context, ((BoringIdentity) identity).pointer());
        } catch (Exception e) {
            throw new TlsSettingsException("SSL_CTX_add1_credential", BoringErrors.within(e));
        }
    }

    private static void sessions(long context, ServerTlsSettings.Sessions sessions) {
        SSLContext.setSessionIdContext(context, sessions.idContext());
        SSLContext.setSessionCacheTimeout(context, sessions.timeout());
        TlsSessionStore store = sessions.store();
        if (sessions.builtin() > 0) {
            SSLContext.setSessionCacheSize(context, sessions.builtin());
        } else if (store != null) {
            SSLContext.setSessionCacheMode(
                    context,
                    SSL.SSL_SESS_CACHE_SERVER
                            | SSL.SSL_SESS_CACHE_NO_INTERNAL_LOOKUP
                            | SSL.SSL_SESS_CACHE_NO_INTERNAL_STORE);
            SSLContext.setSSLSessionCache(context, new SessionsOfServer(store));
        }
        if (!sessions.tickets()) {
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TICKET);
        }
        if (!sessions.ticketKeys().isEmpty()) {
            ticketKeys(context, sessions.ticketKeys());
        }
    }

    @Override
    public void ticketKeys(List<byte[]> keys) {
        ticketKeys(context, keys);
    }

    private static void ticketKeys(long context, List<byte[]> keys) {
        SSLContext.setSessionTicketKeys(
                context,
                keys.stream()
                        .map(key -> new SessionTicketKey(
                                Arrays.copyOf(key, 16),
                                Arrays.copyOfRange(key, 16, 32),
                                Arrays.copyOfRange(key, 32, 48)))
                        .toArray(SessionTicketKey[]::new));
    }

    private static void ask(long context, ServerTlsSettings.Clients clients) throws TlsSettingsException {
        if (!clients.named().isEmpty()) {
            try (MemoryBio names = new MemoryBio(PemText.write("CERTIFICATE", clients.named()))) {
                if (!SSLContext.setCACertificateBio(context, names.pointer)) {
                    throw new TlsSettingsException("SSL_load_client_CA_file", BoringErrors.take());
                }
            } finally {
                SSL.clearError();
            }
        }
        SSLContext.setCertVerifyCallback(context, new Verifying(clients.verifier()));
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_OPTIONAL, LONGEST_CHAIN);
    }

    // -- what BoringSSL calls back, within a handshake

    /** Looks at the peer's certificates, writes down what came of it and lets the handshake go on. */
    private static final class Verifying extends CertificateVerifier {
        private final @Nullable PeerVerifier verifier;

        Verifying(@Nullable PeerVerifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public int verify(long ssl, byte[][] chain, String algorithm) {
            BoringEngine engine = BoringEngine.current();
            if (engine == null) {
                return X509_V_ERR_UNSPECIFIED;
            }
            if (verifier != null) {
                engine.facts().verified(verifier.verify(chain));
            }
            return X509_V_OK;
        }
    }

    private record SessionsOfServer(TlsSessionStore store) implements SSLSessionCache {
        @Override
        public boolean sessionCreated(long ssl, long session) {
            byte[] id = SSLSession.getSessionId(session);
            if (id != null) {
                store.put(id, session, SSLSession.getTimeout(session));
            }
            return false; // The store has a reference of its own.
        }

        @Override
        public long getSession(long ssl, byte[] id) {
            return store.get(id);
        }
    }

    private static final class SessionsOfClient implements SSLSessionCache {
        @Override
        public boolean sessionCreated(long ssl, long session) {
            BoringEngine engine = BoringEngine.current();
            TlsSessionSlot slot = engine == null ? null : engine.sessions();
            if (slot == null) {
                return false;
            }
            slot.put(session);
            return true;
        }

        @Override
        public long getSession(long ssl, byte[] id) {
            return -1;
        }
    }

    // -- engines

    boolean looksAtPeers() {
        return verifier != null;
    }

    VerifyResult verify(byte[][] chain) {
        return verifier == null ? VerifyResult.OK : verifier.verify(chain);
    }

    @Override
    public TlsEngine accept(@Nullable ClientHello hello, List<TlsIdentity> identities) {
        long ssl = open(identities);
        if (onlyNewTickets && hello != null && hello.offers(TLS_1_3)) {
            SSL.clearOptions(ssl, SSL.SSL_OP_NO_TICKET);
        }
        return new BoringEngine(this, ssl, new TlsFacts(hello), null);
    }

    @Override
    public TlsEngine connect(
            @Nullable String serverName, List<TlsIdentity> identities, @Nullable TlsSessionSlot sessions) {
        long ssl = open(identities);
        if (serverName != null) {
            SSL.setTlsExtHostName(ssl, serverName);
        }
        if (sessions != null) {
            sessions.offer(ssl);
        }
        return new BoringEngine(this, ssl, new TlsFacts(null), sessions);
    }

    private long open(List<TlsIdentity> identities) {
        long ssl = SSL.newSSL(context, isServer());
        try {
            for (TlsIdentity identity : identities) {
                SSL.addCredential(ssl, ((BoringIdentity) identity).pointer());
            }
        } catch (Exception e) {
            SSL.freeSSL(ssl);
            throw new IllegalStateException(e); // Out of memory: the identity is in order.
        }
        return ssl;
    }
}
