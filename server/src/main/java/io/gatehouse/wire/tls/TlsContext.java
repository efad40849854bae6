package io.gatehouse.wire.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes engines that have their settings in common. Immutable, from any thread. Its native memory goes when nobody refers to it
 * any more.
 */
public abstract class TlsContext {
    private final boolean server;

    TlsContext(boolean server) {
        this.server = server;
    }

    /** @throws TlsSettingsException naming the call that refused a setting: SSL_CTX_set_cipher_list, SSL_CTX_set1_curves_list ... */
    public static TlsContext server(ServerTlsSettings settings) throws TlsSettingsException {
        return TlsLibrary.isNative() ? BoringContext.ofServer(settings) : JdkContext.ofServer(settings);
    }

    /** @throws TlsSettingsException as for {@link #server(ServerTlsSettings)} */
    public static TlsContext client(ClientTlsSettings settings) throws TlsSettingsException {
        return TlsLibrary.isNative() ? BoringContext.ofClient(settings) : JdkContext.ofClient(settings);
    }

    public final boolean isServer() {
        return server;
    }

    /** From now on tickets are encrypted with the first of these keys, as in {@link ServerTlsSettings.Sessions}. */
    public abstract void ticketKeys(List<byte[]> keys);

    /**
     * An engine for a connection of a client.
     *
     * @param hello what the client has said, to be found in {@link TlsFacts#hello}
     * @param identities beside those of the context
     */
    public abstract TlsEngine accept(@Nullable ClientHello hello, List<TlsIdentity> identities);

    /**
     * An engine for a connection to a server.
     *
     * @param serverName to ask for (RFC 6066, 3), or null
     * @param identities beside that of the context
     * @param sessions where the session to resume is and the next one goes, or null
     */
    public abstract TlsEngine connect(
            @Nullable String serverName, List<TlsIdentity> identities, @Nullable TlsSessionSlot sessions);
}
