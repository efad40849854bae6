package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.unix.IovArray;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A loop on Netty's event loop: its turns, clock, deadlines and the buffer everything is read into. */
final class SocketLoop extends Loop {
    /** Buffers that one gathered write takes. */
    private static final int GATHER = 64;
    /** Rounds of deferred tasks, which may defer others, that an ending loop still runs. */
    private static final int LAST_ROUNDS = 100;

    private final int index;
    private final Platform platform;
    private final LoopReport report;
    private final ByteBufAllocator allocator;
    private final Turns turns;
    private final TimerWheel wheel;
    private final IdentityHashMap<ListenSocket, Listening> listening = new IdentityHashMap<>();

    /** Room that decrypting may need beyond the bytes that came: what was held back of a record. */
    private static final int HELD_BACK = TlsEngine.RECORD + 2048;

    private static final int SCRATCH = 64 * 1024;

    private @Nullable ReadBuffer readBuffer;
    private @Nullable ReadBuffer plainBuffer;
    private @Nullable ByteBuf scratch;
    private @Nullable IovArray iov;
    /** What the last gathered write tried to send. */
    long gathered;

    private int turn;
    private boolean clockRead;
    private boolean wallRead;
    private long nanos = System.nanoTime();
    private long wallMillis;

    private List<SocketWire> resuming = new ArrayList<>();
    private List<SocketWire> resumingNow = new ArrayList<>();
    private List<Runnable> deferred = new ArrayList<>();
    private List<Runnable> deferredNow = new ArrayList<>();

    SocketLoop(int index, Platform platform, LoopReport report, ByteBufAllocator allocator, ThreadFactory threads) {
        this.index = index;
        this.platform = platform;
        this.report = report;
        this.allocator = allocator;
        this.wheel = new TimerWheel(this::nanos);
        this.turns = new Turns(this, threads, platform.handlers());
    }

    // -- the turn

    /** Netty's loop with a turn of our own, and our deadlines beside its. */
    static final class Turns extends SingleThreadIoEventLoop {
        private static final long TASKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
        private final SocketLoop owner;

        Turns(SocketLoop owner, ThreadFactory threads, IoHandlerFactory handlers) {
            super(null, threads, handlers);
            this.owner = owner;
        }

        @Override
        protected void run() {
            ioHandler().initialize();
            do {
                owner.beginTurn();
                runIo();
                runAllTasks(TASKS_NANOS);
                owner.endTurn();
                if (isShuttingDown()) {
                    ioHandler().prepareToDestroy(); // Closes what is open.
                }
            } while (!confirmShutdown());
            owner.ended();
        }

        @Override
        protected boolean hasTasks() {
            return super.hasTasks() || owner.hasMore();
        }

        @Override
        protected long deadlineNanos() {
            long wake = owner.wheel.wakeNanos();
            long scheduled = nextScheduledTaskDeadlineNanos();
            if (wake == TimerWheel.NONE) {
                return scheduled;
            }
            wake = Math.max(0, wake - ticker().initialNanoTime());
            return scheduled == -1 ? wake : Math.min(wake, scheduled);
        }

        @Override
        protected long delayNanos(long now) {
            long scheduled = nextScheduledTaskDeadlineNanos() == -1 ? Long.MAX_VALUE : super.delayNanos(now);
            long wake = owner.wheel.wakeNanos();
            return wake == TimerWheel.NONE ? scheduled : Math.min(scheduled, Math.max(0, wake - now));
        }
    }

    private void beginTurn() {
        turn++;
        clockRead = false;
        wallRead = false;
    }

    private void endTurn() {
        if (wheel.wakeNanos() != TimerWheel.NONE) {
            wheel.run(nanos(), report);
        }
        resumeWires();
        runDeferred();
    }

    private boolean hasMore() {
        return !resuming.isEmpty() || !deferred.isEmpty();
    }

    private void resumeWires() {
        if (resuming.isEmpty()) {
            return;
        }
        List<SocketWire> wires = resuming;
        resuming = resumingNow;
        resumingNow = wires;
        for (int i = 0; i < wires.size(); i++) {
            SocketWire wire = wires.get(i);
            wire.resuming = false;
            try {
                wire.resume();
            } catch (Throwable e) {
                fault(wire, e);
            }
        }
        wires.clear();
    }

    private void runDeferred() {
        if (deferred.isEmpty()) {
            return;
        }
        List<Runnable> tasks = deferred;
        deferred = deferredNow;
        deferredNow = tasks;
        for (int i = 0; i < tasks.size(); i++) {
            try {
                tasks.get(i).run();
            } catch (Throwable e) {
                report.failed(e);
            }
        }
        tasks.clear();
    }

