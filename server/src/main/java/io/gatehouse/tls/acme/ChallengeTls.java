package io.gatehouse.tls.acme;

import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.wire.tls.ClientHello;
import io.gatehouse.wire.tls.ServerTlsSettings;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import io.gatehouse.wire.tls.TlsVersion;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handshakes by which an authority looks whether a name is ours (tls-alpn-01, RFC 8737): they show a certificate of their own
 * kind, whatever the server of that name says of TLS, and carry nothing. From any thread.
 */
public final class ChallengeTls {
    /** On the level of every server of a configuration that gets certificates by itself. */
    public static final SettingsKey<ChallengeTls> KEY = SettingsKey.of(ChallengeTls.class);

    private static final List<String> ALONE = List.of(Challenges.TLS_PROTOCOL);

    private final Challenges challenges;
    private final TlsContext context;

    public ChallengeTls(Challenges challenges) {
        this.challenges = challenges;
        try {
            this.context = TlsContext.server(new ServerTlsSettings(
                    List.of(),
                    Set.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                    "HIGH:!aNULL:!MD5",
                    false,
                    null,
                    ALONE,
                    new ServerTlsSettings.Sessions(new byte[0], 1, 0, null, false, List.of(), false),
                    false,
                    null));
        } catch (TlsSettingsException e) {
            throw new IllegalStateException(e); // Every library has these.
        }
    }

    /**
     * An engine for a client that is an authority, and asks for a name that is to be shown to one now; null for every other.
     *
     * @param name that it asks for, in lower case
     */
    public @Nullable TlsEngine accept(ClientHello hello, String name) {
        if (!hello.alpn().equals(ALONE)) {
            return null;
        }
        TlsIdentity identity = challenges.overTls(name);
        return identity == null ? null : context.accept(hello, List.of(identity));
    }
}
