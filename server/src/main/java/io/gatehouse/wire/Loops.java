package io.gatehouse.wire;

import io.gatehouse.observe.log.NeverInterrupted;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;

/** Starts event loops. */
public final class Loops {
    private static final int PAGE = 8192;
    /** Chunks of 1 MiB: two read buffers, or what is needed beside them. */
    private static final int CHUNK_ORDER = 7;

    private Loops() {}

    /** As {@link #start(int, LoopReport)}, telling through the platform's logger. */
    public static Loop[] start(int count) {
        return start(count, LoopReport.SYSTEM);
    }

    /**
     * Starts {@code count} loops, each with a thread {@code worker-0}, {@code worker-1} ... of its own. They use epoll;
     * where there is none, or with {@code -Dgatehouse.wire=nio}, the JDK's selectors.
     */
    public static Loop[] start(int count, LoopReport report) {
        return start(count, report, Platform.ofProcess());
    }

    static Loop[] start(int count, LoopReport report, Platform platform) {
        ByteBufAllocator allocator = Allocator.OF_PROCESS;
        Loop[] loops = new Loop[count];
        for (int i = 0; i < count; i++) {
            String name = "worker-" + i;
            ThreadFactory threads = task -> new LoopThread(task, name);
            SocketLoop loop = new SocketLoop(i, platform, report, allocator, threads);
            loop.execute(() -> {}); // Starts the thread.
            loops[i] = loop;
        }
        return loops;
    }

    /** Whether loops of this process use epoll. */
    public static boolean usesEpoll() {
        return Platform.ofProcess() instanceof EpollPlatform;
    }

    /** Nobody interrupts a loop: {@link Loop#stop} asks it. */
    private static final class LoopThread extends FastThreadLocalThread implements NeverInterrupted {
        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }

    private static final class Allocator {
        static final ByteBufAllocator OF_PROCESS = new PooledByteBufAllocator(
                true, 0, Math.max(1, Runtime.getRuntime().availableProcessors()), PAGE, CHUNK_ORDER, 256, 64, false);

        private Allocator() {}
    }
}
