package io.gatehouse.coding;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the native part of a library lies when Gatehouse was installed: the build has taken it out of its archive, so that
 * nothing need be written to a folder for temporary files. Run from a development tree, the library takes it out itself.
 */
public final class NativeFile {
    private NativeFile() {}

    /** The file of that name in {@code lib/native/}, or null if there is none. */
    public static @Nullable String find(String name) {
        String home = System.getProperty("gatehouse.home");
        if (home == null) {
            return null;
        }
        Path file = Path.of(home, "lib", "native", platform(), name);
        return Files.isRegularFile(file) ? file.toString() : null;
    }

    /** Whether Gatehouse comes with native libraries for this machine. */
    public static boolean isForThisMachine() {
        return switch (platform()) {
            case "linux-x86_64", "linux-aarch64" -> true;
            default -> false;
        };
    }

    /** As {@code lib/native/} has it: "linux-x86_64". */
    private static String platform() {
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            case String other -> other;
        };
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + machine;
    }

    /** Why a library cannot be used, in words for the log, with what to do where that is known. */
    public static String trouble(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        if (text.contains("failed to map segment") || text.contains("Permission denied")) {
            return text + "; the folder for temporary files (" + System.getProperty("java.io.tmpdir")
                    + ") must be writable and may not be mounted noexec, another is named by"
                    + " GATEHOUSE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER";
        }
        return text;
    }
}
