package io.gatehouse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"epoll", "nio"})
@Timeout(30)
class LoopTest {
    @Parameter
    String platformName;

    private Loop loop;
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    private final LoopReport report = new LoopReport() {
        @Override
        public void acceptFailed(ListenSocket socket, IOException cause) {}

        @Override
        public void failed(Throwable cause) {
            faults.add(cause);
        }
    };

    @BeforeEach
    void start() {
        Platform platform = platformName.equals("epoll") ? new EpollPlatform() : new NioPlatform();
        loop = Loops.start(1, report, platform)[0];
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    @Test
    void tasksRunOnTheLoopsThreadInOrder() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        CompletableFuture<String> thread = new CompletableFuture<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.execute(() -> order.add(number));
        }
        loop.execute(() -> {
            assertThat(loop.inLoop()).isTrue();
            thread.complete(Thread.currentThread().getName());
        });
        assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("worker-0");
        assertThat(order).hasSize(100).isSorted();
        assertThat(loop.inLoop()).isFalse();
        assertThat(loop.index()).isZero();
    }

    @Test
    void deferredTasksRunAtTheEndOfTheTurn() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.defer(() -> {
                order.add("deferred");
                loop.defer(() -> {
                    order.add("deferred by a deferred one");
                    done.complete(true);
                });
            });
            order.add("task");
        });
        assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("task", "deferred", "deferred by a deferred one");
    }

    @Test
    void timeStandsStillWithinATurnAndGoesOn() throws Exception {
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        long before = System.nanoTime();
        long wall = System.currentTimeMillis();
        loop.execute(() -> {
            long nanos = loop.nanos();
            long millis = loop.wallMillis();
            while (System.currentTimeMillis() < millis + 3) {
                Thread.onSpinWait();
            }
            same.complete(nanos == loop.nanos() && millis == loop.wallMillis() && nanos >= before && millis >= wall);
        });
        assertThat(same.get(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Long> later = new CompletableFuture<>();
        loop.execute(() -> loop.deadline(() -> later.complete(loop.nanos())).in(5));
        assertThat(later.get(10, TimeUnit.SECONDS)).isGreaterThan(before + 5_000_000);
    }

    @Test
    void deadlinesFireNeverEarly() throws Exception {
        for (long millis : new long[] {1, 7, 50, 300}) {
            CompletableFuture<Long> took = new CompletableFuture<>();
            loop.execute(() -> {
                long armed = loop.nanos();
                loop.deadline(() -> took.complete(loop.nanos() - armed)).in(millis);
            });
            assertThat(took.get(10, TimeUnit.SECONDS))
                    .isBetween(millis * 1_000_000, millis * 1_000_000 + 2_000_000_000);
        }
    }

    @Test
    void aDeadlineThatIsMovedOrClearedKeepsToIt() throws Exception {
        CompletableFuture<Long> took = new CompletableFuture<>();
        List<String> cleared = new CopyOnWriteArrayList<>();
        loop.execute(() -> {
            long armed = loop.nanos();
            Deadline moved = loop.deadline(() -> took.complete(loop.nanos() - armed));
            moved.in(20);
            moved.in(120);
            Deadline never = loop.deadline(() -> cleared.add("fired"));
            never.in(30);
            never.clear();
        });
        assertThat(took.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(120_000_000);
        assertThat(cleared).isEmpty();
    }

    @Test
    void anIdleLoopWithAFarDeadlineUsesNoTime() throws Exception {
        CompletableFuture<Long> thread = new CompletableFuture<>();
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        loop.execute(() -> {
            loop.deadline(() -> {}).in(600_000);
            loop.deadline(() -> end.complete(true)).in(1200);
            thread.complete(Thread.currentThread().threadId());
        });
        long id = thread.get(10, TimeUnit.SECONDS);
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        loop.execute(() -> settled.complete(true));
        settled.get(10, TimeUnit.SECONDS);
        long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(id);
        end.get(10, TimeUnit.SECONDS);
        long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(id) - before;
        assertThat(used).isLessThan(200_000_000);
    }

    @Test
    void aTaskThatThrowsDoesNotEndTheLoop() throws Exception {
        CompletableFuture<Boolean> alive = new CompletableFuture<>();
        loop.execute(() -> {
            throw new IllegalStateException("as the test wants");
        });
        loop.execute(() -> loop.defer(() -> {
            throw new IllegalStateException("as the test wants");
        }));
        loop.execute(() -> alive.complete(true));
        assertThat(alive.get(10, TimeUnit.SECONDS)).isTrue();
        stop();
        assertThat(faults).hasSize(2);
    }

    @Test
    void aTaskForALoopThatHasEndedIsRefused() throws Exception {
        loop.stop();
        assertThat(loop.awaitEnd(10_000)).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        loop.stop();
    }
}
