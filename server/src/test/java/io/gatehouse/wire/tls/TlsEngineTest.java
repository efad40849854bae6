package io.gatehouse.wire.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.pkitesting.X509Bundle;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two engines talk to each other in memory: BoringSSL's and the JDK's, which stands in where there is no BoringSSL. */
@ParameterizedClass
@EnumSource
class TlsEngineTest {
    enum Pair {
        BORING_BORING(true, true),
        BORING_JDK(true, false),
        JDK_BORING(false, true),
        JDK_JDK(false, false);

        final boolean boringClient;
        final boolean boringServer;

        Pair(boolean boringClient, boolean boringServer) {
            this.boringClient = boringClient;
            this.boringServer = boringServer;
        }
    }

    private static final X509Bundle LOCALHOST = Pki.server("localhost", "www.example.com");

    @Parameter
    Pair pair;

    private Side client;
    private Side server;

    private static final class Side implements TlsEngine.Output {
        final TlsEngine engine;
        final ByteBuf out = Unpooled.directBuffer();
        final ByteBuf plain = Unpooled.directBuffer(1 << 20, 1 << 20);
        boolean secured;
        boolean ended;

        Side(TlsEngine engine) {
            this.engine = engine;
        }

        @Override
        public ByteBuf buffer() {
            return out;
        }

        void take(ByteBuf in) throws TlsException {
            if (!secured) {
                secured = engine.handshake(in, this);
            }
            if (secured && !ended) {
                ended = engine.decrypt(in, plain, this);
            }
            if (in.isReadable()) {
                in.clear();
            }
        }

        void say(byte[] text) throws TlsException {
            ByteBuf bytes = Unpooled.directBuffer().writeBytes(text);
            engine.encrypt(bytes, text.length, out);
            bytes.release();
        }

        String heard() {
            return plain.readCharSequence(plain.readableBytes(), US_ASCII).toString();
        }

        void free() {
            engine.free();
            out.release();
            plain.release();
        }
    }

    private static TlsIdentity identity(boolean boring, X509Bundle bundle) throws TlsSettingsException {
        byte[] key = bundle.getPrivateKeyPEM().getBytes(US_ASCII);
        return boring
                ? BoringIdentity.of(Pki.chain(bundle), key, null, null)
                : JdkIdentity.of(Pki.chain(bundle), key, null);
    }

    private void open(ServerTlsSettings of, ClientTlsSettings by) throws TlsSettingsException {
        TlsContext servers = pair.boringServer ? BoringContext.ofServer(of) : JdkContext.ofServer(of);
        TlsContext clients = pair.boringClient ? BoringContext.ofClient(by) : JdkContext.ofClient(by);
        server = new Side(servers.accept(null, List.of()));
        client = new Side(clients.connect("localhost", List.of(), null));
    }

    private ServerTlsSettings settings(TlsVersion... versions) throws TlsSettingsException {
        return Settings.server(List.of(identity(pair.boringServer, LOCALHOST)), versions);
    }

    private static PeerVerifier verifier(PeerVerifier.Purpose purpose) {
        return new PeerVerifier(List.of(Pki.CA.getCertificate()), List.of(), 1, purpose);
    }

    private void talk() throws TlsException {
        client.take(Unpooled.EMPTY_BUFFER);
        while (client.out.isReadable() || server.out.isReadable()) {
            server.take(client.out);
            client.take(server.out);
        }
    }

    @BeforeEach
    void load() {
        assumeTrue(TlsLibrary.isNative());
    }

    @AfterEach
    void free() {
        client.free();
        server.free();
    }

