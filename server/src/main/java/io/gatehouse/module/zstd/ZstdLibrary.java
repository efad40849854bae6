package io.gatehouse.module.zstd;

import com.github.luben.zstd.util.Native;
import io.gatehouse.coding.Coder;
import io.gatehouse.coding.CodingException;
import io.gatehouse.coding.NativeFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The library that compresses, loaded when a configuration first asks for it, while it is read. A first stream is made then,
 * too, because that binds its functions and would hold a loop for a tenth of a second.
 */
final class ZstdLibrary {
    private static final String LOCATION = "ZstdNativePath";
    private static final int ROOM = 256;

    private ZstdLibrary() {}

    /** Why it cannot be used; null if it can. */
    static @Nullable String trouble() {
        return Loaded.TROUBLE;
    }

    private static final class Loaded {
        static final @Nullable String TROUBLE = load();

        private static @Nullable String load() {
            String installed = NativeFile.find("libzstd-jni.so");
            if (installed != null && System.getProperty(LOCATION) == null) {
                System.setProperty(LOCATION, installed);
            }
            try {
                Native.load();
                Coder first = new Zstd(1).open(1);
                first.code(ByteBuffer.allocateDirect(1), ByteBuffer.allocateDirect(ROOM), Coder.Ask.END);
                first.close();
                return null;
            } catch (LinkageError | RuntimeException | CodingException e) {
                return NativeFile.trouble(e);
            }
        }
    }
}
