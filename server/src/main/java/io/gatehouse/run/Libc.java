package io.gatehouse.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The few calls of the C library that the life of a process needs and the JDK does not offer. Linux. */
@SuppressWarnings("restricted") // native access is enabled by the launcher
final class Libc {
    private static final long SIGSET_BYTES = 128;
    private static final long SIGINFO_BYTES = 128;
    private static final long SIGINFO_PID = 16;
    private static final int SIG_BLOCK = 0;
    private static final int APPEND = 1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private static final int MODE = 0644;

    private static final Linker LINKER = Linker.nativeLinker();

    private Libc() {}

    private static MethodHandle find(String name, FunctionDescriptor shape, Linker.Option... options) {
        MemorySegment symbol =
                LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsupportedOperationException(name));
        return LINKER.downcallHandle(symbol, shape, options);
    }

    /** kill(2). Returns 0, or the error's number. */
    static int kill(int pid, int signal) {
        StructLayout layout = Linker.Option.captureStateLayout();
        VarHandle errno = layout.varHandle(PathElement.groupElement("errno"));
        MethodHandle kill = find(
                "kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            int result = (int) kill.invokeExact(state, pid, signal);
            return result == 0 ? 0 : (int) errno.get(state, 0L);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** setsid(2): no terminal any more. Nothing happens if this process leads a group already. */
    static void setsid() {
        MethodHandle setsid = find("setsid", FunctionDescriptor.of(JAVA_INT));
        try {
            int ignored = (int) setsid.invokeExact();
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Lets a descriptor of this process lead to the end of a file; to nowhere if that cannot be opened. */
    static void redirect(int descriptor, Path file) {
        MethodHandle open = find(
                "open",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        MethodHandle dup2 = find("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        MethodHandle close = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int opened = (int) open.invokeExact(arena.allocateFrom(file.toString()), APPEND, MODE);
            if (opened < 0) {
                opened = (int) open.invokeExact(arena.allocateFrom("/dev/null"), APPEND, MODE);
            }
            int ignored = (int) dup2.invokeExact(opened, descriptor);
            ignored = (int) close.invokeExact(opened);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A signal that came, and the process that sent it; 0 if that was the system. */
    record Received(int number, int sender) {}

    /** Waits for signals that the launcher has blocked; one object, made and used by one thread. */
    static final class SignalWait {
        private final MemorySegment set = Arena.global().allocate(SIGSET_BYTES, 8);
        private final MemorySegment info = Arena.global().allocate(SIGINFO_BYTES, 8);
        private final MethodHandle wait = find("sigwaitinfo", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

        SignalWait(ProcessSignal... signals) {
            MethodHandle empty = find("sigemptyset", FunctionDescriptor.of(JAVA_INT, ADDRESS));
            MethodHandle add = find("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
            MethodHandle mask = find("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
            try {
                int ignored = (int) empty.invokeExact(set);
                for (ProcessSignal signal : signals) {
                    ignored = (int) add.invokeExact(set, signal.number());
                }
                ignored = (int) mask.invokeExact(SIG_BLOCK, set, MemorySegment.NULL);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** The next signal; waits for it. */
        Received next() {
            try {
                int number;
                do {
                    number = (int) wait.invokeExact(set, info);
                } while (number <= 0);
                return new Received(number, info.get(JAVA_INT, SIGINFO_PID));
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
