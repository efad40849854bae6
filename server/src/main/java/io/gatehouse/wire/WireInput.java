package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsException;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a wire receives: reads it while somebody wants it, hands it to the sink, and tells the end of the stream. What was put
 * back comes first.
 *
 * <p>Readiness is remembered, not asked for again: {@link #readable} stays set from an event until a read comes up short.
 */
final class WireInput {
    /** Reads of one event; then others have their turn. */
    private static final int READS_AT_ONCE = 4;
    /** Received at once while a handshake is going on. */
    private static final int HANDSHAKE_BYTES = 32 * 1024;

    private final SocketWire wire;
    private final SocketLoop loop;
    private final WireSocket socket;
    /** Null while the wire is in clear. */
    private @Nullable TlsInput tls;

    private long bytes;
    private int readAtMost = ReadBuffer.SIZE;
    /** Bytes that were put back. */
    private @Nullable ByteBuf unread;

    private boolean reading;
    /** The kernel may have bytes, an end or an error for us. */
    private boolean readable;
    /** An event said that the peer has shut its side. */
    private boolean peerShut;

    private boolean watching;
    private boolean ended;
    private boolean endTold;
    /** The stream has ended while nobody read. */
    private boolean endPending;

    WireInput(SocketWire wire, SocketLoop loop, WireSocket socket) {
        this.wire = wire;
        this.loop = loop;
        this.socket = socket;
    }

    // -- demand

    /** Whether a read is what will find out about an error. */
    boolean isReceiving() {
        return reading && !ended;
    }

    /** Whether the end of the stream was received. */
    boolean isEnded() {
        return ended;
    }

    boolean isReading() {
        return reading;
    }

    /** Whether received bytes are wanted, by the owner or by a handshake. */
    boolean isWanted() {
        TlsInput layer = tls;
        return reading || layer != null && layer.isHandshaking();
    }

    /** As {@link Wire#reading}. */
    void reading(boolean on) {
        if (reading != on) {
            reading = on;
            if (on && !wire.isConnecting()) {
                if (unread != null || readable && !ended || endPending) {
                    loop.resumeLater(wire);
                }
                if (!readable && !ended) {
                    socket.wantReadable();
                }
            } else if (!on) {
                tellEndIfKnown();
            }
        }
    }

    /** As {@link Wire#readAtMost}. */
    void readAtMost(int most) {
        readAtMost = Math.clamp(most, 1, ReadBuffer.SIZE);
    }

    /** As {@link Wire#unread}. */
    void unread(ByteBuf owned) {
        ByteBuf before = unread;
        if (before != null) {
            ByteBuf both = loop.buffer(owned.readableBytes() + before.readableBytes());
            both.writeBytes(owned).writeBytes(before);
            owned.release();
            before.release();
            unread = both;
        } else {
            unread = owned;
        }
        if (reading && !wire.isConnecting()) {
            loop.resumeLater(wire);
        }
    }

    /** As {@link Wire#watchForEnd}. */
    void watchForEnd(boolean on) {
        watching = on;
        tellEndIfKnown();
    }

    /** The peer may have shut its side in the same moment in which it sent what was read last. */
    private void tellEndIfKnown() {
        if (watching && peerShut && !endTold && wire.isOpen()) {
            loop.resumeLater(wire);
        }
    }

    // -- receiving

    /** There may be something to read, or the peer has shut its side. */
    void event(boolean input, boolean shut) {
        readable |= input || shut;
        peerShut |= shut;
    }

    /** Hands over what there is, as far as it is wanted. */
    void goOn() {
        TlsInput layer = tls;
        if (layer != null && layer.isHandshaking()) {
            handshake(layer);
            if (!wire.isOpen() || layer.isHandshaking()) {
                return;
            }
        }
        if (reading) {
            if (unread != null) {
                deliverUnread(unread);
            }
            if (reading && endPending && unread == null) {
                tellEnd();
            }
            if (reading && readable && !ended && unread == null) {
                receive();
            }
        } else if (peerShut && watching && !endTold) {
            endTold = true;
            wire.sink().onEnd(wire);
        }
    }

    /**
     * Hands over what is left after sending has failed: the peer may have said something before it closed, an answer ahead of a
     * whole request. Returns false if more of it follows when others have had their turn.
     */
    boolean finish() {
        if (reading && unread != null) {
            deliverUnread(unread);
        }
        if (reading && readable && !ended && unread == null) {
            receive();
        }
        return !reading || unread == null && (!readable || ended);
    }

    private void deliverUnread(ByteBuf in) {
        unread = null;
        try {
            wire.sink().onBytes(wire, in);
        } finally {
            in.release();
        }
        if (ended && reading && unread == null && wire.failure() == null) {
            tellEnd();
        }
    }

    private void receive() {
        ReadBuffer buffers = loop.buffers.received();
        TlsInput layer = tls;
        for (int reads = 0; reads < READS_AT_ONCE; reads++) {
            ByteBuf buffer = buffers.buffer();
            int room = Math.min(buffers.room(), readAtMost);
            if (layer != null) {
                room = Math.min(room, layer.isHandshaking() ? HANDSHAKE_BYTES : loop.buffers.plainRoom());
            }
            int length;
            try {
                length = socket.receive(buffer, buffers.start(), room);
            } catch (IOException e) {
                broken(e);
                return;
            }
            if (length < 0) {
                endOfStream();
                return;
            }
            // A short read has emptied the socket; what comes later brings an event of its own.
            readable = length == room || (peerShut && length != 0);
            if (length != 0) {
                ByteBuf lent = buffers.lend(length);
                try {
                    if (layer == null) {
                        bytes += length;
                        wire.sink().onBytes(wire, lent);
                    } else {
                        layer.receive(lent, this);
                    }
                } finally {
                    buffers.returned(length);
                }
            }
            if (!wire.isOpen() || !isWanted() || unread != null || ended || tls != layer) {
                return; // What was put back comes first.
            }
            if (!readable) {
                socket.wantReadable();
                return;
            }
        }
        loop.resumeLater(wire);
    }

    /** What has broken sending came before, and is what is told. */
    private void broken(IOException cause) {
        IOException before = wire.failure();
        wire.closeBecause(before != null ? before : cause);
    }

    long bytes() {
        return bytes;
    }

    // -- the end

    private void endOfStream() {
        end();
        TlsInput layer = tls;
        if (layer != null && layer.isHandshaking()) {
            broken(new TlsException("peer closed connection in SSL handshake"));
        } else if (wire.failure() == null) {
            tellEnd();
        }
    }

    private void end() {
        readable = false;
        ended = true;
        socket.inputEnded();
    }

    private void tellEnd() {
        endPending = false;
        endTold = true;
        wire.sink().onEnd(wire);
    }

    /** The wire is closed. */
    void close() {
        reading = false;
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    // -- TLS

    /** From now on it comes over TLS. */
    void secure(TlsInput layer) {
        tls = layer;
    }

    boolean isSecured() {
        return tls != null;
    }

    /** As {@link Wire#tls}. */
    @Nullable
    TlsFacts tls() {
        TlsInput layer = tls;
        return layer == null ? null : layer.facts();
    }

    /** Begins the handshake with what was put back, or goes on with it. */
    private void handshake(TlsInput layer) {
        ByteBuf first = unread;
        if (layer.begins() || first != null) {
            unread = null;
            ByteBuf in = first == null ? Unpooled.EMPTY_BUFFER : first;
            try {
                layer.receive(in, this);
            } finally {
                in.release();
            }
        }
        if (wire.isOpen() && layer.isHandshaking() && readable && !ended) {
            receive();
        }
    }

    /** So many bytes were decrypted into the loop's buffer for it. */
    void decrypted(ReadBuffer plains, int length) {
        bytes += length;
        ByteBuf lent = plains.lend(length);
        if (!reading) {
            unread(loop.buffer(length).writeBytes(lent)); // It came with the end of the handshake.
            return;
        }
        try {
            wire.sink().onBytes(wire, lent);
        } finally {
            plains.returned(length);
        }
    }

    /** The peer has said that nothing more follows. */
    void closeNotified() {
        end();
        if (!reading || unread != null) {
            endPending = true;
        } else if (wire.failure() == null) {
            tellEnd();
        }
    }
}
