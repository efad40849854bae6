package io.gatehouse.run;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings signals to whoever serves. Where the launcher has blocked them in every thread ({@code
 * -Dgatehouse.signals=blocked}) one thread waits for them, QUIT included, which a JVM would else keep for itself; with
 * {@code jvm} the JVM delivers what it can; without the property signals are left as they are.
 */
public final class Signals {
    private static final int KILLED = 128;
    private static final String HOW = System.getProperty("gatehouse.signals", "");

    /** Takes signals as they come, on the thread that waits for them. */
    @FunctionalInterface
    interface Receiver {
        /** @param sender the process that sent it; 0 if that is not known */
        void received(ProcessSignal signal, long sender);
    }

    private static volatile @Nullable Receiver receiver;

    private Signals() {}

    /** To be called first of all: until somebody takes them, blocked signals end the process as they would unblocked. */
    public static void begin() {
        if (HOW.equals("blocked")) {
            Thread.ofPlatform().name("signals").daemon().start(Signals::await);
        }
    }

    /** What a command is to begin with to be started as this process was: the JDK lets no signal stay blocked in a child. */
    public static List<String> blocking() {
        if (!HOW.equals("blocked")) {
            return List.of();
        }
        String names = Stream.of(ProcessSignal.values()).map(Enum::name).collect(Collectors.joining(","));
        return List.of("env", "--block-signal=" + names);
    }

    static void deliverTo(Receiver to) {
        receiver = to;
        if (HOW.equals("jvm")) {
            for (ProcessSignal signal : ProcessSignal.values()) {
                handle(signal);
            }
        }
    }

    /** Waits until the process is told to end, for what has nothing to finish first. */
    public static void awaitEnd() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        deliverTo((signal, _) -> {
            if (signal.ends()) {
                told.countDown();
            }
        });
        told.await();
    }

    private static void await() {
        Libc.SignalWait signals = new Libc.SignalWait(ProcessSignal.values());
        while (true) {
            Libc.Received received = signals.next();
            ProcessSignal signal = ProcessSignal.of(received.number());
            if (signal != null) {
                deliver(signal, received.sender());
            }
        }
    }

    private static void deliver(ProcessSignal signal, long sender) {
        Receiver to = receiver;
        if (to != null) {
            to.received(signal, sender);
        } else if (signal.ends()) {
            Runtime.getRuntime().halt(KILLED + signal.number());
        }
    }

    @SuppressWarnings("sunapi")
    private static void handle(ProcessSignal signal) {
        try {
            sun.misc.Signal.handle(new sun.misc.Signal(signal.name()), _ -> deliver(signal, 0));
        } catch (IllegalArgumentException notOnThisSystem) {
            // The signal does not exist here, or the JVM keeps it.
        }
    }
}
