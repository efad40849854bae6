package io.gatehouse.module.authbasic;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.module.authbasic.PasswordHash.NotComputable;
import io.gatehouse.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** crypt_r(3) of the system: the hashes that its own passwords have (bcrypt, yescrypt, SHA-512, MD5, DES ...). */
@SuppressWarnings("restricted") // native access is enabled by the launcher
final class SystemCrypt {
    private static final String[] LIBRARIES = {"libcrypt.so.1", "libcrypt.so.2"};
    /** Of glibc's own struct crypt_data, the largest there is. */
    private static final long DATA_BYTES = 131_232;

    private static final int LONGEST = 512;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final @Nullable MethodHandle CRYPT = find();

    private SystemCrypt() {}

    private static @Nullable MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> symbol = linker.defaultLookup().find("crypt_r");
        for (String library : LIBRARIES) {
            if (symbol.isEmpty()) {
                try {
                    symbol = SymbolLookup.libraryLookup(library, Arena.global()).find("crypt_r");
                } catch (IllegalArgumentException notThere) {
                    // perhaps under the next name
                }
            }
        }
        return symbol.map(at -> linker.downcallHandle(
                        at,
                        FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                        Linker.Option.captureCallState("errno")))
                .orElse(null);
    }

    /**
     * The hash of a key; a text that is no hash where the system takes the setting for none.
     *
     * @param setting a hash of the wanted form, of which method and salt are taken
     */
    static String hash(byte[] key, String setting) throws NotComputable {
        MethodHandle crypt = CRYPT;
        if (crypt == null) {
            throw new NotComputable("crypt_r() failed (no " + LIBRARIES[0] + " on this system)");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment phrase = arena.allocate(key.length + 1L);
            MemorySegment.copy(key, 0, phrase, JAVA_BYTE, 0, key.length);
            MemorySegment data = arena.allocate(DATA_BYTES, ValueLayout.JAVA_LONG.byteAlignment());
            try {
                MemorySegment made =
                        (MemorySegment) crypt.invokeExact(state, phrase, arena.allocateFrom(setting, ISO_8859_1), data);
                if (made.address() == 0) {
                    throw new NotComputable("crypt_r() failed (" + Errno.text((int) ERRNO.get(state, 0L)) + ")");
                }
                return made.reinterpret(LONGEST).getString(0, ISO_8859_1);
            } finally {
                phrase.fill((byte) 0);
                data.fill((byte) 0);
            }
        } catch (NotComputable | RuntimeException e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
