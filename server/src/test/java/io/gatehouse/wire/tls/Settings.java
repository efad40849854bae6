package io.gatehouse.wire.tls;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings for tests. */
public final class Settings {
    public static final String CIPHERS = "HIGH:!aNULL:!MD5";
    public static final ServerTlsSettings.Sessions NO_SESSIONS =
            new ServerTlsSettings.Sessions(new byte[] {1}, 300, 0, null, true, List.of(), false);

    private Settings() {}

    public static ServerTlsSettings server(List<TlsIdentity> identities, TlsVersion... versions) {
        return new ServerTlsSettings(
                identities,
                versions(versions),
                CIPHERS,
                false,
                null,
                List.of("h2", "http/1.1"),
                NO_SESSIONS,
                false,
                null);
    }

    public static Set<TlsVersion> versions(TlsVersion... versions) {
        return versions.length == 0
                ? EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                : EnumSet.copyOf(List.of(versions));
    }

    public static ServerTlsSettings with(ServerTlsSettings from, ServerTlsSettings.Sessions sessions) {
        return new ServerTlsSettings(
                from.identities(),
                from.versions(),
                from.ciphers(),
                from.preferOwnCiphers(),
                from.groups(),
                from.alpn(),
                sessions,
                from.compressed(),
                from.clients());
    }

    public static ServerTlsSettings with(ServerTlsSettings from, ServerTlsSettings.Clients clients) {
        return new ServerTlsSettings(
                from.identities(),
                from.versions(),
                from.ciphers(),
                from.preferOwnCiphers(),
                from.groups(),
                from.alpn(),
                from.sessions(),
                from.compressed(),
                clients);
    }

    public static ClientTlsSettings client(@Nullable PeerVerifier verifier, TlsVersion... versions) {
        return new ClientTlsSettings(null, versions(versions), CIPHERS, null, List.of("http/1.1"), verifier);
    }

    public static ClientTlsSettings with(ClientTlsSettings from, TlsIdentity identity) {
        return new ClientTlsSettings(
                identity, from.versions(), from.ciphers(), from.groups(), from.alpn(), from.verifier());
    }
}
