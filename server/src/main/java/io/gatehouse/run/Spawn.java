package io.gatehouse.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts a program that gets descriptors of this process, which the JDK closes in everything that it starts:
 * posix_spawn(3) of the C library. Linux.
 */
@SuppressWarnings("restricted") // native access is enabled by the launcher
final class Spawn {
    /** The first one behind standard error. */
    private static final int FIRST = 3;

    /** More than the C library's own structure has on any 64-bit Linux. */
    private static final long ACTIONS_BYTES = 256;

    /** An exit code above it stands for a signal. */
    static final int BY_SIGNAL = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Spawn() {}

    /**
     * Starts it; it has this process's standard streams, and no descriptors but those that it is given.
     *
     * @param command the path of the program and its arguments
     * @param descriptors of this process; there they are numbered from 3 on
     * @return the number of its process
     */
    static int start(List<String> command, Map<String, String> environment, List<Integer> descriptors)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(ACTIONS_BYTES, 8);
            check("posix_spawn_file_actions_init", (int)
                    of("posix_spawn_file_actions_init").invokeExact(actions));
            try {
                pass(actions, descriptors);
                List<String> variables = environment.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList();
                MemorySegment pid = arena.allocate(JAVA_INT);
                MethodHandle spawn = LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("posix_spawn"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
                int error = (int) spawn.invokeExact(
                        pid,
                        arena.allocateFrom(command.getFirst(), NAMES),
                        actions,
                        MemorySegment.NULL,
                        strings(arena, command),
                        strings(arena, variables));
                check("posix_spawn", error);
                return pid.get(JAVA_INT, 0);
            } finally {
                int _ = (int) of("posix_spawn_file_actions_destroy").invokeExact(actions);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Waits for the end of a process that this one started.
     *
     * @return its exit code; for a signal that ended it 128 and the signal's number, as in the shell
     */
    static int await(int pid) {
        MethodHandle wait = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("waitpid"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            int _ = (int) wait.invokeExact(pid, status, 0);
            // As WEXITSTATUS and WTERMSIG of Linux have it.
            int how = status.get(JAVA_INT, 0);
            int signal = how & 0x7f;
            return signal == 0 ? how >> 8 & 0xff : BY_SIGNAL + signal;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Through numbers that are free, so that no descriptor takes the place of one that is still to be passed. */
    private static void pass(MemorySegment actions, List<Integer> descriptors) throws Throwable {
        MethodHandle duplicate = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("posix_spawn_file_actions_adddup2"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        int count = descriptors.size();
        int aside = Math.max(
                FIRST + count,
                descriptors.stream().mapToInt(Integer::intValue).max().orElse(0) + 1);
        for (int i = 0; i < count; i++) {
            check("dup2", (int) duplicate.invokeExact(actions, (int) descriptors.get(i), aside + i));
        }
        for (int i = 0; i < count; i++) {
            check("dup2", (int) duplicate.invokeExact(actions, aside + i, FIRST + i));
        }
        closeFrom(actions, FIRST + count, aside, count);
    }

    private static void closeFrom(MemorySegment actions, int first, int aside, int count) throws Throwable {
        // Since version 2.34 of the C library. What the JVM opens itself would else stay open there, of no use to
        // anybody.
        Optional<MemorySegment> all = LINKER.defaultLookup().find("posix_spawn_file_actions_addclosefrom_np");
        FunctionDescriptor ofOne = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
        if (all.isPresent()) {
            check("closefrom", (int) LINKER.downcallHandle(all.get(), ofOne).invokeExact(actions, first));
            return;
        }
        MethodHandle close =
                LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("posix_spawn_file_actions_addclose"), ofOne);
        for (int i = 0; i < count; i++) {
            check("close", (int) close.invokeExact(actions, aside + i));
        }
    }

    private static MethodHandle of(String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i), NAMES));
        }
        return array;
    }

    private static void check(String call, int error) throws IOException {
        if (error != 0) {
            throw new IOException(call + " failed (" + Errno.text(error) + ")");
        }
    }
}
