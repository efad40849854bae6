package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One event loop and its thread. A wire, a deadline and an exchange belong to one loop and are touched only there.
 */
public abstract class Loop implements Executor {
    /** Runs the task on this loop, later; from any thread. */
    @Override
    public abstract void execute(Runnable task);

    /** Runs the task at the end of the current turn of the loop, before it waits again; on the loop only. */
    public abstract void defer(Runnable task);

    public abstract boolean inLoop();

    /** The number of this loop, 0 to the number of loops less one. */
    public abstract int index();

    /** Monotonic time in nanoseconds, read once per turn of the loop. On the loop only. */
    public abstract long nanos();

    /** Wall-clock time in milliseconds since 1970, read once per turn of the loop. On the loop only. */
    public abstract long wallMillis();

    /** A new deadline, not armed, that runs {@code expired} on this loop. */
    public abstract Deadline deadline(Runnable expired);

    /** A pooled direct buffer. */
    public abstract ByteBuf buffer(int capacity);

    /**
     * Starts accepting from a bound socket; each connection is given to {@code acceptor} on this loop with reading
     * off. Several loops may accept from one socket. From any thread.
     */
    public abstract void accept(ListenSocket socket, Acceptor acceptor);

    /** Stops accepting from the socket on this loop, without closing it; from any thread. */
    public abstract void stopAccepting(ListenSocket socket);

    /**
     * Begins a connection. The result comes by {@link Sink#onConnected} or {@link Sink#onClosed}, never within this
     * call. On the loop only.
     *
     * @param local the address to bind to first ({@code proxy_bind}), or null
     * @param transparent whether to set IP_TRANSPARENT before binding
     * @param buffers the kernel's for this connection
     */
    public abstract Wire connect(
            SocketAddress remote, @Nullable SocketAddress local, boolean transparent, SocketBuffers buffers, Sink sink);

    /** As the other one, with the buffers that the system chooses. */
    public final Wire connect(SocketAddress remote, @Nullable SocketAddress local, boolean transparent, Sink sink) {
        return connect(remote, local, transparent, SocketBuffers.SYSTEM, sink);
    }

    /** Ends the loop after the current tasks; wires that are still open are closed. From any thread. */
    public abstract void stop();

    /** Waits until the loop's thread has ended, at most {@code millis}. */
    public abstract boolean awaitEnd(long millis) throws InterruptedException;
}
