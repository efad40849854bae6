package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;

/**
 * TLS of one connection. It moves no bytes itself and keeps none but a record that has not come whole. Buffers are direct.
 * One thread at a time.
 */
public abstract class TlsEngine {
    /** The largest plaintext of a record (RFC 8446, 5.1). */
    public static final int RECORD = 16 * 1024;

    TlsEngine() {}

    /** Gives room for what has to be sent although nobody wrote it: flights of a handshake, alerts, new keys. */
    @FunctionalInterface
    public interface Output {
        /** A buffer to append to; the same one until it has been sent. */
        ByteBuf buffer();
    }

    /**
     * Goes on with the handshake as far as {@code in} brings it.
     *
     * @param in what the peer has sent; read until the handshake has ended, what is left then is application data
     * @param out receives what to send, also when this throws: an alert
     * @return whether the handshake has ended
     */
    public abstract boolean handshake(ByteBuf in, Output out) throws TlsException;

    /**
     * Decrypts all of {@code in}, with what was left of a record before.
     *
     * @param plain receives the plaintext; has room for {@code in} and {@link #RECORD} more
     * @param out receives what has to be sent for it, an alert or the answer to a new key, also when this throws
     * @return whether the peer has ended its side with a close_notify; what follows it is dropped
     */
    public abstract boolean decrypt(ByteBuf in, ByteBuf plain, Output out) throws TlsException;

    /**
     * Encrypts the next {@code length} bytes of {@code plain}, a buffer of one piece, in as many records as that takes.
     *
     * @param out grows if it has less room than {@link #sealed} says
     */
    public abstract void encrypt(ByteBuf plain, int length, ByteBuf out) throws TlsException;

    /** The most bytes that {@code length} bytes in records of {@code record} take when encrypted, unless keys are changed. */
    public abstract int sealed(int length, int record);

    /** Ends this side. */
    public abstract void closeNotify(Output out);

    /** What is known after the handshake; also after {@link #free}. */
    public abstract TlsFacts facts();

    /** Releases native memory; nothing may be called after it but {@link #facts} and this. */
    public abstract void free();

    /** Whether {@link #encrypt} can read from the buffer as it is. */
    public static boolean isOnePiece(ByteBuf buffer) {
        return Addresses.has(buffer);
    }
}
