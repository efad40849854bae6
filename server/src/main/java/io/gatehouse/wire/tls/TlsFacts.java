package io.gatehouse.wire.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a TLS connection. Complete after the handshake, and stays when the connection has gone. On the loop of its
 * wire.
 */
public final class TlsFacts {
    /** Names repeat on every connection; each is kept once. */
    private static final ConcurrentHashMap<String, String> NAMES = new ConcurrentHashMap<>();

    private static final byte[] NONE = {};

    private final @Nullable ClientHello hello;
    private String protocol = "";
    private String cipher = "";
    private String group = "";
    private String alpn = "";
    private boolean reused;
    private byte[] sessionId = NONE;
    private byte @Nullable [][] chain;
    private @Nullable X509Certificate certificate;
    private @Nullable VerifyResult verified;
    private @Nullable String doubt;

    TlsFacts(@Nullable ClientHello hello) {
        this.hello = hello;
    }

    void negotiated(
            String protocol,
            String cipher,
            @Nullable String group,
            @Nullable String alpn,
            boolean reused,
            byte @Nullable [] sessionId) {
        this.protocol = name(protocol);
        this.cipher = name(cipher);
        this.group = group == null ? "" : name(group);
        this.alpn = alpn == null ? "" : name(alpn);
        this.reused = reused;
        this.sessionId = sessionId == null ? NONE : sessionId;
    }

    private static String name(String text) {
        String known = NAMES.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    void peer(byte[][] chain) {
        this.chain = chain;
    }

    void verified(VerifyResult result) {
        this.verified = result;
    }

    boolean isVerified() {
        return verified != null;
    }

    /** What the client has asked for; null on a client's side, and if it could not be read. */
    public @Nullable ClientHello hello() {
        return hello;
    }

    /** "TLSv1.3" ...; empty before the handshake has ended. */
    public String protocol() {
        return protocol;
    }

    /** OpenSSL's name of the cipher suite. */
    public String cipher() {
        return cipher;
    }

    /** The library's name of the group that keys were exchanged in ("X25519", "prime256v1"), or empty. */
    public String group() {
        return group;
    }

    /** The protocol that both agreed on (RFC 7301), or empty. */
    public String alpn() {
        return alpn;
    }

    /** Whether an earlier session was resumed. */
    public boolean isReused() {
        return reused;
    }

    /**
     * What two connections of one session have in common. Sessions of TLS 1.3 have no identifier in BoringSSL: it is a digest of
     * the ticket then, and empty for a first connection. Not to be changed.
     */
    public byte[] sessionId() {
        if (sessionId.length == 0 && reused && hello != null && hello.ticket().length > 0) {
            try {
                sessionId = MessageDigest.getInstance("SHA-256").digest(hello.ticket());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return sessionId;
    }

    /** Whether the peer has sent a certificate, which is only asked for where it is looked at. */
    public boolean hasPeerCertificate() {
        return chain != null;
    }

    /** The peer's own certificate in DER, or null. Not to be changed. */
    public byte @Nullable [] peerCertificateDer() {
        return chain == null ? null : chain[0];
    }

    /** The peer's own certificate; null if there is none or it cannot be read. */
    public @Nullable X509Certificate peerCertificate() {
        if (certificate == null && chain != null) {
            try {
                certificate = Certificates.ofDer(chain[0]);
            } catch (CertificateException e) {
                return null;
            }
        }
        return certificate;
    }

    /** What came of verifying the peer's certificate; OK if there was nothing to verify. */
    public VerifyResult verification() {
        return verified == null ? VerifyResult.OK : verified;
    }

    /** The certificates that the peer has sent in DER, its own first; null if it has sent none. Not to be changed. */
    public byte @Nullable [][] peerChain() {
        return chain;
    }

    /**
     * Somebody who was asked after the handshake speaks against the peer's certificate ({@code ssl_ocsp}).
     *
     * @param reason in nginx's words: "certificate revoked"
     */
    public void doubt(String reason) {
        this.doubt = reason;
    }

    /** What {@link #doubt(String)} was told, or null. */
    public @Nullable String doubt() {
        return doubt;
    }

    /** Whether the peer's certificate was issued for the host or address; see {@link PeerName}. */
    public boolean isFor(String host) {
        X509Certificate own = peerCertificate();
        return own != null && PeerName.matches(own, host);
    }
}
