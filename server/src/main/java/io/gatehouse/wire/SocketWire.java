package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
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
    /** Bytes of files sent for one event. */
    private static final long FILE_BYTES_AT_ONCE = 4L << 20;

    final SocketLoop loop;
    final OutQueue out = new OutQueue();
    private final SocketAddress remote;
    private @Nullable SocketAddress local;
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
        if (reading) {
            if (unread != null) {
                deliverUnread(unread);
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
            sink.onEnd(this);
        }
    }

    private void receive() {
        ReadBuffer buffers = loop.readBuffer();
        for (int reads = 0; reads < READS_AT_ONCE; reads++) {
            ByteBuf buffer = buffers.buffer();
            int room = Math.min(buffers.room(), readAtMost);
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
                bytesReceived += length;
                ByteBuf lent = buffers.lend(length);
                try {
                    sink.onBytes(this, lent);
                } finally {
                    buffers.returned(length);
                }
            }
            if (!open || !reading || unread != null) {
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
        if (failure == null) {
            endTold = true;
            sink.onEnd(this);
        }
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
        out.add(direct);
        queued += length;
    }

    @Override
    public final void write(FileChannel file, long position, long count) {
        if (count > 0 && takesWrites()) {
            out.add(new FilePart(file, position, count));
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
        } else if (!blocked && !out.isEmpty()) {
            sendQueued();
        }
    }

    /** An event or the turn's end lets sending go on. */
    private void sendOn() {
        blocked = false;
        sendQueued();
        if (out.isEmpty() && failure == null) {
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
        long fileBytes = FILE_BYTES_AT_ONCE;
        try {
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
                            sendMore = blocked = stalled = true;
                            loop.resumeLater(this);
                            return;
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
                    queued -= taken;
                    bytesSent += taken;
                }
                if (taken < tried) {
                    blocked = stalled = true;
                    out.settle(loop.allocator());
                    wantWritable();
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
        if (out.isEmpty() && failure == null) {
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
            open = false;
            reading = false;
            connecting = false;
            out.clear();
            queued = 0;
            if (unread != null) {
                unread.release();
                unread = null;
            }
            closeSocket(reset);
        }
    }

    // -- the rest

    @Override
    public final void reading(boolean on) {
        if (reading != on && open) {
            reading = on;
            if (on && !connecting) {
                if (unread != null || readable && !ended) {
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
