package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** An engine of the JDK. Unlike BoringSSL it wants whole records, so what is left of one is kept here. */
final class JdkEngine extends TlsEngine {
    private static final int OVERHEAD = 512;
    /** The most that a call may want room for. */
    private static final int ROOM = RECORD + 1024;

    private final SSLEngine engine;
    private final TlsFacts facts;
    private final @Nullable PeerVerifier verifier;
    /** The beginning of a record. */
    private @Nullable ByteBuf rest;

    JdkEngine(SSLEngine engine, TlsFacts facts, @Nullable PeerVerifier verifier, List<String> alpnOfServer) {
        this.engine = engine;
        this.facts = facts;
        this.verifier = verifier;
        if (!alpnOfServer.isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector((of, offered) ->
                    alpnOfServer.stream().filter(offered::contains).findFirst().orElse(""));
        }
    }

    @Override
    public boolean handshake(ByteBuf in, Output out) throws TlsException {
        ByteBuf all = withRest(in);
        ByteBuf none = Unpooled.directBuffer(ROOM);
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                engine.beginHandshake();
            }
            for (; ; ) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> wrapNothing(out);
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        SSLEngineResult result = unwrap(all, none);
                        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                            throw new TlsException("peer closed connection in SSL handshake");
                        }
                        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                            keep(all);
                            return false;
                        }
                        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                            return ended(all, in);
                        }
                    }
                    default -> {
                        return ended(all, in);
                    }
                }
            }
        } catch (SSLException e) {
            tell(out);
            throw TlsException.of("SSL_do_handshake", String.valueOf(e.getMessage()));
        } finally {
            none.release();
            all.release();
        }
    }

    /** What is left is application data: it goes back to where it came from, or is kept for the next call. */
    private boolean ended(ByteBuf all, ByteBuf in) {
        learn();
        keep(all);
        in.skipBytes(in.readableBytes());
        return true;
    }

    private ByteBuf withRest(ByteBuf in) {
        ByteBuf before = rest;
        ByteBuf all = Unpooled.directBuffer(in.readableBytes() + (before == null ? 0 : before.readableBytes()) + 1);
        if (before != null) {
            all.writeBytes(before);
            before.release();
            rest = null;
        }
        return all.writeBytes(in);
    }

    private void keep(ByteBuf all) {
        if (all.isReadable()) {
            rest = Unpooled.directBuffer(all.readableBytes()).writeBytes(all);
        }
    }

    private void runTasks() {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    private SSLEngineResult unwrap(ByteBuf from, ByteBuf to) throws SSLException {
        ByteBuffer source = from.internalNioBuffer(from.readerIndex(), from.readableBytes());
        ByteBuffer target = to.internalNioBuffer(to.writerIndex(), to.writableBytes());
        SSLEngineResult result = engine.unwrap(source, target);
        from.skipBytes(result.bytesConsumed());
        to.writerIndex(to.writerIndex() + result.bytesProduced());
        return result;
    }

    private SSLEngineResult wrap(ByteBuffer source, ByteBuf to) throws SSLException {
        to.ensureWritable(ROOM);
        SSLEngineResult result = engine.wrap(source, to.internalNioBuffer(to.writerIndex(), to.writableBytes()));
        to.writerIndex(to.writerIndex() + result.bytesProduced());
        return result;
    }

    private void wrapNothing(Output out) throws SSLException {
        wrap(ByteBuffer.allocate(0), out.buffer());
    }

    /** Sends the alert that the engine has ready after an error. */
    private void tell(Output out) {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                if (wrap(ByteBuffer.allocate(0), out.buffer()).getStatus() == SSLEngineResult.Status.CLOSED) {
                    return;
                }
            }
        } catch (SSLException e) {
            // It has nothing more to say.
        }
    }

    private void learn() {
        SSLSession session = engine.getSession();
        facts.negotiated(
                session.getProtocol(),
                session.getCipherSuite(),
                null,
                engine.getApplicationProtocol(),
                false,
                session.getId());
        PeerVerifier looking = verifier;
        if (looking == null) {
            return;
        }
        try {
            Certificate[] sent = session.getPeerCertificates();
            byte[][] chain = new byte[sent.length][];
            for (int i = 0; i < sent.length; i++) {
                chain[i] = sent[i].getEncoded();
            }
            facts.peer(chain);
            facts.verified(looking.verify(chain));
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            // It has shown none.
        }
    }

    @Override
    public boolean decrypt(ByteBuf in, ByteBuf plain, Output out) throws TlsException {
        ByteBuf all = withRest(in);
        try {
            while (all.isReadable()) {

                SSLEngineResult result = unwrap(all, plain);
                runTasks();
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    if (wrap(ByteBuffer.allocate(0), out.buffer()).getStatus() == SSLEngineResult.Status.CLOSED) {
                        break;
                    }
                }
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    return true;
                }
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                    keep(all);
                    return false;
                }
            }
            return false;
        } catch (SSLException e) {
            tell(out);
            throw TlsException.of("SSL_read", String.valueOf(e.getMessage()));
        } finally {
            all.release();
        }
    }

    @Override
    public void encrypt(ByteBuf plain, int length, ByteBuf out) throws TlsException {
        ByteBuffer source = plain.internalNioBuffer(plain.readerIndex(), length);
        try {
            while (source.hasRemaining()) {
                if (wrap(source, out).getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new TlsException("SSL_write() failed after close_notify");
                }
            }
        } catch (SSLException e) {
            throw TlsException.of("SSL_write", String.valueOf(e.getMessage()));
        }
        plain.skipBytes(length);
    }

    @Override
    public int sealed(int length, int record) {
        return length + ((length + record - 1) / record) * OVERHEAD;
    }

    @Override
    public void closeNotify(Output out) {
        engine.closeOutbound();
        tell(out);
    }

    @Override
    public TlsFacts facts() {
        return facts;
    }

    @Override
    public void free() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}