    private void ended() {
        for (int i = 0; i < LAST_ROUNDS && hasMore(); i++) {
            resumeWires();
            runDeferred();
        }
        if (readBuffer != null) {
            readBuffer.release();
            readBuffer = null;
        }
        if (plainBuffer != null) {
            plainBuffer.release();
            plainBuffer = null;
        }
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (iov != null) {
            iov.release();
            iov = null;
        }
    }

    /** The number of this turn. An event for a wire that was registered in the same turn is meant for another. */
    int turn() {
        return turn;
    }

    /** A sink threw. Netty would otherwise put the loop to sleep for a second and lose the turn's other events. */
    void fault(SocketWire wire, Throwable fault) {
        report.failed(fault);
        try {
            wire.closeAfterFault(fault);
        } catch (Throwable e) {
            report.failed(e);
        }
    }

    void resumeLater(SocketWire wire) {
        if (!wire.resuming) {
            wire.resuming = true;
            resuming.add(wire);
        }
    }

    ReadBuffer readBuffer() {
        ReadBuffer buffer = readBuffer;
        if (buffer == null) {
            readBuffer = buffer = new ReadBuffer(allocator);
        }
        return buffer;
    }

    /** What is received over TLS is decrypted into this one. */
    ReadBuffer plainBuffer() {
        ReadBuffer buffer = plainBuffer;
        if (buffer == null) {
            plainBuffer = buffer = new ReadBuffer(allocator);
        }
        return buffer;
    }

    /** How many bytes can be received at once to be decrypted. */
    int plainRoom() {
        ReadBuffer buffers = plainBuffer();
        ByteBuf _ = buffers.buffer();
        return buffers.room() - HELD_BACK;
    }

    /** An empty buffer for bytes that are used at once. */
    ByteBuf scratch() {
        ByteBuf buffer = scratch;
        if (buffer == null) {
            scratch = buffer = allocator.directBuffer(SCRATCH, SCRATCH);
        }
        return buffer.clear();
    }

    /** An empty array to gather buffers in. */
    IovArray iov() {
        IovArray array = iov;
        if (array == null) {
            iov = array = new IovArray(GATHER);
        }
        array.clear();
        return array;
    }

    IoRegistration register(IoHandle handle) throws IOException {
        Future<IoRegistration> registered = turns.register(handle);
        IoRegistration registration = registered.getNow();
        if (registration == null) {
            Throwable cause = registered.cause();
            throw cause instanceof IOException known ? known : new IOException(cause);
        }
        return registration;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    LoopReport report() {
        return report;
    }

    Turns turns() {
        return turns;
    }

    Platform platform() {
        return platform;
    }

    // -- the contract

    @Override
    public void execute(Runnable task) {
        turns.execute(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                report.failed(e);
            }
        });
    }

    @Override
    public void defer(Runnable task) {
        deferred.add(task);
    }

    @Override
    public boolean inLoop() {
        return turns.inEventLoop();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public long nanos() {
        if (!clockRead) {
            clockRead = true;
            nanos = System.nanoTime();
            if (wheel != null) {
                wheel.observe(nanos);
            }
        }
        return nanos;
    }

    @Override
    public long wallMillis() {
        if (!wallRead) {
            wallRead = true;
            wallMillis = System.currentTimeMillis();
        }
        return wallMillis;
    }

    @Override
    public Deadline deadline(Runnable expired) {
        return wheel.deadline(expired);
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return allocator.directBuffer(capacity);
    }

    @Override
    public void accept(ListenSocket socket, Acceptor acceptor) {
        onLoop(() -> {
            // Here and not before: what this loop was asked earlier, to stop accepting from the socket, comes first.
            if (!socket.join(this)) {
                return;
            }
            Listening listener = platform.listen(this, socket, acceptor);
            listening.put(socket, listener);
            listener.start();
        });
    }

    @Override
    public void stopAccepting(ListenSocket socket) {
        onLoop(() -> {
            Listening listener = listening.remove(socket);
            if (listener != null) {
                listener.stop();
                socket.leave(this);
            }
        });
    }

    private void onLoop(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            try {
                execute(task);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and with it everything it listened to.
            }
        }
    }

    @Override
    public Wire connect(
            SocketAddress remote,
            @Nullable SocketAddress local,
            boolean transparent,
            SocketBuffers buffers,
            Sink sink) {
        return platform.connect(this, remote, local, transparent, buffers, sink, turns.isShuttingDown());
    }

    @Override
    public void stop() {
        try {
            turns.execute(() -> {
                for (ListenSocket socket : List.copyOf(listening.keySet())) {
                    stopAccepting(socket);
                }
                var _ = turns.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            });
        } catch (RejectedExecutionException e) {
            // It has ended already.
        }
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        return turns.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public String toString() {
        return "loop " + index;
    }
}
