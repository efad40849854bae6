package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
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

/** A loop on Netty's event loop: its clock, its deadlines, what is done at the end of its turns, what it listens to. */
final class SocketLoop extends Loop {
    /** Rounds of deferred tasks, which may defer others, that an ending loop still runs. */
    private static final int LAST_ROUNDS = 100;

    private final int index;
    private final Platform platform;
    private final LoopReport report;
    private final ByteBufAllocator allocator;
    private final LoopTurns turns;
    private final TimerWheel wheel;
    private final IdentityHashMap<ListenSocket, Listening> listening = new IdentityHashMap<>();

    /** What one wire after another works with. */
    final LoopBuffers buffers;

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
        this.buffers = new LoopBuffers(allocator);
        this.wheel = new TimerWheel(this::nanos);
        this.turns = new LoopTurns(this, threads, platform.handlers());
    }

    // -- the turn

    /** A turn begins: what was known of the time is old. */
    void beginTurn() {
        turn++;
        clockRead = false;
        wallRead = false;
    }

    /** The events and tasks of the turn are done: what was put off to its end comes. */
    void endTurn() {
        if (wheel.wakeNanos() != TimerWheel.NONE) {
            wheel.run(nanos(), report);
        }
        resumeWires();
        runDeferred();
    }

    /** Whether there is more to do at once. */
    boolean hasMore() {
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

    /** When the next deadline is due; {@link TimerWheel#NONE} if there is none. */
    long wakeNanos() {
        return wheel.wakeNanos();
    }

    /** There will be no further turn. */
    void ended() {
        for (int i = 0; i < LAST_ROUNDS && hasMore(); i++) {
            resumeWires();
            runDeferred();
        }
        buffers.release();
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

    LoopTurns turns() {
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
