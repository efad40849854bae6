package io.gatehouse.run;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.protocol.entrance.Entrance;
import io.gatehouse.tls.acme.Acme;
import io.gatehouse.upstream.Resolvers;
import io.gatehouse.wire.Acceptor;
import io.gatehouse.wire.ListenSocket;
import io.gatehouse.wire.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A configuration in force, or one that was and whose last connections still run. Each connection stays on the generation
 * that accepted it. Made, started and retired by the thread of the process.
 */
final class Generation {
    private final Snapshot snapshot;
    private final List<SocketPlan> plans;
    private final Loop[] loops;
    private final List<Entrance> entrances = new ArrayList<>();
    private final AtomicInteger loopsWithConnections;
    private final Consumer<Generation> whenOver;
    private final List<Accepting> accepting = new ArrayList<>();
    private boolean retired;

    /** A loop and a socket that it accepts from; which one that is may be another by the time that it stops. */
    private record Accepting(Loop loop, ListenSocket socket) {}

    /** @param whenOver told once, from any thread, when a retired generation's last connection has gone */
    Generation(Snapshot snapshot, Loop[] loops, Pipeline pipeline, Consumer<Generation> whenOver) {
        this.snapshot = snapshot;
        this.plans = SocketPlan.of(snapshot.listens());
        this.loops = loops;
        this.whenOver = whenOver;
        this.loopsWithConnections = new AtomicInteger(loops.length);
        for (Loop loop : loops) {
            entrances.add(new Entrance(loop, pipeline, this::loopIsEmpty));
        }
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** The sockets it listens on. */
    List<SocketPlan> plans() {
        return plans;
    }

    /** How long it may live on when it is retired, in milliseconds; 0 for as long as it takes. */
    long shutdownMillis() {
        return snapshot.main().get(ProcessModule.WORKER_SHUTDOWN_TIMEOUT);
    }

    /**
     * Begins what goes on beside connections.
     *
     * @param log the error log of its main level
     */
    void begin(ErrorLog log) {
        Resolvers resolvers = snapshot.shared(Resolvers.class);
        if (resolvers != null) {
            resolvers.start(loops, log);
        }
        Acme acme = snapshot.shared(Acme.class);
        if (acme != null) {
            acme.begin(log);
        }
    }

    /** Begins to accept on every address, each loop for itself. */
    void accept(ListenSockets sockets) {
        for (int i = 0; i < loops.length; i++) {
            for (SocketPlan plan : plans) {
                ListenSocket socket = sockets.socket(plan.address(), i);
                accepting.add(new Accepting(loops[i], socket));
                loops[i].accept(socket, acceptor(entrances.get(i), plan));
            }
        }
    }

    private static Acceptor acceptor(Entrance entrance, SocketPlan plan) {
        if (plan.narrower().isEmpty()) {
            return entrance.acceptor(plan.point());
        }
        return (wire, from) -> entrance.acceptor(plan.pointFor(wire.local())).accepted(wire, from);
    }

    void stopAccepting() {
        accepting.forEach(a -> a.loop().stopAccepting(a.socket()));
        accepting.clear();
    }

    boolean isRetired() {
        return retired;
    }

    /** Ends idle connections, lets busy ones finish. Accepting has passed to the next generation, or has stopped. */
    void retire() {
        retired = true;
        for (int i = 0; i < loops.length; i++) {
            Entrance mine = entrances.get(i);
            loops[i].execute(mine::drain);
        }
    }

    /** Closes what still runs. */
    void closeAll() {
        for (int i = 0; i < loops.length; i++) {
            Entrance mine = entrances.get(i);
            loops[i].execute(mine::closeAll);
        }
    }

    private void loopIsEmpty() {
        if (loopsWithConnections.decrementAndGet() == 0) {
            whenOver.accept(this);
        }
    }
}
