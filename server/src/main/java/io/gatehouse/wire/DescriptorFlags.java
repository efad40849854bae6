package io.gatehouse.wire;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Flags of an open descriptor, by fcntl(2): for one that was opened elsewhere. */
final class DescriptorFlags {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    private DescriptorFlags() {}

    @SuppressWarnings("restricted")
    static void nonBlocking(int descriptor, boolean on) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle fcntl = linker.downcallHandle(
                linker.defaultLookup().find("fcntl").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        try {
            int flags = (int) fcntl.invokeExact(descriptor, F_GETFL, 0);
            int changed = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
            if (flags < 0 || (int) fcntl.invokeExact(descriptor, F_SETFL, changed) < 0) {
                throw new ErrnoException("fcntl(O_NONBLOCK)", Errno.EINVAL);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
