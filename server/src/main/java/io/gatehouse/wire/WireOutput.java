package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a wire has yet to send: hands it to the kernel, gathered, as far as that takes it, and knows what has to follow it.
 *
 * <p>Calls that send return whether that has to go on at the end of the loop's turn, or has failed.
 */
final class WireOutput {
    /** Bytes of files, or of anything over TLS, sent for one event. */
    private static final long BYTES_AT_ONCE = 4L << 20;

    private final SocketLoop loop;
    private final WireSocket socket;
    /** What the kernel is to be given next; over TLS it is encrypted. */
    final OutQueue queue = new OutQueue();
    /** Null while the wire is in clear. */
    private @Nullable TlsLayer tls;

    private long queued;
    private long bytes;
    private @Nullable IOException failure;

    /** The kernel takes no more until an event says so. */
    private boolean held;
    /** A flush has left something queued and the sink waits to be told when it has gone. */
    private boolean awaited;
    /** Enough was sent for one event. */
    private boolean paused;

    private boolean shutWanted;
    private boolean closeWanted;
    private boolean closed;

    WireOutput(SocketLoop loop, WireSocket socket) {
        this.loop = loop;
        this.socket = socket;
    }

    // -- what is to be sent

    /** As {@link Wire#write(ByteBuf)}. */
    void write(ByteBuf owned) {
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
        add(direct, length);
    }

    /** As {@link Wire#write(FileChannel, long, long)}. */
    void write(FileChannel file, long position, long count) {
        if (count > 0 && takesWrites()) {
            add(new FilePart(file, position, count), count);
        }
    }

    private void add(Object entry, long length) {
        TlsLayer layer = tls;
        if (layer != null) {
            layer.add(entry, length);
        } else {
            queue.add(entry);
        }
        queued += length;
    }

    private boolean takesWrites() {
        return !closed && failure == null && !shutWanted && !closeWanted;
    }

    /** Whether there is anything to send. */
    private boolean hasQueued() {
        TlsLayer layer = tls;
        return !queue.isEmpty() || layer != null && !layer.isEmpty();
    }

    long queued() {
        return queued;
    }

    /** Bytes the kernel has taken, before TLS. */
    long bytes() {
        return bytes;
    }

    // -- when it can be sent

    /** Nothing can be sent before the connection is made. */
    void hold() {
        held = true;
    }

    /** The connection is made. */
    void release() {
        held = false;
    }

    boolean isHeld() {
        return held;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Whether the sink is to be told that everything has gone; once. */
    boolean takeAwaited() {
        boolean was = awaited;
        awaited = false;
        return was;
    }

    /** Whether everything was sent. */
    boolean isDone() {
        return failure == null && !hasQueued();
    }

    /** Why nothing more can be sent; told once what had arrived is read. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** From now on everything is encrypted. */
    void secure(TlsLayer layer) {
        tls = layer;
    }

    // -- sending

    /** As {@link Wire#flush}. */
    boolean flush() {
        if (held) {
            awaited = true;
            return false;
        }
        return hasQueued() && send();
    }

    /** Sends what needs no more encrypting: what the TLS engine itself has to say. */
    boolean sendReady() {
        return !held && failure == null && !queue.isEmpty() && send();
    }

    /** An event or the turn's end lets sending go on. */
    boolean goOn() {
        held = false;
        paused = false;
        return send();
    }

    /** As {@link Wire#shutOutput}. */
    boolean shut() {
        if (!takesWrites()) {
            return false;
        }
        shutWanted = true;
        if (held) {
            awaited = true;
            return false;
        }
        return send();
    }

    /** Sends what there is, and a close_notify over TLS; the wire is closed after that. */
    boolean sendLast() {
        closeWanted = true;
        if (held) {
            awaited = true;
            return false;
        }
        return failure == null && send();
    }

    /** Whether the wire is to be closed when everything was sent. */
    boolean isLast() {
        return closeWanted;
    }

    private boolean send() {
        try {
            if (!sendAll()) {
                return paused;
            }
        } catch (IOException e) {
            fail(e);
            return true;
        }
        if (shutWanted && !closeWanted) {
            socket.shutdownOutput();
        }
        return false;
    }

    /** Sends everything. Returns false if that has to go on later. */
    private boolean sendAll() throws IOException {
        TlsLayer layer = tls;
        if (layer == null) {
            return sendQueue(BYTES_AT_ONCE);
        }
        long before = bytes;
        do {
            if (!sendQueue(BYTES_AT_ONCE)) {
                layer.settle();
                return false;
            }
            if (bytes - before >= BYTES_AT_ONCE && !layer.isEmpty()) {
                pause();
                layer.settle();
                return false;
            }
        } while (layer.seal(queue, shutWanted || closeWanted));
        if (!layer.isEmpty()) {
            awaited = true; // It waits for the handshake.
            return false;
        }
        return true;
    }

    private void pause() {
        paused = held = awaited = true;
    }

    /** Sends what is ready to be sent. Returns false if that has to go on later. */
    private boolean sendQueue(long fileBytes) throws IOException {
        while (!queue.isEmpty()) {
            long taken;
            long tried;
            if (queue.get(0) instanceof FilePart part) {
                tried = Math.min(part.remaining(), FilePart.MOST_AT_ONCE);
                taken = socket.send(part, tried);
                took(part, taken);
                if (taken > 0) {
                    fileBytes -= taken;
                    if (fileBytes <= 0 && !queue.isEmpty()) {
                        pause();
                        return false;
                    }
                    continue; // A short count may have many reasons; only none at all means to wait.
                }
            } else {
                if (queue.count() == 1 && queue.get(0) instanceof ByteBuf only) {
                    tried = only.readableBytes();
                    taken = socket.send(only);
                } else {
                    taken = socket.sendGathered(queue);
                    tried = loop.buffers.gathered;
                }
                queue.sent(taken);
                TlsLayer layer = tls;
                count(layer == null ? taken : layer.taken(taken));
            }
            if (taken < tried) {
                held = awaited = true;
                queue.settle(loop.allocator());
                socket.wantWritable();
                return false;
            }
        }
        return true;
    }

    private void took(FilePart part, long taken) throws IOException {
        part.sent += taken;
        count(taken);
        if (part.remaining() == 0) {
            queue.removeFirst();
        } else if (taken == 0 && part.file.size() <= part.position + part.sent) {
            throw new IOException("sendfile() reported that the file was truncated");
        }
    }

    private void count(long taken) {
        queued -= taken;
        bytes += taken;
    }

    // -- ending

    /** Nothing can be sent any more; drops what waits. */
    void fail(IOException cause) {
        failure = cause;
        queue.clear();
        if (tls != null) {
            tls.clear();
        }
        queued = 0;
    }

    /** Tells the peer of a TLS connection that this is the end, if that can be sent at once. */
    void sayEnd() {
        TlsLayer layer = tls;
        try {
            if (layer != null && isDone() && layer.seal(queue, true)) {
                sendQueue(0);
            }
        } catch (IOException e) {
            // The peer has gone before us.
        }
    }

    /** The wire is closed: drops what waits. */
    void close() {
        closed = true;
        queue.clear();
        queued = 0;
        if (tls != null) {
            tls.free();
        }
    }
}
