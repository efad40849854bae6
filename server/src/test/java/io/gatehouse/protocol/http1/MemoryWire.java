package io.gatehouse.protocol.http1;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A wire whose other end is the test: it gives bytes in pieces, and keeps what was sent. */
public final class MemoryWire extends Wire {
    private final MemoryLoop loop;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private @Nullable Sink sink;
    private @Nullable ByteBuf unread;
    private boolean reading;
    private boolean open = true;
    private boolean shut;

    public MemoryWire(MemoryLoop loop) {
        this.loop = loop;
    }

    /** Gives the bytes as one read, and again what is put back while reading is on. */
    public void give(byte[] bytes, int start, int end) {
        if (!open || start == end) {
            return;
        }
        unread(loop.buffer(end - start).writeBytes(bytes, start, end - start));
        goOn();
    }

    /** Delivers what waits, as often as reading is on and something is taken. */
    public void goOn() {
        Sink to = sink;
        int stuck = 0;
        while (to != null && open && reading && unread != null) {
            ByteBuf bytes = unread;
            unread = null;
            int before = bytes.readableBytes();
            to.onBytes(this, bytes);
            bytes.release();
            loop.runTasks();
            stuck = unread != null && unread.readableBytes() == before ? stuck + 1 : 0;
            if (stuck == 3) {
                throw new AssertionError("reading is on but nothing is taken");
            }
        }
    }

    public String sent() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    public boolean isShut() {
        return shut || !open;
    }

    @Override
    public void secure(io.gatehouse.wire.tls.TlsEngine engine, int record) {
        throw new UnsupportedOperationException();
    }

    @Override
    public io.gatehouse.wire.tls.@org.jspecify.annotations.Nullable TlsFacts tls() {
        return null;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void sink(Sink next) {
        sink = next;
    }

    @Override
    public void write(ByteBuf owned) {
        if (open && !shut) {
            byte[] bytes = new byte[owned.readableBytes()];
            owned.readBytes(bytes);
            sent.writeBytes(bytes);
        }
        owned.release();
    }

    @Override
    public void write(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}

    @Override
    public long queued() {
        return 0;
    }

    @Override
    public long bytesSent() {
        return sent.size();
    }

    @Override
    public long bytesReceived() {
        return 0;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void readAtMost(int bytes) {}

    /** What waits comes behind what is put back; what the test gives comes behind what waits. */
    @Override
    public void unread(ByteBuf owned) {
        ByteBuf before = unread;
        if (!open) {
            owned.release();
        } else if (before == null) {
            unread = owned;
        } else {
            unread = loop.buffer(16).writeBytes(before).writeBytes(owned);
            before.release();
            owned.release();
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
        shut = true;
    }

    @Override
    public void close() {
        open = false;
        ByteBuf left = unread;
        unread = null;
        if (left != null) {
            left.release();
        }
    }

    @Override
    public void reset() {
        close();
    }

    @Override
    public void closeWhenSent() {
        close();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public SocketAddress remote() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public SocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
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
        return null;
    }
}
