package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A wire over a socket: its life from connecting to closing. What comes in is {@link WireInput}'s, what goes out {@link
 * WireOutput}'s, the calls are {@link WireSocket}'s.
 *
 * <p>No sink is called from within a method that the owner calls; what such a call finds out (a broken connection) is told at
 * the end of the loop's turn.
 */
final class SocketWire extends Wire {
    private final SocketLoop loop;
    private final WireSocket socket;
    private final SocketAddress remote;
    private final WireInput in;
    private final WireOutput out;
    private @Nullable SocketAddress local;
    private Sink sink;

    private boolean open = true;
    private boolean connecting;
    /** Whether it stands in the loop's list of wires to resume. */
    boolean resuming;

    SocketWire(SocketLoop loop, WireSocket socket, SocketAddress remote, Sink sink) {
        this.loop = loop;
        this.socket = socket;
        this.remote = remote;
        this.sink = sink;
        this.in = new WireInput(this, loop, socket);
        this.out = new WireOutput(loop, socket);
    }

    // -- what the platform calls

    /** The connection is being made. */
    void beginConnecting() {
        connecting = true;
        out.hold();
    }

    /** The connection failed, or was made, at once; told at the end of the turn. */
    void connectEndedAtOnce(@Nullable IOException cause) {
        if (cause != null) {
            out.fail(cause);
        }
        loop.resumeLater(this);
    }

    /** Something happened. Events are hints: each may turn out to be nothing. */
    void event(boolean input, boolean output, boolean shut, boolean error) {
        if (!open) {
            return;
        }
        in.event(input || error, shut);
        if (connecting) {
            if (output || error || shut) {
                int result = socket.connectResult();
                if (result == WireSocket.EINPROGRESS) {
                    return;
                }
                if (result != 0) {
                    closeBecause(new ErrnoException("connect", result));
                    return;
                }
                connected();
            }
        } else if (output && out.isHeld()) {
            sendOn();
        }
        if (open && !connecting) {
            if (error && !in.isReceiving()) {
                takeError();
            }
            if (open) {
                in.goOn();
            }
            if (error && open && in.isEnded()) {
                takeError(); // It stood behind the end that was received, and no event will tell of it again.
            }
        }
    }

    private void takeError() {
        int number = socket.takeError();
        if (number != 0) {
            closeBecause(new ErrnoException("recv", number));
        }
    }

    /** Continues what was left at the end of a turn. */
    void resume() {
        if (!open) {
            return;
        }
        IOException failure = out.failure();
        if (connecting) {
            if (failure != null) {
                closeBecause(failure);
            } else {
                connected();
            }
        } else if (failure != null) {
            if (in.finish()) {
                closeBecause(failure);
            }
        } else if (out.isPaused()) {
            sendOn();
        }
        if (open && out.failure() == null) {
            in.goOn();
        }
    }

    private void connected() {
        connecting = false;
        out.release();
        sink.onConnected(this);
        if (open && out.isAwaited()) {
            sendOn();
        }
    }

    /** An event or the turn's end lets sending go on. */
    private void sendOn() {
        sent(out.goOn());
        if (out.isDone()) {
            socket.noLongerWantWritable();
            if (out.isLast()) {
                closeBecause(null);
            } else if (out.takeAwaited()) {
                sink.onWritable(this);
            }
        }
    }

    /** After anything was sent: {@code more} if that has to go on, or has failed, which is told at the end of the turn. */
    void sent(boolean more) {
        if (more) {
            if (out.failure() != null) {
                in.event(true, false); // The peer may have said something before it closed.
            }
            loop.resumeLater(this);
        }
    }

    // -- TLS

    @Override
    public void secure(TlsEngine engine, int record) {
        if (!open || connecting || in.isSecured()) {
            engine.free();
            if (open) {
                throw new IllegalStateException(connecting ? "not connected" : "TLS over TLS");
            }
            return;
        }
        TlsLayer layer = new TlsLayer(loop, engine, record, out.queued());
        out.secure(layer);
        in.secure(new TlsInput(this, loop, out, layer));
        socket.wantReadable();
        loop.resumeLater(this);
    }

