package io.gatehouse.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The few calls of the C library that the life of a process needs and the JDK does not offer. Linux. */
final class Libc {
    static final int SIGHUP = 1;
    static final int SIGINT = 2;
    static final int SIGQUIT = 3;
    static final int SIGUSR1 = 10;
    static final int SIGUSR2 = 12;
    static final int SIGTERM = 15;
    static final int SIGWINCH = 28;

    private static final long SIGSET_BYTES = 128;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            ERRNO_LAYOUT.varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle KILL = find("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), true);

    private Libc() {}

    private static MethodHandle find(String name, FunctionDescriptor shape, boolean errno) {
        SymbolLookup symbols = LINKER.defaultLookup();
        MemorySegment symbol = symbols.find(name).orElseThrow(() -> new UnsupportedOperationException(name));
        return errno
                ? LINKER.downcallHandle(symbol, shape, Linker.Option.captureCallState("errno"))
                : LINKER.downcallHandle(symbol, shape);
    }

    /** kill(2). Returns 0, or the error's number. */
    static int kill(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result = (int) KILL.invokeExact(state, pid, signal);
            return result == 0 ? 0 : (int) ERRNO.get(state, 0L);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Waits for signals that the launcher has blocked; one object, used by one thread. */
    static final class SignalWait implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment set = arena.allocate(SIGSET_BYTES, 8);
        private final MemorySegment received = arena.allocate(JAVA_INT);
        private final MethodHandle sigwait = find("sigwait", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), false);

        SignalWait(int... signals) {
            MethodHandle empty = find("sigemptyset", FunctionDescriptor.of(JAVA_INT, ADDRESS), false);
            MethodHandle add = find("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), false);
            MethodHandle mask =
                    find("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), false);
            try {
                int ignored = (int) empty.invokeExact(set);
                for (int signal : signals) {
                    ignored = (int) add.invokeExact(set, signal);
                }
                // SIG_BLOCK on this thread too: without the launcher's help it would else be delivered elsewhere
                ignored = (int) mask.invokeExact(0, set, MemorySegment.NULL);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** The next signal. */
        int next() {
            try {
                int result;
                do {
                    result = (int) sigwait.invokeExact(set, received);
                } while (result != 0);
                return received.get(JAVA_INT, 0);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
