package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a wire for a tunnel (RFC 8441, RFC 9113, 8.5): what is written goes out in DATA frames, the DATA frames of the client
 * come as bytes, END_STREAM is the end of a side.
 */
final class StreamWire extends Wire {
    /** How far the window of a tunnel opens, if the connection has that much left to give. */
    private static final int WINDOW = 256 * 1024;

    private final Http2Stream stream;
    private final Http2Connection connection;
    private final Loop loop;
    private final ClientConnection client;
    private final ReceiveWindow window;
    private @Nullable Sink sink;
    private @Nullable ByteBuf held;
    private boolean reading;
    private boolean open = true;
    private boolean taken;
    private boolean shut;
    private boolean closing;
    private boolean stalled;
    private boolean endTold;
    private boolean planned;
    /** The exchange is over: the stream lasts no longer than it takes to send what is queued. */
    private boolean released;

    private long sent;
    private long received;

    StreamWire(Http2Stream stream, int window) {
        this.stream = stream;
        this.connection = stream.connection;
        this.client = stream.exchange().client;
        this.loop = client.loop;
        this.window = new ReceiveWindow(connection, stream.id, window);
    }

    /** Somebody has it. */
    void taken() {
        taken = true;
        window.widen(WINDOW);
    }

    boolean isTaken() {
        return taken;
    }

    /** Whether the exchange is over, and nobody has it any more. */
    boolean isReleased() {
        return released;
    }

    // ---------------------------------------------------------------- what the client sends

    /** A DATA frame begins. Returns false if it is more than the window allows. */
    boolean frame(int size) {
        return window.take(size);
    }

    int window() {
        return window.left();
    }

    void take(ByteBuf in, int count) {
        received += count;
        Sink to = sink;
        if (!open) {
            in.skipBytes(count);
        } else if (to != null && reading && held == null) {
            int end = in.writerIndex();
            int next = in.readerIndex() + count;
            in.writerIndex(next);
            to.onBytes(this, in);
            in.setIndex(next, end);
            openWindow();
        } else {
            ByteBuf kept = held;
            if (kept == null) {
                kept = loop.buffer(Math.max(count, 1024));
                held = kept;
            }
            kept.writeBytes(in, count);
        }
    }

    /** The client has ended its side. */
    void end() {
        if (reading) {
            planDelivery();
        }
    }

    private void planDelivery() {
        if (!planned) {
            planned = true;
            loop.defer(this::deliver);
        }
    }

    private void deliver() {
        planned = false;
        Sink to = sink;
        if (to == null || !reading || !open) {
            return;
        }
        ByteBuf kept = held;
        if (kept != null) {
            held = null;
            try {
                to.onBytes(this, kept);
            } finally {
                kept.release();
            }
            openWindow();
        }
        if (stream.remoteEnded && reading && open && held == null && !endTold) {
            endTold = true;
            to.onEnd(this);
        }
    }

    private void openWindow() {
        if (reading && open && !stream.remoteEnded) {
            window.open(held == null ? 0 : held.readableBytes());
        }
    }

    /** So many of its bytes went out in a frame. */
    void sent(int count) {
        sent += count;
    }

    /** Everything was taken. */
    void drained() {
        if (closing) {
            over();
            return;
        }
        if (stalled && open) {
            stalled = false;
            Sink to = sink;
            if (to != null) {
                to.onWritable(this);
            }
        }
    }

    /** The client has reset the stream, or the connection is gone. */
    void lost() {
        Sink to = sink;
        boolean was = open;
        over();
        if (was && to != null) {
            to.onClosed(this, null);
        }
    }

    /** Frees what it holds. */
    void over() {
        open = false;
        reading = false;
        ByteBuf kept = held;
        held = null;
        if (kept != null) {
            kept.release();
        }
        window.close();
    }

    /** The tunnel is over; the stream goes when everything is sent. */
    void exchangeEnded() {
        released = true;
        connection.ends.tunnelEnded(stream);
    }

    // ---------------------------------------------------------------- the wire

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void sink(Sink next) {
        sink = next;
    }

    @Override
    public void secure(TlsEngine engine, int record) {
        throw new UnsupportedOperationException("TLS is the connection's");
    }

    @Override
    public @Nullable TlsFacts tls() {
        return client.wire.tls();
    }

    @Override
    public void write(ByteBuf owned) {
        if (!open || shut || !owned.isReadable()) {
            owned.release();
            return;
        }
        stream.queue.add(owned);
    }

    @Override
    public void write(FileChannel file, long position, long count) {
        if (open && !shut && count > 0) {
            stream.queue.add(file, position, count);
        }
    }

    @Override
    public void flush() {
        if (open && stream.queue.length() > 0) {
            stalled = true;
            connection.outflow.ready(stream);
        }
    }

    @Override
    public long queued() {
        return open ? stream.queued() : 0;
    }

    @Override
    public long bytesSent() {
        return sent;
    }

    @Override
    public long bytesWritten() {
        return sent + stream.queue.length();
    }

    @Override
    public long bytesReceived() {
        return received;
    }

    @Override
    public void reading(boolean on) {
        if (reading != on && open) {
            reading = on;
            if (on) {
                openWindow();
                if (held != null || stream.remoteEnded && !endTold) {
                    planDelivery();
                }
            }
        }
    }

    @Override
    public void readAtMost(int bytes) {}

    @Override
    public void unread(ByteBuf owned) {
        ByteBuf kept = held;
        if (!open || !owned.isReadable()) {
            owned.release();
        } else if (kept == null) {
            held = owned;
        } else {
            held = loop.buffer(owned.readableBytes() + kept.readableBytes())
                    .writeBytes(owned)
                    .writeBytes(kept);
            owned.release();
            kept.release();
        }
        if (reading) {
            planDelivery();
        }
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void watchForEnd(boolean on) {}

    @Override
    public void shutOutput() {
        if (open && !shut) {
            shut = true;
            stream.endTunnel();
        }
    }

    @Override
    public void close() {
        if (open) {
            over();
            connection.ends.resetTunnel(stream);
        }
    }

    @Override
    public void reset() {
        close();
    }

    @Override
    public void closeWhenSent() {
        closeWhenSent(false);
    }

    @Override
    public void breakWhenSent() {
        closeWhenSent(true);
    }

    private void closeWhenSent(boolean broken) {
        if (!open || closing) {
            return;
        }
        closing = true;
        if (broken) {
            stream.breakTunnel();
        }
        shutOutput();
        if (stream.queued() == 0) {
            over();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public SocketAddress remote() {
        return client.wire.remote();
    }

    @Override
    public SocketAddress local() {
        return client.wire.local();
    }

    @Override
    public void noDelay(boolean on) {}

    @Override
    public void keepAlive(boolean on) {}

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public long @Nullable [] tcpInfo() {
        return client.wire.tcpInfo();
    }
}
