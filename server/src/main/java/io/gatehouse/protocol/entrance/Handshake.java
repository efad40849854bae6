package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.MatchLimitException;
import io.gatehouse.text.InetText;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.CertificateReader;
import io.gatehouse.tls.ClientStatus;
import io.gatehouse.tls.ServerTls;
import io.gatehouse.tls.StapledCertificates;
import io.gatehouse.tls.TlsGate;
import io.gatehouse.tls.VariableCertificates;
import io.gatehouse.tls.acme.ChallengeTls;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.Wire;
import io.gatehouse.wire.tls.ClientHello;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.gatehouse.wire.tls.TlsIdentity;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of the handshake on an address with TLS: reads which server the client wants, begins TLS with that server's
 * certificates and settings, and gives the connection to who speaks the protocol agreed on. A client that speaks HTTP in clear
 * is let through, to be told so.
 */
final class Handshake extends EntranceStep {
    /** One that is longer, in tiny records say, is looked at by the engine alone. */
    private static final int LONGEST_HELLO = 32 * 1024;

    /** The fatal alerts that are sent before there is an engine (RFC 8446, 6.2). */
    private static final int UNRECOGNIZED_NAME = 112;

    private static final int NO_APPLICATION_PROTOCOL = 120;
    private static final int INTERNAL_ERROR = 80;

    private @Nullable String serverName;
    /** Of the server whose TLS it is. */
    private Location level;
    /** The hello as far as it has come. */
    private @Nullable ByteBuf begun;

    /** Whether the handshake is all that the client wants. */
    private boolean challenge;

    /** Whether the client's certificate is still good, as long as somebody is asked that. */
    private ClientStatus.@Nullable Question question;

    Handshake(Entrance entrance, ClientConnection client, ListenPoint point) {
        super(entrance, client, point, "SSL handshaking");
        this.level = server.level();
    }

