package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;
import io.netty.internal.tcnative.SSL;
import org.jspecify.annotations.Nullable;

/**
 * An engine of BoringSSL. Every call checks that the pointer is still there, because a freed one ends the process.
 *
 * <p>tcnative gives BoringSSL one buffer at a time, to read from or to write to. What it wants to write while it reads goes
 * to a small one of its own first ({@link #ASIDE}); if that is full, it is called once more with a buffer to write to.
 */
final class BoringEngine extends TlsEngine {
    /** Enough for an alert or a new key; it is there for the life of the connection, so no more. */
    private static final int ASIDE = 128;
    /** Room for a flight of the handshake; it grows if that is not enough. */
    private static final int FLIGHT = 4096;

    /** The engine whose handshake the thread is in, for callbacks. */
    private static final ThreadLocal<BoringEngine> CURRENT = new ThreadLocal<>();

    private final BoringContext context;
    private final TlsFacts facts;
    private final @Nullable TlsSessionSlot sessions;
    private final int overhead;
    private long ssl;
    private long bio;

    /** Takes over the pointer. */
    BoringEngine(BoringContext context, long ssl, TlsFacts facts, @Nullable TlsSessionSlot sessions) {
        this.context = context;
        this.facts = facts;
        this.sessions = sessions;
        this.ssl = ssl;
        this.bio = SSL.bioNewByteBuffer(ssl, ASIDE);
        this.overhead = SSL.getMaxWrapOverhead(ssl);
    }

    /** The facts of the connection whose handshake the calling thread is in. */
    static @Nullable BoringEngine current() {
        return CURRENT.get();
    }

    /** Where a client keeps the sessions it is given. */
    @Nullable
    TlsSessionSlot sessions() {
        return sessions;
    }

    private long ssl() {
        if (ssl == 0) {
            throw new IllegalStateException("freed");
        }
        return ssl;
    }

    // -- the handshake

    @Override
    public boolean handshake(ByteBuf in, Output out) throws TlsException {
        long ssl = ssl();
        CURRENT.set(this);
        try {
            for (; ; ) {
                int error = handshakeFrom(ssl, in);
                while (error == SSL.SSL_ERROR_WANT_WRITE) {
                    error = handshakeTo(ssl, out);
                }
                if (error == SSL.SSL_ERROR_NONE) {
                    takeAside(out);
                    learn(ssl);
                    return true;
                }
                if (error != SSL.SSL_ERROR_WANT_READ) {
                    String text = BoringErrors.take();
                    takeAside(out);
                    throw TlsException.of("SSL_do_handshake", text);
                }
                if (!in.isReadable()) {
                    takeAside(out);
                    return false;
                }
            }
        } finally {
            CURRENT.remove();
        }
    }

    private int handshakeFrom(long ssl, ByteBuf in) {
        int length = in.readableBytes();
        if (length > 0) {
            SSL.bioSetByteBuffer(bio, Addresses.of(in, in.readerIndex(), length), length, false);
        }
        int result = SSL.doHandshake(ssl);
        int error = result > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
        if (length > 0) {
            in.skipBytes(length - SSL.bioLengthByteBuffer(bio));
            SSL.bioClearByteBuffer(bio);
        }
        return error;
    }

    private int handshakeTo(long ssl, Output output) {
        ByteBuf out = output.buffer();
        int room = openSink(out);
        int result = SSL.doHandshake(ssl);
        int error = result > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
        closeSink(out, room);
        return error;
    }

    private int openSink(ByteBuf out) {
        out.ensureWritable(FLIGHT);
        int room = out.writableBytes();
        SSL.bioSetByteBuffer(bio, Addresses.of(out, out.writerIndex(), room), room, true);
        return room;
    }

