package io.gatehouse.wire.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A context of the JDK, for machines that BoringSSL's library is not built for. Ciphers and groups are the JDK's own choice,
 * whatever the settings say, and so are its sessions.
 */
final class JdkContext extends TlsContext {
    private final List<TlsIdentity> identities;
    private final Set<TlsVersion> versions;
    private final List<String> alpn;
    private final @Nullable PeerVerifier verifier;

    private JdkContext(
            boolean server,
            List<TlsIdentity> identities,
            Set<TlsVersion> versions,
            List<String> alpn,
            @Nullable PeerVerifier verifier) {
        super(server);
        this.identities = identities;
        this.versions = versions;
        this.alpn = alpn;
        this.verifier = verifier;
    }

    static JdkContext ofServer(ServerTlsSettings settings) {
        ServerTlsSettings.Clients clients = settings.clients();
        return new JdkContext(
                true,
                settings.identities(),
                settings.versions(),
                settings.alpn(),
                clients == null ? null : clients.verifier());
    }

    static JdkContext ofClient(ClientTlsSettings settings) {
        TlsIdentity identity = settings.identity();
        return new JdkContext(
                false,
                identity == null ? List.of() : List.of(identity),
                settings.versions(),
                settings.alpn(),
                settings.verifier());
    }

    @Override
    public void ticketKeys(List<byte[]> keys) {}

    @Override
    public TlsEngine accept(@Nullable ClientHello hello, List<TlsIdentity> more) {
        SSLEngine engine = engine(more);
        engine.setUseClientMode(false);
        engine.setWantClientAuth(verifier != null);
        return new JdkEngine(engine, new TlsFacts(hello), verifier, alpn);
    }

    @Override
    public TlsEngine connect(@Nullable String serverName, List<TlsIdentity> more, @Nullable TlsSessionSlot sessions) {
        SSLEngine engine = engine(more);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (serverName != null) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        parameters.setApplicationProtocols(alpn.toArray(new String[0]));
        engine.setSSLParameters(parameters);
        return new JdkEngine(engine, new TlsFacts(null), verifier, List.of());
    }

    private SSLEngine engine(List<TlsIdentity> more) {
        List<TlsIdentity> all = new ArrayList<>(more);
        all.addAll(identities);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Keys(all)}, new TrustManager[] {new AnyPeer()}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setEnabledProtocols(
                    versions.stream().map(version -> version.text).toArray(String[]::new));
            return engine;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Chooses by the kind of key alone. */
    private static final class Keys extends X509ExtendedKeyManager {
        private final List<TlsIdentity> identities;

        Keys(List<TlsIdentity> identities) {
            this.identities = identities;
        }

        private @Nullable String of(String type) {
            for (int i = 0; i < identities.size(); i++) {
                String algorithm = ((JdkIdentity) identities.get(i)).key.getAlgorithm();
                if (type.equals(algorithm)
                        || type.startsWith(algorithm)
                        || type.equals("RSASSA-PSS") && algorithm.equals("RSA")) {
                    return Integer.toString(i);
                }
            }
            return null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
            return of(type);
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            for (String type : types) {
                String found = of(type);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return ((JdkIdentity) identities.get(Integer.parseInt(alias))).chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return ((JdkIdentity) identities.get(Integer.parseInt(alias))).key;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