    // -- the hello

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        ByteBuf all = begun;
        begun = null;
        if (all == null) {
            if (!ClientHello.begins(in.getByte(in.readerIndex()))) {
                client.gate = new TlsGate(null);
                pass(entrance.http1.takeOver(this, client, point), in);
                return;
            }
            all = client.loop.buffer(in.readableBytes());
        }
        all.writeBytes(in);
        switch (ClientHello.read(all)) {
            case ClientHello.Reading.Incomplete() -> {
                if (all.readableBytes() < LONGEST_HELLO) {
                    begun = all;
                } else {
                    choose(null, all);
                }
            }
            case ClientHello.Reading.Unreadable() -> choose(null, all);
            case ClientHello.Reading.Read(ClientHello hello) -> choose(hello, all);
        }
    }

    private void choose(@Nullable ClientHello hello, ByteBuf bytes) {
        client.hello = hello;
        wire.reading(false);
        wire.unread(bytes);
        String name = hello == null ? "" : name(hello.serverName());
        if (hello != null && isChallenge(hello, name)) {
            return;
        }
        try {
            find(name);
        } catch (MatchLimitException e) {
            refuse(INTERNAL_ERROR, "a regex of server_name took too many steps");
            return;
        }
        level = server.level();
        ServerTls tls = ServerTls.of(level);
        if (!tls.isThere()) {
            level = point.names().byDefault().level();
            tls = ServerTls.of(level);
        }
        boolean http2 = Entrance.speaksHttp2(point, server);
        TlsContext context = tls.context(http2);
        if (tls.rejects()) {
            refuse(UNRECOGNIZED_NAME, "the server rejects handshakes");
        } else if (context == null) {
            refuse(UNRECOGNIZED_NAME, "no certificate");
        } else if (hello != null && !ServerTls.agrees(hello.alpn(), http2)) {
            refuse(NO_APPLICATION_PROTOCOL, "no application protocol");
        } else if (tls.variables() != null) {
            read(context, tls, tls.variables());
        } else if (tls.automatic() != null) {
            ask(context, tls, tls.automatic(), name);
        } else {
            secure(context, tls, atHand(hello));
        }
    }

    /** Certificates beside those of the context. */
    private List<TlsIdentity> atHand(@Nullable ClientHello hello) {
        StapledCertificates stapled = level.settings(StapledCertificates.KEY);
        return stapled == null
                ? List.of()
                : stapled.identities(client.loop, hello != null && hello.wantsStatus(), level);
    }

    /** Whether an authority looks whether the name is ours; it is answered by the handshake itself, whatever its server says. */
    private boolean isChallenge(ClientHello hello, String name) {
        ChallengeTls challenges = server.level().settings(ChallengeTls.KEY);
        TlsEngine engine = challenges == null ? null : challenges.accept(hello, name);
        if (engine == null) {
            return false;
        }
        tell(Level.INFO, "an authority asks for a tls-alpn-01 challenge for \"" + name + "\"");
        challenge = true;
        wire.secure(engine, TlsEngine.RECORD);
        return true;
    }

    private void find(String name) {
        if (!name.isEmpty()) {
            VirtualServer named = point.names().named(name, null);
            if (named != null) {
                server = named;
                serverName = name;
            }
        }
    }

    /** As a host of a request: in lower case, without a final dot; empty if it is none. */
    private static String name(String sent) {
        StringBuilder name = new StringBuilder(sent.length());
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            if (c <= ' ' || c == 127 || c == '/' || c == ':' || c == '.' && (i == 0 || sent.charAt(i - 1) == '.')) {
                return "";
            }
            name.append(c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
        }
        int length = name.length();
        return length > 0 && name.charAt(length - 1) == '.' ? name.substring(0, length - 1) : name.toString();
    }

    /** Certificates by variables: what is not kept is read beside the loop. */
    private void read(TlsContext context, ServerTls tls, VariableCertificates certificates) {
        VariableCertificates.Names names = certificates.names(NoRequest.of(client, server));
        List<TlsIdentity> kept = certificates.kept(names);
        if (kept != null) {
            secure(context, tls, kept);
            return;
        }
        await(context, tls, () -> certificates.load(names));
    }

    /** Certificates that come by themselves: what takes a moment only is waited for. */
    private void ask(TlsContext context, ServerTls tls, AutomaticCertificates certificates, String name) {
        String wanted = name.isEmpty() && wire.local() instanceof InetSocketAddress local
                ? InetText.of(local.getAddress().getAddress())
                : name;
        switch (certificates.answer(wanted)) {
            case AutomaticCertificates.Answer.AtHand(List<TlsIdentity> identities) -> secure(context, tls, identities);
            case AutomaticCertificates.Answer.Obtainable() -> await(context, tls, () -> certificates.obtain(wanted));
            case AutomaticCertificates.Answer.Awaited(String what) -> {
                if (what != null) {
                    tell(Level.ERROR, what);
                }
                refuse(INTERNAL_ERROR, "no certificate yet");
            }
        }
    }

    private void await(TlsContext context, ServerTls tls, CertificateReader.Source source) {
        CertificateReader.read(source, client.loop, (identities, error) -> {
            if (isOver() || !wire.isOpen()) {
                return;
            }
            if (error != null) {
                tell(Level.ERROR, error);
                refuse(INTERNAL_ERROR, "no certificate");
            } else {
                secure(context, tls, identities);
            }
        });
    }

    private void secure(TlsContext context, ServerTls tls, List<TlsIdentity> identities) {
        if (server.level().core.tcpNodelay()) {
            wire.noDelay(true);
        }
        wire.secure(context.accept(client.hello, identities), tls.record());
    }

    /** Ends the handshake with an alert, in clear, since there are no keys yet. */
    private void refuse(int alert, String reason) {
        tell(Level.INFO, "SSL_do_handshake() failed (SSL: " + reason + ")");
        wire.write(client.loop
                .buffer(7)
                .writeByte(21)
                .writeShort(0x0303)
                .writeShort(2)
                .writeByte(2)
                .writeByte(alert));
        wire.closeWhenSent();
        leave();
    }

    // -- after it

    @Override
    public void onSecured(Wire from) {
        if (challenge) {
            wire.closeWhenSent();
            leave();
            return;
        }
        ClientStatus status = level.settings(ClientStatus.KEY);
        ClientStatus.Question asked = status == null ? null : status.begin(client, level, this::goOn);
        if (asked == null) {
            goOn();
        } else {
            question = asked;
            wire.watchForEnd(false); // Its request may be there already, and the end of the stream behind it.
        }
    }

    /** Gives the connection to who speaks the protocol agreed on. */
    private void goOn() {
        question = null;
        TlsFacts facts = wire.tls();
        client.scheme = "https";
        client.gate = new TlsGate(serverName);
        pass(entrance.behindHandshake(this, client, point, facts == null ? "" : facts.alpn()));
    }

    @Override
    void forget() {
        ClientStatus.Question asked = question;
        if (asked != null) {
            question = null;
            asked.cancel();
        }
        ByteBuf left = begun;
        begun = null;
        if (left != null) {
            left.release();
        }
    }

    @Override
    public void onEnd(Wire from) {
        if (begun == null && client.hello == null) {
            tell(Level.INFO, "client closed connection");
        } else {
            tell(Level.INFO, "peer closed connection in SSL handshake");
        }
        cut();
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        if (!isOver() && cause != null) {
            tell(
                    Level.INFO,
                    cause instanceof ErrnoException e
                            ? "peer closed connection in SSL handshake (" + e.getMessage() + ")"
                            : String.valueOf(cause.getMessage()));
        }
        cut();
    }
}
