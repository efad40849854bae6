package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsException;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * What every wire over a socket has in common: its states and its queue. A subclass makes the calls.
 *
 * <p>Readiness is remembered, not asked for again: {@link #readable} stays set from an event until a read comes up
 * short. No sink is called from within a method that the owner calls; what such a call finds out (a broken
 * connection) is told at the end of the loop's turn.
 */
abstract class SocketWire extends Wire {
    /** Reads of one event; then others have their turn. */
    private static final int READS_AT_ONCE = 4;

    static final int EINPROGRESS = 115;
    /** Bytes of files, or of anything over TLS, sent for one event. */
    private static final long BYTES_AT_ONCE = 4L << 20;
    /** Received at once while a handshake is going on. */
    private static final int HANDSHAKE_BYTES = 32 * 1024;

    final SocketLoop loop;
    final OutQueue out = new OutQueue();
    private final SocketAddress remote;
    private @Nullable SocketAddress local;
    /** Null while the wire is in clear. */
    private @Nullable TlsLayer tls;

    private Sink sink;
    private long queued;
    private long bytesSent;
    private long bytesReceived;
    private int readAtMost = ReadBuffer.SIZE;
    /** Bytes that were put back. */
    private @Nullable ByteBuf unread;
    /** Why nothing more can be sent; told once what had arrived is read. */
    private @Nullable IOException failure;

    private boolean open = true;
    private boolean connecting;
    private boolean reading;
    /** The kernel may have bytes, an end or an error for us. */
    private boolean readable;
    /** An event said that the peer has shut its side. */
    private boolean peerShut;

    private boolean watching;
    private boolean endTold;
    private boolean ended;
    /** The stream has ended while nobody read. */
    private boolean endPending;
    /** The kernel takes no more until an event says so. */
    private boolean blocked;
    /** A flush has left something queued and the sink waits to be told when it has gone. */
    private boolean stalled;

    private boolean sendMore;
    private boolean shutWanted;
    private boolean closeWanted;
    /** Whether it stands in the loop's list of wires to resume. */
    boolean resuming;

    SocketWire(SocketLoop loop, SocketAddress remote, Sink sink) {
        this.loop = loop;
        this.remote = remote;
        this.sink = sink;
    }

    // -- the calls of the platform

    /** As {@link NativeSocket#receive}. */
    abstract int receive(ByteBuf into, int index, int length) throws IOException;

    abstract int send(ByteBuf buffer) throws IOException;

    /** Sends the leading buffers at once; the number of bytes taken. Sets {@link SocketLoop#gathered} to those tried. */
    abstract long sendGathered() throws IOException;

    /** Sends at most {@code most} bytes of a file; 0 if none can be taken now or the file has ended. */
    abstract long send(FilePart part, long most) throws IOException;

    /** The result of a pending connection: 0 or an errno. */
    abstract int connectResult();

    /** The pending error of the socket: 0 if there is none. */
    abstract int takeError();

    /** Asks for an event when there is something to read, if the platform does not tell anyway. */
    abstract void wantReadable();

    /** The end of the stream was read: no more events to read. */
    abstract void inputEnded();

    /** Asks for an event when the kernel takes more. */
    abstract void wantWritable() throws IOException;

    /** Everything was sent after {@link #wantWritable}. */
    abstract void noLongerWantWritable();

    abstract void shutdownOutput();

    /** Closes the socket, then ends its registration. */
    abstract void closeSocket(boolean reset);

    /** This side's address; null if it cannot be told (any more). */
    abstract @Nullable SocketAddress askLocal();

    // -- what the platform calls

    /** The connection is being made. */
    final void beginConnecting() {
        connecting = true;
    }

    /** The connection failed, or was made, at once; told at the end of the turn. */
    final void connectEndedAtOnce(@Nullable IOException cause) {
        failure = cause;
        loop.resumeLater(this);
    }

    /** Something happened. Events are hints: each may turn out to be nothing. */
    final void event(boolean input, boolean output, boolean shut, boolean error) {
        if (!open) {
            return;
        }
        readable |= input || shut || error;
        peerShut |= shut;
        if (connecting) {
            if (output || error || shut) {
                int result = connectResult();
                if (result == EINPROGRESS) {
                    return;
                }
                if (result != 0) {
                    closeBecause(new ErrnoException("connect", result));
                    return;
                }
                connected();
            }
        } else if (output && blocked) {
            sendOn();
        }
        if (open && !connecting) {
            if (error && (!reading || ended)) {
                int number = takeError();
                if (number != 0) {
                    closeBecause(new ErrnoException("recv", number));
                    return;
                }
            }
            input();
        }
    }

    /** Continues what was left at the end of a turn. */
    final void resume() {
        if (!open) {
            return;
        }
        if (connecting) {
            if (failure != null) {
                closeBecause(failure);
            } else {
                connected();
            }
        } else if (failure != null) {
            lastInput(failure);
        } else if (sendMore) {
            sendMore = false;
            sendOn();
        }
        if (open && failure == null) {
            input();
        }
    }

    private void connected() {
        connecting = false;
        sink.onConnected(this);
        if (open && stalled) {
            sendOn();
        }
    }

    private void input() {
        TlsLayer layer = tls;
        if (layer != null && layer.isHandshaking()) {
            handshake(layer);
            if (!open || layer.isHandshaking()) {
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
            sink.onEnd(this);
        }
    }

    private void deliverUnread(ByteBuf bytes) {
        unread = null;
        try {
            sink.onBytes(this, bytes);
        } finally {
            bytes.release();
        }
        if (ended && reading && unread == null && failure == null) {
            tellEnd();
        }
    }

    private void receive() {
        ReadBuffer buffers = loop.readBuffer();
        TlsLayer layer = tls;
        for (int reads = 0; reads < READS_AT_ONCE; reads++) {
            ByteBuf buffer = buffers.buffer();
            int room = Math.min(buffers.room(), readAtMost);
            if (layer != null) {
                room = Math.min(room, layer.isHandshaking() ? HANDSHAKE_BYTES : loop.plainRoom());
            }
            int length;
            try {
                length = receive(buffer, buffers.start(), room);
            } catch (IOException e) {
                closeBecause(failure != null ? failure : e);
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
                        bytesReceived += length;
                        sink.onBytes(this, lent);
                    } else {
                        receive(layer, lent);
                    }
                } finally {
                    buffers.returned(length);
                }
            }
            if (!open || !wantsInput() || unread != null || ended || tls != layer) {
                return; // What was put back comes first.
            }
            if (!readable) {
                wantReadable();
                return;
            }
        }
        loop.resumeLater(this);
    }

    private void endOfStream() {
        readable = false;
        ended = true;
        inputEnded();
        TlsLayer layer = tls;
        if (layer != null && layer.isHandshaking()) {
            closeBecause(failure != null ? failure : new TlsException("peer closed connection in SSL handshake"));
        } else if (failure == null) {
            tellEnd();
        }
    }

    private void tellEnd() {
        endPending = false;
        endTold = true;
        sink.onEnd(this);
    }

    // -- TLS

    @Override
    public final void secure(TlsEngine engine, int record) {
        if (!open || connecting || tls != null) {
            engine.free();
            if (open) {
                throw new IllegalStateException(connecting ? "not connected" : "TLS over TLS");
            }
            return;
        }
        tls = new TlsLayer(loop, engine, record, queued);
        wantReadable();
        loop.resumeLater(this);
    }

    @Override
    public final @Nullable TlsFacts tls() {
        TlsLayer layer = tls;
        return layer == null || layer.isHandshaking() ? null : layer.facts();
    }

    /** Whether received bytes are wanted, by the owner or by a handshake. */
    final boolean wantsInput() {
        TlsLayer layer = tls;
        return reading || layer != null && layer.isHandshaking();
    }

    /** Begins the handshake with what was put back, or goes on with it. */
    private void handshake(TlsLayer layer) {
        ByteBuf first = unread;
        if (layer.begins() || first != null) {
            unread = null;
            ByteBuf in = first == null ? Unpooled.EMPTY_BUFFER : first;
            try {
                receive(layer, in);
            } finally {
                in.release();
            }
        }
        if (open && layer.isHandshaking() && readable && !ended) {
            receive();
        }
    }

    /** Encrypted bytes came. */
    private void receive(TlsLayer layer, ByteBuf in) {
        if (layer.isHandshaking()) {
            try {
                if (!layer.handshake(in, out)) {
                    sendOutput();
                    return;
                }
            } catch (TlsException e) {
                closeAfterAlert(e);
                return;
            }
            sendOutput();
            if (failure != null) {
                return;
            }
            sink.onSecured(this);
            if (!open) {
                return;
            }
            flush();
        }
        decrypt(layer, in);
    }

    private void decrypt(TlsLayer layer, ByteBuf in) {
        ReadBuffer plains = loop.plainBuffer();
        ByteBuf plain = plains.buffer().setIndex(plains.start(), plains.start());
        boolean last = false;
        TlsException broken = null;
        try {
            last = layer.decrypt(in, plain, out);
        } catch (TlsException e) {
            broken = e;
        }
        int length = plain.readableBytes();
        if (length > 0) {
            bytesReceived += length;
            deliver(plains, length);
        }
        if (!open) {
            return;
        }
        if (broken != null) {
            closeAfterAlert(broken);
            return;
        }
        sendOutput();
        if (last) {
            readable = false;
            ended = true;
            inputEnded();
            if (!reading || unread != null) {
                endPending = true;
            } else if (failure == null) {
                tellEnd();
            }
        }
    }

    private void deliver(ReadBuffer plains, int length) {
        ByteBuf lent = plains.lend(length);
        if (!reading) {
            unread(loop.buffer(length).writeBytes(lent)); // It came with the end of the handshake.
            return;
        }
        try {
            sink.onBytes(this, lent);
        } finally {
            plains.returned(length);
        }
    }

    /** Sends what the engine has to say, if it can be sent now; else it goes with what comes next. */
    private void sendOutput() {
        if (!blocked && failure == null && !out.isEmpty()) {
            sendQueued();
        }
    }

    private void closeAfterAlert(TlsException cause) {
        IOException before = failure;
        sendOutput(); // What comes of that is less than what is known already.
        closeBecause(before != null ? before : cause);
    }

    /** Sending has failed, but the peer may have said something before it closed: an answer ahead of a whole request. */
    private void lastInput(IOException cause) {
        if (reading && unread != null) {
            deliverUnread(unread);
        }
        if (reading && readable && !ended && unread == null) {
            receive();
        }
        if (open && reading && (unread != null || readable && !ended)) {
            return; // Others have their turn first.
        }
        closeBecause(cause);
    }

    // -- sending

    @Override
    public final void write(ByteBuf owned) {
        int length = owned.readableBytes();
        if (length == 0 || !takesWrites()) {
            owned.release();
            return;
        }
        ByteBuf direct = owned;
        if (!owned.isDirect()) {
            direct = loop.buffer(length).writeBytes(owned);
            owned.release();
        }
        TlsLayer layer = tls;
        if (layer != null) {
            layer.add(direct, length);
        } else {
            out.add(direct);
        }
        queued += length;
    }

    @Override
    public final void write(FileChannel file, long position, long count) {
        if (count > 0 && takesWrites()) {
            FilePart part = new FilePart(file, position, count);
            TlsLayer layer = tls;
            if (layer != null) {
                layer.add(part, count);
            } else {
                out.add(part);
            }
            queued += count;
        }
    }

    private boolean takesWrites() {
        return open && failure == null && !shutWanted && !closeWanted;
    }

    @Override
    public final void flush() {
        if (connecting) {
            stalled = true;
        } else if (!blocked && hasQueued()) {
            sendQueued();
        }
    }

    /** Whether there is anything to send. */
    private boolean hasQueued() {
        TlsLayer layer = tls;
        return !out.isEmpty() || layer != null && !layer.isEmpty();
    }

    /** An event or the turn's end lets sending go on. */
    private void sendOn() {
        blocked = false;
        sendQueued();
        if (!hasQueued() && failure == null) {
            noLongerWantWritable();
            if (closeWanted) {
                closeBecause(null);
            } else if (stalled) {
                stalled = false;
                sink.onWritable(this);
            }
        }
    }

    private void sendQueued() {
        TlsLayer layer = tls;
        try {
            if (layer == null) {
                if (!sendOut(BYTES_AT_ONCE)) {
                    return;
                }
            } else {
                long before = bytesSent;
                do {
                    if (!sendOut(BYTES_AT_ONCE)) {
                        layer.settle();
                        return;
                    }
                    if (bytesSent - before >= BYTES_AT_ONCE && !layer.isEmpty()) {
                        goOnLater();
                        layer.settle();
                        return;
                    }
                } while (layer.seal(out, shutWanted || closeWanted));
                if (!layer.isEmpty()) {
                    stalled = true; // It waits for the handshake.
                    return;
                }
            }
        } catch (IOException e) {
            broken(e);
            return;
        }
        if (shutWanted && !closeWanted) {
            shutdownOutput();
        }
    }

    private void goOnLater() {
        sendMore = blocked = stalled = true;
        loop.resumeLater(this);
    }

    /** Sends what is ready to be sent. Returns false if that has to go on later. */
    private boolean sendOut(long fileBytes) throws IOException {
        while (!out.isEmpty()) {
            long taken;
            long tried;
            if (out.get(0) instanceof FilePart part) {
                tried = Math.min(part.remaining(), FilePart.MOST_AT_ONCE);
                taken = send(part, tried);
                took(part, taken);
                if (taken > 0) {
                    fileBytes -= taken;
                    if (fileBytes <= 0 && !out.isEmpty()) {
                        goOnLater();
                        return false;
                    }
                    continue; // A short count may have many reasons; only none at all means to wait.
                }
            } else {
                if (out.count() == 1 && out.get(0) instanceof ByteBuf only) {
                    tried = only.readableBytes();
                    taken = send(only);
                } else {
                    taken = sendGathered();
                    tried = loop.gathered;
                }
                out.sent(taken);
                TlsLayer layer = tls;
                long counted = layer == null ? taken : layer.taken(taken);
                queued -= counted;
                bytesSent += counted;
            }
            if (taken < tried) {
                blocked = stalled = true;
                out.settle(loop.allocator());
                wantWritable();
                return false;
            }
        }
        return true;
    }

    private void took(FilePart part, long taken) throws IOException {
        part.sent += taken;
        queued -= taken;
        bytesSent += taken;
        if (part.remaining() == 0) {
            out.removeFirst();
        } else if (taken == 0 && part.file.size() <= part.position + part.sent) {
            throw new IOException("sendfile() reported that the file was truncated");
        }
    }

    private void broken(IOException cause) {
        failure = cause;
        readable = true;
        out.clear();
        if (tls != null) {
            tls.clear();
        }
        queued = 0;
        loop.resumeLater(this);
    }

    @Override
    public final void shutOutput() {
        if (!takesWrites()) {
            return;
        }
        shutWanted = true;
        if (connecting) {
            stalled = true;
        } else if (!blocked) {
            sendQueued();
        }
    }

    @Override
    public final void closeWhenSent() {
        if (!open || closeWanted) {
            return;
        }
        closeWanted = true;
        if (connecting) {
            stalled = true;
            return;
        }
        if (!blocked && failure == null) {
            sendQueued();
        }
        if (!hasQueued() && failure == null) {
            release(false);
        }
    }

    // -- ending

    @Override
    public final void close() {
        release(false);
    }

    @Override
    public final void reset() {
        release(true);
    }

    /** Closes because of the peer, an error or the end of the loop. */
    final void closeBecause(@Nullable IOException cause) {
        if (open) {
            release(false);
            sink.onClosed(this, cause);
        }
    }

    /** A sink threw: the connection is in an unknown state. */
    final void closeAfterFault(Throwable fault) {
        if (open) {
            release(true);
            sink.onClosed(this, new IOException("internal error", fault));
        }
    }

    private void release(boolean reset) {
        if (open) {
            TlsLayer layer = tls;
            if (layer != null && !reset) {
                sendEnd(layer);
            }
            open = false;
            reading = false;
            connecting = false;
            out.clear();
            queued = 0;
            if (layer != null) {
                layer.free();
            }
            if (unread != null) {
                unread.release();
                unread = null;
            }
            closeSocket(reset);
        }
    }

    /** Tells the peer that this is the end, if that can be sent at once. */
    private void sendEnd(TlsLayer layer) {
        try {
            if (!hasQueued() && failure == null && layer.seal(out, true)) {
                sendOut(0);
            }
        } catch (IOException e) {
            // The peer has gone before us.
        }
    }

    // -- the rest

    @Override
    public final void reading(boolean on) {
        if (reading != on && open) {
            reading = on;
            if (on && !connecting) {
                if (unread != null || readable && !ended || endPending) {
                    loop.resumeLater(this);
                }
                if (!readable && !ended) {
                    wantReadable();
                }
            } else if (!on) {
                tellEndIfKnown();
            }
        }
    }

    @Override
    public final void unread(ByteBuf owned) {
        if (!open || !owned.isReadable()) {
            owned.release();
            return;
        }
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
        if (reading && !connecting) {
            loop.resumeLater(this);
        }
    }

    @Override
    public final boolean isReading() {
        return reading;
    }

    @Override
    public final void readAtMost(int bytes) {
        readAtMost = Math.clamp(bytes, 1, ReadBuffer.SIZE);
    }

    @Override
    public final void watchForEnd(boolean on) {
        watching = on;
        tellEndIfKnown();
    }

    /** The peer may have shut its side in the same moment in which it sent what was read last. */
    private void tellEndIfKnown() {
        if (watching && peerShut && !endTold && open) {
            loop.resumeLater(this);
        }
    }

    final boolean isConnecting() {
        return connecting;
    }

    @Override
    public final Loop loop() {
        return loop;
    }

    @Override
    public final void sink(Sink next) {
        sink = next;
    }

    @Override
    public final long queued() {
        return queued;
    }

    @Override
    public final long bytesSent() {
        return bytesSent;
    }

    @Override
    public final long bytesReceived() {
        return bytesReceived;
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final SocketAddress remote() {
        return remote;
    }

    @Override
    public final SocketAddress local() {
        SocketAddress address = local;
        if (address == null && open) {
            local = address = askLocal();
        }
        return address != null ? address : nowhere();
    }

    private SocketAddress nowhere() {
        return remote instanceof InetSocketAddress ? new InetSocketAddress(0) : UnixDomainSocketAddress.of("");
    }

    @Override
    public final String toString() {
        return "wire " + descriptor() + " to " + remote;
    }
}