    private void closeSink(ByteBuf out, int room) {
        out.writerIndex(out.writerIndex() + room - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    /** What was written while there was nowhere to write to. */
    private void takeAside(Output output) {
        if (SSL.bioLengthNonApplication(bio) > 0) {
            ByteBuf out = output.buffer();
            int room = openSink(out);
            SSL.bioFlushByteBuffer(bio);
            closeSink(out, room);
        }
    }

    private void learn(long ssl) {
        facts.negotiated(
                SSL.getVersion(ssl),
                SSL.getCipherForSSL(ssl),
                groupName(ssl),
                SSL.getAlpnSelected(ssl),
                SSL.isSessionReused(ssl),
                SSL.getSessionId(ssl));
        if (context.looksAtPeers()) {
            byte[][] chain = context.isServer() ? chainOfClient(ssl) : SSL.getPeerCertChain(ssl);
            if (chain != null && chain.length > 0) {
                facts.peer(chain);
                if (!facts.isVerified()) {
                    // A session is resumed without asking for the certificate again, so nobody has looked at it.
                    facts.verified(context.verify(chain));
                }
            }
        }
    }

    private static @Nullable String groupName(long ssl) {
        try {
            return SSL.getGroupName(ssl);
        } catch (Exception e) {
            throw new IllegalStateException(e); // The pointer is good.
        }
    }

    /** A server's {@code SSL_get_peer_cert_chain} lacks the certificate itself, as in OpenSSL. */
    private static byte @Nullable [][] chainOfClient(long ssl) {
        byte[] own = SSL.getPeerCertificate(ssl);
        if (own == null) {
            return null;
        }
        byte[][] others = SSL.getPeerCertChain(ssl);
        int count = others == null ? 0 : others.length;
        byte[][] chain = new byte[count + 1][];
        chain[0] = own;
        for (int i = 0; i < count; i++) {
            chain[i + 1] = others[i];
        }
        return chain;
    }

    // -- application data

    @Override
    public boolean decrypt(ByteBuf in, ByteBuf plain, Output out) throws TlsException {
        long ssl = ssl();
        int length = in.readableBytes();
        if (length > 0) {
            SSL.bioSetByteBuffer(bio, Addresses.of(in, in.readerIndex(), length), length, false);
        }
        if (sessions != null) {
            CURRENT.set(this); // Tickets come as late as here.
        }
        try {
            for (; ; ) {
                int room = plain.writableBytes();
                if (room == 0) {
                    throw new IllegalStateException("no room to decrypt into");
                }
                int result = SSL.readFromSSL(ssl, Addresses.of(plain, plain.writerIndex(), room), room);
                if (result > 0) {
                    plain.writerIndex(plain.writerIndex() + result);
                    if (result < room && SSL.bioLengthByteBuffer(bio) == 0) {
                        return false; // It reads no further than the end of a record.
                    }
                } else {
                    int error = SSL.getError(ssl, result);
                    if (error == SSL.SSL_ERROR_ZERO_RETURN) {
                        return true;
                    }
                    if (error == SSL.SSL_ERROR_WANT_READ) {
                        return false;
                    }
                    if (error != SSL.SSL_ERROR_WANT_WRITE) {
                        throw TlsException.of("SSL_read", BoringErrors.take());
                    }
                    writeForReading(out, in, length);
                }
            }
        } finally {
            if (sessions != null) {
                CURRENT.remove();
            }
            in.skipBytes(in.readableBytes());
            SSL.bioClearByteBuffer(bio);
            takeAside(out);
        }
    }

    /** Reading has to write more than there is room for aside: makes room, then lets it read on where it was. */
    private void writeForReading(Output out, ByteBuf in, int length) {
        int left = SSL.bioLengthByteBuffer(bio);
        takeAside(out);
        SSL.bioSetByteBuffer(bio, Addresses.of(in, in.readerIndex() + length - left, left), left, false);
    }

    @Override
    public void encrypt(ByteBuf plain, int length, ByteBuf out) throws TlsException {
        long ssl = ssl();
        long address = Addresses.of(plain, plain.readerIndex(), length);
        out.ensureWritable(sealed(length, RECORD));
        for (; ; ) {
            int room = out.writableBytes();
            SSL.bioSetByteBuffer(bio, Addresses.of(out, out.writerIndex(), room), room, true);
            int result = SSL.writeToSSL(ssl, address, length);
            int error = result > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
            closeSink(out, room);
            if (error == SSL.SSL_ERROR_NONE) {
                plain.skipBytes(result);
                if (result != length) {
                    throw new IllegalStateException("partial write");
                }
                return;
            }
            if (error != SSL.SSL_ERROR_WANT_WRITE) {
                throw TlsException.of("SSL_write", BoringErrors.take());
            }
            out.ensureWritable(FLIGHT + sealed(length, RECORD)); // Tickets or a new key go first.
        }
    }

    @Override
    public int sealed(int length, int record) {
        return length + ((length + record - 1) / record) * overhead;
    }

    @Override
    public void closeNotify(Output output) {
        long ssl = ssl();
        ByteBuf out = output.buffer();
        int room = openSink(out);
        int _ = SSL.shutdownSSL(ssl);
        closeSink(out, room);
        SSL.clearError();
    }

    // -- the rest

    @Override
    public TlsFacts facts() {
        return facts;
    }

    @Override
    public void free() {
        if (ssl != 0) {
            long pointer = ssl;
            ssl = 0;
            bio = 0;
            SSL.freeSSL(pointer);
        }
    }
}
