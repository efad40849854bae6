package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection, plain or TLS. Owned by one {@link Loop}; every method is called on it unless said otherwise.
 *
 * <p>Writes on a closed wire release their buffers and do nothing else.
 */
public abstract class Wire {
    /** The loop that owns this wire; from any thread. */
    public abstract Loop loop();

    /** Swaps the receiver of events (after ALPN, for a tunnel). Takes effect with the next event. */
    public abstract void sink(Sink sink);

    /**
     * Begins TLS on this wire, which is open and in clear until now; takes over the engine. Bytes that were put back with {@link
     * #unread} are the first of the handshake. What was queued before goes in clear, what is written from now on waits for the
     * end of the handshake ({@link Sink#onSecured}) and is encrypted; {@link Sink#onBytes} brings plaintext then. While the
     * handshake goes on, reading is the wire's own affair; a time-out for it is the owner's. An end of the stream without a
     * close_notify is an end like any other.
     *
     * @param engine from {@link io.gatehouse.wire.tls.TlsContext}
     * @param record the most plaintext of a record sent ({@code ssl_buffer_size}); 16 KiB at most
     */
    public abstract void secure(TlsEngine engine, int record);

    /** What is known of the TLS connection; null in clear and before the handshake has ended. Stays when the wire is closed. */
    public abstract @Nullable TlsFacts tls();

    /** Queues the readable bytes of {@code owned} and takes over its reference. Nothing is sent before {@link #flush}. */
    public abstract void write(ByteBuf owned);

    /**
     * Queues {@code count} bytes of an open file beginning at {@code position}; sent without copying where the kernel
     * can. The file stays the caller's to close, after everything queued was sent or the wire was closed.
     */
    public abstract void write(FileChannel file, long position, long count);

    /**
     * Hands what is queued to the kernel, gathered, as far as it takes it now; the rest follows by itself, and
     * {@link Sink#onWritable} tells when it has gone. Slices of the loop's read buffer that stay queued and are small
     * are copied, so that a slow peer cannot pin a large buffer.
     */
    public abstract void flush();

    /** Bytes queued and not yet taken by the kernel. */
    public abstract long queued();

    /** Bytes the kernel has taken over the life of this wire (before TLS). */
    public abstract long bytesSent();

    /** What {@link #bytesSent} will be when all that was written has gone. */
    public long bytesWritten() {
        return bytesSent() + queued();
    }

    /** Bytes received over the life of this wire (after TLS). */
    public abstract long bytesReceived();

    /**
     * Turns delivery of {@link Sink#onBytes} and {@link Sink#onEnd} on or off; off at first. While it is off, an error
     * or reset by the peer is still told by {@link Sink#onClosed}. May be called within onBytes.
     */
    public abstract void reading(boolean on);

    /**
     * Limits what one {@link Sink#onBytes} brings, where a slow receiver would otherwise have to queue more; at first
     * 512 KiB, which is also the most. Over TLS a record more may come. Many such small steps cost more than few large ones.
     */
    public abstract void readAtMost(int bytes);

    /**
     * Puts received bytes back and takes over the buffer: they come by {@link Sink#onBytes} before all others, once
     * reading is on, never within this call. For what arrived too early, and for whoever takes the wire over.
     */
    public abstract void unread(ByteBuf owned);

    /** Whether delivery is on. */
    public abstract boolean isReading();

    /**
     * While reading is off, asks to be told by {@link Sink#onEnd} when the peer has shut its side (EPOLLRDHUP), as a
     * proxy needs to notice a client that goes away. Where the platform cannot tell, nothing happens. Bytes may still be
     * unread then: when reading is turned on they come, and the end is told once more.
     */
    public abstract void watchForEnd(boolean on);

    /** Shuts the sending side once everything queued was sent; over TLS a close_notify goes before. */
    public abstract void shutOutput();

    /**
     * Closes now; what is still queued is dropped. Over TLS the peer is told by a close_notify, if nothing was queued. Further calls
     * do nothing.
     */
    public abstract void close();

    /** Closes with a TCP reset (SO_LINGER 0). */
    public abstract void reset();

    /**
     * Closes once everything queued was sent, flushed or not; later writes are dropped. If that is at once, the wire is
     * closed on return and no call follows; else {@link Sink#onClosed} tells when it has happened or failed.
     */
    public abstract void closeWhenSent();

    /**
     * As {@link #closeWhenSent}, where what was queued is not known to be all: the peer is told so if the wire has a way to.
     * A socket has none that would not take from the peer what it has not read yet.
     */
    public void breakWhenSent() {
        closeWhenSent();
    }

    public abstract boolean isOpen();

    /** The peer: an {@link java.net.InetSocketAddress} or {@link java.net.UnixDomainSocketAddress}. */
    public abstract SocketAddress remote();

    /** This side's address, as for {@link #remote}; asks the kernel on the first call. */
    public abstract SocketAddress local();

    /** TCP_NODELAY; does nothing on a unix socket. */
    public abstract void noDelay(boolean on);

    /** SO_KEEPALIVE. */
    public abstract void keepAlive(boolean on);

    /** The descriptor's number where there is one, else -1; for log lines and TCP_INFO. */
    public abstract int descriptor();

    /** The tcp(7) TCP_INFO of {@code $tcpinfo_*}: rtt, rttvar (microseconds), snd_cwnd, rcv_space; null where it cannot be had. */
    public abstract long @Nullable [] tcpInfo();
}