    @Test
    void bothSidesAgreeAndAreUnderstood() throws Exception {
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            open(settings(version), Settings.client(verifier(PeerVerifier.Purpose.SERVER)));
            talk();
            assertThat(server.secured && client.secured).isTrue();
            assertThat(server.engine.facts().protocol()).isEqualTo(version.text);
            assertThat(client.engine.facts().protocol()).isEqualTo(version.text);
            assertThat(server.engine.facts().alpn()).isEqualTo("http/1.1");
            assertThat(client.engine.facts().verification()).isEqualTo(VerifyResult.OK);
            assertThat(client.engine.facts().isFor("localhost")).isTrue();
            assertThat(client.engine.facts().isFor("www.example.com")).isTrue();
            assertThat(client.engine.facts().isFor("example.com")).isFalse();
            client.say("ping".getBytes(US_ASCII));
            server.take(client.out);
            assertThat(server.heard()).isEqualTo("ping");
            server.say("pong".getBytes(US_ASCII));
            client.take(server.out);
            assertThat(client.heard()).isEqualTo("pong");
            free();
        }
        open(settings(), Settings.client(null));
    }

    @Test
    void aWildcardStandsForOneLabel() throws Exception {
        open(settings(), Settings.client(null));
        assertThat(PeerName.matches("*.example.com", "A.example.com.")).isTrue();
        assertThat(PeerName.matches("*.example.com", "a.b.example.com")).isFalse();
        assertThat(PeerName.matches("*.example.com", "example.com")).isFalse();
        assertThat(PeerName.matches("*.com", "example.com")).isFalse();
        assertThat(PeerName.matches("a*.example.com", "ab.example.com")).isFalse();
    }

    @Test
    void recordsMayComeInPieces() throws Exception {
        open(settings(), Settings.client(null));
        talk();
        byte[] sent = new byte[200_000];
        new Random(1).nextBytes(sent);
        client.say(sent);
        ByteBuf piece = Unpooled.directBuffer();
        Random lengths = new Random(2);
        while (client.out.isReadable()) {
            piece.clear().writeBytes(client.out, Math.min(client.out.readableBytes(), 1 + lengths.nextInt(20_000)));
            server.take(piece);
        }
        byte[] received = new byte[server.plain.readableBytes()];
        server.plain.readBytes(received);
        assertThat(received).isEqualTo(sent);
        piece.release();
    }

    @Test
    void closeNotifyIsTheEnd() throws Exception {
        open(settings(), Settings.client(null));
        talk();
        client.say("last".getBytes(US_ASCII));
        client.engine.closeNotify(client);
        server.take(client.out);
        assertThat(server.heard()).isEqualTo("last");
        assertThat(server.ended).isTrue();
    }

    @Test
    void aClientsCertificateIsLookedAt() throws Exception {
        X509Bundle alice = Pki.client("alice");
        ClientTlsSettings by = Settings.with(Settings.client(null), identity(pair.boringClient, alice));
        open(
                Settings.with(
                        settings(),
                        new ServerTlsSettings.Clients(
                                List.of(Pki.CA.getCertificate().getEncoded()), verifier(PeerVerifier.Purpose.CLIENT))),
                by);
        talk();
        TlsFacts facts = server.engine.facts();
        assertThat(facts.verification()).isEqualTo(VerifyResult.OK);
        assertThat(facts.peerCertificate().getSubjectX500Principal().getName()).isEqualTo("CN=alice");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotRefusedButTold() throws Exception {
        X509Bundle mallory = Pki.named(io.netty.pkitesting.CertificateBuilder.Algorithm.ecp256, "mallory")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        ClientTlsSettings by = Settings.with(Settings.client(null), identity(pair.boringClient, mallory));
        open(
                Settings.with(
                        settings(), new ServerTlsSettings.Clients(List.of(), verifier(PeerVerifier.Purpose.CLIENT))),
                by);
        talk();
        assertThat(server.engine.facts().verification()).isEqualTo(VerifyResult.SELF_SIGNED_LEAF);
    }

    @Test
    void whatIsNoHandshakeIsAnError() throws Exception {
        open(settings(), Settings.client(null));
        ByteBuf garbage = Unpooled.directBuffer().writeBytes("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        assertThatThrownBy(() -> server.take(garbage))
                .isInstanceOf(TlsException.class)
                .hasMessageStartingWith("SSL_do_handshake() failed (SSL: ");
        garbage.release();
    }

    @Test
    void aBrokenRecordIsAnErrorAndTold() throws Exception {
        open(settings(), Settings.client(null));
        talk();
        client.say("ping".getBytes(US_ASCII));
        client.out.setByte(client.out.writerIndex() - 1, client.out.getByte(client.out.writerIndex() - 1) ^ 1);
        assertThatThrownBy(() -> server.take(client.out))
                .isInstanceOf(TlsException.class)
                .hasMessageStartingWith("SSL_read() failed (SSL: ");
        assertThat(server.out.isReadable()).as("an alert").isTrue();
        client.out.clear();
    }
}
