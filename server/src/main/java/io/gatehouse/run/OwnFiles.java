package io.gatehouse.run;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Enumeration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The program's own files, which the JVM opens when it first needs a class of theirs: perhaps after root is given up. */
final class OwnFiles {
    private OwnFiles() {}

    /** Opens all libraries if they lie where not everybody may read, such as in root's home. */
    static void open() {
        for (String library : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!isForEverybody(Path.of(library).toAbsolutePath())) {
                openAll();
                return;
            }
        }
    }

    /** Looking for what none of them has makes the JVM open each. */
    private static void openAll() {
        try {
            Enumeration<URL> _ = OwnFiles.class.getClassLoader().getResources("io/gatehouse/in-no-library");
        } catch (IOException e) {
            // One that is broken tells when a class of it is wanted.
        }
    }

    private static boolean isForEverybody(Path library) {
        try {
            for (Path folder = library.getParent(); folder != null; folder = folder.getParent()) {
                if (!permissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            }
            return permissions(library).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) throws IOException {
        return Files.getPosixFilePermissions(path);
    }

    /** The folder of the Java that runs, if this thread's user may not read there; null if all is well. */
    static @Nullable String unreadableJava() {
        Path home = Path.of(System.getProperty("java.home", ""));
        return Files.isReadable(home.resolve("lib/modules")) ? null : home.toString();
    }
}
