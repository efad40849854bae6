package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A mistake of ours, or of a library's, cannot hand the keeper's privileges on. */
class ThreadOnlyTest {
    @Test
    void theThreadCanStartNoOtherAndNoProgramAndGoesOn() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/task")), "this is not Linux");
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            new ThreadOnly().enforce();
            assertThatThrownBy(() -> new Thread(() -> {}).start()).isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> Runtime.getRuntime().exec(new String[] {"true"}))
                    .isInstanceOf(Throwable.class);
            return Files.exists(Path.of("/"));
        });

        new Thread(task).start();

        assertThat(task.get()).isTrue();
        Thread other = new Thread(() -> {});
        other.start();
        other.join();
    }
}
