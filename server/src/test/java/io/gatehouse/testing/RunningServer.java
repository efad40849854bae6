package io.gatehouse.testing;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.run.Server;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The whole server with a configuration file, in the test's own process; it listens when it is made. */
public final class RunningServer implements AutoCloseable {
    private final Server server;
    private final Thread thread;

    /**
     * @param prefix what relative paths are relative to
     * @throws io.gatehouse.config.syntax.ConfigException if there is an error in the configuration
     */
    public RunningServer(Path prefix, Path configuration) throws InterruptedException {
        server = new Server(new Paths(prefix, configuration.getParent(), configuration), "", "stderr");
        Snapshot snapshot = server.load();
        CountDownLatch started = new CountDownLatch(1);
        thread = Thread.ofPlatform().daemon().name("gatehouse").start(() -> {
            try {
                server.serve(snapshot, started::countDown);
            } finally {
                started.countDown();
            }
        });
        started.await();
        if (!thread.isAlive()) {
            throw new IllegalStateException("the server did not start; its error log says why");
        }
    }

    /** As if the process was sent a signal. */
    public void send(ProcessSignal signal) {
        server.send(signal);
    }

    @Override
    public void close() throws InterruptedException {
        server.send(ProcessSignal.TERM);
        thread.join();
    }
}
