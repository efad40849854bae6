package io.gatehouse.protocol.http1;

import io.gatehouse.wire.Acceptor;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.ListenSocket;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.SocketBuffers;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A loop without a thread: time stands still, and tasks run when the test says so. */
public final class MemoryLoop extends Loop {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    public void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void defer(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public long nanos() {
        return 1;
    }

    @Override
    public long wallMillis() {
        return 1_000_000_000_000L;
    }

    @Override
    public Deadline deadline(Runnable expired) {
        return new Deadline() {
            private boolean armed;

            @Override
            public void in(long millis) {
                armed = true;
            }

            @Override
            public void clear() {
                armed = false;
            }

            @Override
            public boolean isArmed() {
                return armed;
            }
        };
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(capacity);
    }

    @Override
    public void accept(ListenSocket socket, Acceptor acceptor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stopAccepting(ListenSocket socket) {}

    @Override
    public Wire connect(
            SocketAddress remote,
            @Nullable SocketAddress local,
            boolean transparent,
            SocketBuffers buffers,
            Sink sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {}

    @Override
    public boolean awaitEnd(long millis) {
        return true;
    }
}
