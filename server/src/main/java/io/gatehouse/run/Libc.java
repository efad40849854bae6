package io.gatehouse.run;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The few calls of the C library that the life of a process needs and the JDK does not offer. Linux. */
@SuppressWarnings("restricted") // native access is enabled by the launcher
final class Libc {
    private static final long SIGSET_BYTES = 128;
    private static final long SIGINFO_BYTES = 128;
    private static final long SIGINFO_PID = 16;
    private static final int SIG_BLOCK = 0;
    private static final int APPEND = 1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private static final int MODE = 0644;
    /** Behind the pointers to name and password, in the structs passwd and group alike. */
    private static final long ID = 16;

    private static final Linker LINKER = Linker.nativeLinker();

    /**
     * One kind of call for all: the arguments are numbers and addresses, at most five, each in a register of its own, and a
     * callee looks at no more of them than it has. So it is on every 64-bit Linux. Making a kind of call costs a start
     * several milliseconds.
     */
    private static final MethodHandle WORDS = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private Libc() {}

    private static MemorySegment find(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsupportedOperationException(name));
    }

    private static long words(MemorySegment function, long first, long second, long third) {
        try {
            return (long) WORDS.invokeExact(function, first, second, third, 0L, 0L);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The call of a function that answers with an int. */
    private static int call(String name, long first, long second, long third) {
        return (int) words(find(name), first, second, third);
    }

    /** kill(2). Returns 0, or the error's number. */
    static int kill(int pid, int signal) {
        return error("kill", pid, signal);
    }

    /** The error's number of a call of two numbers; 0 if it succeeds. */
    private static int error(String name, int first, int second) {
        StructLayout layout = Linker.Option.captureStateLayout();
        VarHandle errno = layout.varHandle(PathElement.groupElement("errno"));
        MethodHandle call = LINKER.downcallHandle(
                find(name),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT),
                Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            int result = (int) call.invokeExact(state, first, second);
            return result == 0 ? 0 : (int) errno.get(state, 0L);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * setgid(2) and initgroups(3): the group and the other groups of the user, for every thread of the process.
     *
     * @throws IOException in nginx's words
     */
    static void setGroups(String user, int gid) throws IOException {
        // The same id twice: the real and the effective one; the saved one follows.
        if (call("setregid", gid, gid, 0) != 0) {
            throw failure("setgid(" + gid + ")", error("setregid", gid, gid));
        }
        ByteBuffer name = octets(user);
        int result = call("initgroups", address(name), gid, 0);
        Reference.reachabilityFence(name);
        if (result != 0) {
            throw new IOException("initgroups(" + user + ", " + gid + ") failed");
        }
    }

    /**
     * setuid(2) for every thread of the process, the JVM's own too, with no way back.
     *
     * @throws IOException in nginx's words
     */
    static void setUser(int uid) throws IOException {
        if (call("setreuid", uid, uid, 0) != 0) {
            throw failure("setuid(" + uid + ")", error("setreuid", uid, uid));
        }
    }

    private static IOException failure(String call, int error) {
        return new IOException(call + " failed (" + Errno.text(error) + ")");
    }

    /** prctl(2) with two arguments, for the calling thread. */
    static void prctl(int option, long value, long more) throws IOException {
        if (call("prctl", option, value, more) != 0) {
            throw new IOException("prctl(" + option + ") failed");
        }
    }

    /** capget(2), for the calling thread. */
    static void capget(ByteBuffer header, ByteBuffer sets) throws IOException {
        if (call("capget", address(header), address(sets), 0) != 0) {
            throw new IOException("capget() failed");
        }
    }

    /** capset(2), for the calling thread. */
    static void capset(ByteBuffer header, ByteBuffer sets) throws IOException {
        if (call("capset", address(header), address(sets), 0) != 0) {
            throw new IOException("capset() failed");
        }
    }

    /** getpwnam(3), by one thread at a time: the ids of the user and of the user's group; null if there is no such user. */
    static synchronized int @Nullable [] userIds(String name) {
        MemorySegment found = byName("getpwnam", name);
        if (found == null) {
            return null;
        }
        return new int[] {found.get(JAVA_INT, ID), found.get(JAVA_INT, ID + Integer.BYTES)};
    }

    /** getgrnam(3), by one thread at a time; -1 if there is no such group. */
    static synchronized int groupId(String name) {
        MemorySegment found = byName("getgrnam", name);
        return found == null ? -1 : found.get(JAVA_INT, ID);
    }

    private static @Nullable MemorySegment byName(String function, String name) {
        ByteBuffer text = octets(name);
        long found = words(find(function), address(text), 0, 0);
        Reference.reachabilityFence(text);
        return found == 0 ? null : MemorySegment.ofAddress(found).reinterpret(ID + 2 * Integer.BYTES);
    }

    /** Octets with a zero behind them. */
    private static ByteBuffer octets(String text) {
        return memory(text.length() + 1).put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Memory for a struct. A buffer, because the layouts of java.lang.foreign cost a start more than all else here. */
    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Where the buffer's memory begins; good as long as the buffer is held. */
    static long address(ByteBuffer memory) {
        return MemorySegment.ofBuffer(memory.duplicate().clear()).address();
    }

    /** setsid(2): no terminal any more. Nothing happens if this process leads a group already. */
    static void setsid() {
        int ignored = call("setsid", 0, 0, 0);
    }

    /** Lets a descriptor of this process lead to the end of a file; to nowhere if that cannot be opened. */
    static void redirect(int descriptor, Path file) {
        try (Arena arena = Arena.ofConfined()) {
            int opened = call("open", arena.allocateFrom(file.toString()).address(), APPEND, MODE);
            if (opened < 0) {
                opened = call("open", arena.allocateFrom("/dev/null").address(), APPEND, MODE);
            }
            int ignored = call("dup2", opened, descriptor, 0);
            ignored = call("close", opened, 0, 0);
        }
    }

    /** A signal that came, and the process that sent it; 0 if that was the system. */
    record Received(int number, int sender) {}

    /** Waits for signals that the launcher has blocked; one object, made and used by one thread. */
    static final class SignalWait {
        private final MemorySegment set = Arena.global().allocate(SIGSET_BYTES, 8);
        private final MemorySegment info = Arena.global().allocate(SIGINFO_BYTES, 8);
        private final MemorySegment wait = find("sigwaitinfo");

        SignalWait(ProcessSignal... signals) {
            int ignored = call("sigemptyset", set.address(), 0, 0);
            for (ProcessSignal signal : signals) {
                ignored = call("sigaddset", set.address(), signal.number(), 0);
            }
            ignored = call("pthread_sigmask", SIG_BLOCK, set.address(), 0);
        }

        /** The next signal; waits for it. */
        Received next() {
            int number;
            do {
                number = (int) words(wait, set.address(), info.address(), 0);
            } while (number <= 0);
            return new Received(number, info.get(JAVA_INT, SIGINFO_PID));
        }
    }
}