    /** The handshake has ended: what waited for that goes. */
    void secured() {
        sink.onSecured(this);
        if (open) {
            flush();
            if (out.isLast() && out.isDone()) {
                closeBecause(null);
            }
        }
    }

    @Override
    public @Nullable TlsFacts tls() {
        return in.tls();
    }

    // -- input

    @Override
    public void reading(boolean on) {
        if (open) {
            in.reading(on);
        }
    }

    @Override
    public boolean isReading() {
        return in.isReading();
    }

    /** Whether received bytes are wanted, by the owner or by a handshake. */
    boolean wantsInput() {
        return in.isWanted();
    }

    @Override
    public void readAtMost(int bytes) {
        in.readAtMost(bytes);
    }

    @Override
    public void unread(ByteBuf owned) {
        if (open && owned.isReadable()) {
            in.unread(owned);
        } else {
            owned.release();
        }
    }

    @Override
    public void watchForEnd(boolean on) {
        in.watchForEnd(on);
    }

    @Override
    public long bytesReceived() {
        return in.bytes();
    }

    // -- output

    @Override
    public void write(ByteBuf owned) {
        out.write(owned);
    }

    @Override
    public void write(FileChannel file, long position, long count) {
        out.write(file, position, count);
    }

    @Override
    public void flush() {
        sent(out.flush());
    }

    @Override
    public void shutOutput() {
        sent(out.shut());
    }

    @Override
    public void closeWhenSent() {
        if (open && !out.isLast()) {
            sent(out.sendLast());
            if (!connecting && out.isDone()) {
                release(false);
            }
        }
    }

    /** Why nothing more can be sent; null if it can. */
    @Nullable
    IOException failure() {
        return out.failure();
    }

    @Override
    public long queued() {
        return out.queued();
    }

    @Override
    public long bytesSent() {
        return out.bytes();
    }

    // -- ending

    @Override
    public void close() {
        release(false);
    }

    @Override
    public void reset() {
        release(true);
    }

    /** Closes because of the peer, an error or the end of the loop. */
    void closeBecause(@Nullable IOException cause) {
        if (open) {
            release(false);
            sink.onClosed(this, cause);
        }
    }

    /** A sink threw: the connection is in an unknown state. */
    void closeAfterFault(Throwable fault) {
        if (open) {
            release(true);
            sink.onClosed(this, new IOException("internal error", fault));
        }
    }

    private void release(boolean reset) {
        if (open) {
            if (!reset) {
                out.sayEnd();
            }
            open = false;
            connecting = false;
            in.close();
            out.close();
            socket.close(reset);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    boolean isConnecting() {
        return connecting;
    }

    // -- the rest

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void sink(Sink next) {
        sink = next;
    }

    Sink sink() {
        return sink;
    }

    @Override
    public SocketAddress remote() {
        return remote;
    }

    @Override
    public SocketAddress local() {
        SocketAddress address = local;
        if (address == null && open) {
            local = address = socket.local();
        }
        return address != null ? address : nowhere();
    }

    private SocketAddress nowhere() {
        return remote instanceof InetSocketAddress ? new InetSocketAddress(0) : UnixDomainSocketAddress.of("");
    }

    @Override
    public void noDelay(boolean on) {
        if (open) {
            socket.noDelay(on);
        }
    }

    @Override
    public void keepAlive(boolean on) {
        if (open) {
            socket.keepAlive(on);
        }
    }

    @Override
    public int descriptor() {
        return socket.descriptor();
    }

    @Override
    public long @Nullable [] tcpInfo() {
        return open ? socket.tcpInfo() : null;
    }

    @Override
    public String toString() {
        return "wire " + descriptor() + " to " + remote;
    }
}
