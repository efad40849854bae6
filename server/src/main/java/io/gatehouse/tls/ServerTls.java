package io.gatehouse.tls;

import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.wire.tls.ServerTlsSettings;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one server: what its clients are offered and what is asked of them. From any thread.
 */
public final class ServerTls {
    public static final SettingsKey<ServerTls> KEY = SettingsKey.of(ServerTls.class);

    /** Of a server that says nothing of TLS. */
    public static final ServerTls NONE =
            new ServerTls(null, null, false, 16 * 1024, ClientVerify.OFF, null, null, null);

    private static final List<String> HTTP1 = List.of("http/1.1", "http/1.0", "http/0.9");
    private static final List<String> HTTP2 = List.of("h2", "http/1.1", "http/1.0", "http/0.9");

    private final @Nullable ServerTlsSettings settings;
    private final @Nullable TlsContext http1;
    private volatile @Nullable TlsContext http2;
    private final boolean rejects;
    private final int record;
    private final ClientVerify verify;
    private final @Nullable VariableCertificates variables;
    private final @Nullable AutomaticCertificates automatic;
    private final @Nullable SessionZone zone;
    private volatile List<byte[]> ticketKeys = List.of();

    private ServerTls(
            @Nullable ServerTlsSettings settings,
            @Nullable TlsContext http1,
            boolean rejects,
            int record,
            ClientVerify verify,
            @Nullable VariableCertificates variables,
            @Nullable AutomaticCertificates automatic,
            @Nullable SessionZone zone) {
        this.settings = settings;
        this.http1 = http1;
        this.rejects = rejects;
        this.record = record;
        this.verify = verify;
        this.variables = variables;
        this.automatic = automatic;
        this.zone = zone;
    }

    /**
     * @param settings of its contexts; null if it has no certificate, the protocols to agree on are added here
     * @param rejects whether it ends every handshake ({@code ssl_reject_handshake})
     * @param record the most plaintext of a record
     * @param variables certificates that depend on the connection, or null
     * @param automatic certificates that come by themselves, or null
     * @param zone that gives the keys of tickets, or null for keys of the settings or the library's own
     */
    public static ServerTls of(
            @Nullable ServerTlsSettings settings,
            boolean rejects,
            int record,
            ClientVerify verify,
            @Nullable VariableCertificates variables,
            @Nullable AutomaticCertificates automatic,
            @Nullable SessionZone zone)
            throws TlsSettingsException {
        TlsContext context = settings == null ? null : TlsContext.server(settings.withAlpn(HTTP1));
        return new ServerTls(settings, context, rejects, record, verify, variables, automatic, zone);
    }

    /** That of a server's level. */
    public static ServerTls of(Location level) {
        ServerTls found = level.settings(KEY);
        return found == null ? NONE : found;
    }

    /** Whether it can take part in a handshake: it has certificates or gets them, or it ends it. */
    public boolean isThere() {
        return http1 != null || rejects;
    }

    public boolean rejects() {
        return rejects;
    }

    public int record() {
        return record;
    }

    public ClientVerify verify() {
        return verify;
    }

    public @Nullable VariableCertificates variables() {
        return variables;
    }

    public @Nullable AutomaticCertificates automatic() {
        return automatic;
    }

    /** The context for a client that may, or may not, be offered HTTP/2; null if there is no certificate. */
    @SuppressWarnings("ReferenceEquality") // it is the same list until they change
    public @Nullable TlsContext context(boolean withHttp2) {
        TlsContext context = withHttp2 ? http2() : http1;
        SessionZone keys = zone;
        ServerTlsSettings from = settings;
        if (context != null && keys != null && from != null) {
            List<byte[]> inForce = keys.keys(from.sessions().timeout());
            if (inForce != ticketKeys) {
                changeKeys(inForce);
            }
        }
        return context;
    }

    private synchronized void changeKeys(List<byte[]> inForce) {
        ticketKeys = inForce;
        for (TlsContext context : new ArrayList<>(java.util.Arrays.asList(http1, http2))) {
            if (context != null) {
                context.ticketKeys(inForce);
            }
        }
    }

    private @Nullable TlsContext http2() {
        TlsContext made = http2;
        return made == null && settings != null ? makeHttp2(settings) : made;
    }

    private synchronized TlsContext makeHttp2(ServerTlsSettings from) {
        TlsContext made = http2;
        if (made == null) {
            try {
                made = TlsContext.server(from.withAlpn(HTTP2));
            } catch (TlsSettingsException e) {
                throw new IllegalStateException(e); // The other one was made from the same.
            }
            http2 = made;
            ticketKeys = List.of();
        }
        return made;
    }

    /** Whether a client that wants one of these protocols can be served (RFC 7301, 3.2); one that wants none can. */
    public static boolean agrees(List<String> wanted, boolean withHttp2) {
        return wanted.isEmpty() || wanted.stream().anyMatch((withHttp2 ? HTTP2 : HTTP1)::contains);
    }
}
