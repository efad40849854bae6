package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.Library;
import io.netty.internal.tcnative.SSL;
import io.netty.util.internal.NativeLibraryLoader;
import java.util.Locale;

/** What does the cryptography of this process: BoringSSL, or the JDK where that has no native library. */
public final class TlsLibrary {
    private TlsLibrary() {}

    /**
     * Whether it is BoringSSL; loads it on the first call. {@code -Dgatehouse.tls=jdk} leaves it out, for tests.
     */
    public static boolean isNative() {
        return Loaded.NATIVE;
    }

    /** Its name, for {@code -V}; loads nothing. */
    public static String name() {
        return nativeName() != null ? "BoringSSL" : "JDK";
    }

    private static @org.jspecify.annotations.Nullable String nativeName() {
        if ("jdk".equals(System.getProperty("gatehouse.tls"))) {
            return null;
        }
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> "";
        };
        return system.equals("linux") && !machine.isEmpty() ? "netty_tcnative_linux_" + machine : null;
    }

    /** Netty's own way to load it tries out every cipher and protocol first, which takes longer than our whole start. */
    private static final class Loaded {
        static final boolean NATIVE = load();

        private static boolean load() {
            String name = nativeName();
            if (name == null) {
                return false;
            }
            NettyLogging.begin();
            try {
                NativeLibraryLoader.load(name, SSL.class.getClassLoader());
                return Library.initialize("provided", null);
            } catch (Exception | LinkageError e) {
                return false;
            }
        }
    }
}
