package io.gatehouse.run;

import java.util.Map;

/**
 * Brings signals to the process's thread. Where the launcher has blocked them in every thread ({@code
 * -Dgatehouse.signals=blocked}) one thread waits for them, QUIT included, which a JVM would else keep for itself; elsewhere
 * the JVM delivers what it can.
 */
final class Signals {
    private static final Map<String, Integer> JVM = Map.of(
            "HUP",
            Libc.SIGHUP,
            "INT",
            Libc.SIGINT,
            "TERM",
            Libc.SIGTERM,
            "USR1",
            Libc.SIGUSR1,
            "USR2",
            Libc.SIGUSR2,
            "WINCH",
            Libc.SIGWINCH);

    private Signals() {}

    static void deliverTo(ServerProcess process) {
        if ("blocked".equals(System.getProperty("gatehouse.signals"))) {
            Thread.ofPlatform().name("signals").daemon().start(() -> wait(process));
        } else {
            JVM.forEach((name, number) -> handle(process, name, number));
        }
    }

    private static void wait(ServerProcess process) {
        try (Libc.SignalWait signals = new Libc.SignalWait(
                Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGTERM, Libc.SIGWINCH)) {
            while (true) {
                process.post(new ServerProcess.Event.Signal(signals.next()));
            }
        }
    }

    private static void handle(ServerProcess process, String name, int number) {
        try {
            sun.misc.Signal.handle(
                    new sun.misc.Signal(name), signal -> process.post(new ServerProcess.Event.Signal(number)));
        } catch (IllegalArgumentException notOnThisSystem) {
            // the signal does not exist here, or the JVM keeps it
        }
    }
}
