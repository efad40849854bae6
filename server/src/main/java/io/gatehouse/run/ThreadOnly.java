package io.gatehouse.run;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Forbids the calling thread for good to start a thread or a program: it would inherit what the thread may do. The kernel
 * refuses (seccomp(2)), whatever library tries it; the JVM then throws an OutOfMemoryError.
 */
final class ThreadOnly {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int CALL_NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int ALLOW = 0x7fff0000;
    private static final int REFUSE = 0x00050000 | 11; // EAGAIN, as if there were too many threads

    private static final int INSTRUCTION_BYTES = 8;
    private static final int DESCRIPTION_BYTES = 16;

    /** The calls of one kind of processor: clone, clone3, execve, execveat, and where they exist fork and vfork. */
    private record Calls(int architecture, int... numbers) {}

    private final @Nullable ByteBuffer program;

    /** Made while everything may be read: this class too is read from a file, which may be root's. */
    ThreadOnly() {
        Calls calls = switch (System.getProperty("os.arch", "")) {
            case "amd64" -> new Calls(0xc000003e, 56, 57, 58, 59, 322, 435);
            case "aarch64" -> new Calls(0xc00000b7, 220, 221, 281, 435);
            default -> null;
        };
        program = calls == null ? null : program(calls);
    }

    /** Nothing happens on a processor whose calls are not known. */
    void enforce() throws IOException {
        if (program == null) {
            return;
        }
        ByteBuffer described = Libc.memory(DESCRIPTION_BYTES);
        described.putShort(0, (short) (program.capacity() / INSTRUCTION_BYTES));
        described.putLong(Long.BYTES, Libc.address(program));
        try {
            Libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
            Libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, Libc.address(described));
        } finally {
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(described);
        }
    }

    private static ByteBuffer program(Calls calls) {
        int count = calls.numbers().length;
        ByteBuffer program = Libc.memory((count + 5) * INSTRUCTION_BYTES);
        put(program, LOAD_WORD, 0, 0, ARCHITECTURE);
        put(program, JUMP_IF_EQUAL, 0, count + 1, calls.architecture());
        put(program, LOAD_WORD, 0, 0, CALL_NUMBER);
        for (int i = 0; i < count; i++) {
            put(program, JUMP_IF_EQUAL, count - i, 0, calls.numbers()[i]);
        }
        put(program, RETURN, 0, 0, ALLOW);
        put(program, RETURN, 0, 0, REFUSE);
        return program;
    }

    private static void put(ByteBuffer program, int code, int ifTrue, int ifFalse, int value) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }
}
