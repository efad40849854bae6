import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A step of the build: puts together the folder that is run, {@code server/target/gatehouse}.
 *
 * <p>It holds the libraries, the launcher, the JVM's options, the version text, the configuration, the ahead-of-time
 * cache, and {@code jvm}, which names the Java that the cache is made for and tells the launcher that the folder can be
 * used. Arguments: the root of the source tree, the folder where Maven left the jar and {@code libraries}, and whether
 * to make the cache.
 */
final class Layout {
    /** As brotli4j's and zstd-jni's archives have them, for the machines that Gatehouse is made for. */
    private static final Pattern NATIVE =
            Pattern.compile("(?:lib/)?linux[-/](x86_64|amd64|aarch64)/lib(brotli|zstd-jni).*\\.so");

    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");

    private final Path root;
    private final Path built;
    private final Path folder;

    private Layout(Path root, Path built) {
        this.root = root;
        this.built = built;
        this.folder = built.resolve("gatehouse");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Layout layout = new Layout(Path.of(arguments[0]), Path.of(arguments[1]));
        layout.removeWhatIsOld();
        layout.copyLibraries();
        layout.unpackNativeLibraries();
        layout.copyWhatIsNotCode();
        Files.writeString(layout.folder.resolve("jvm"), System.getProperty("java.home") + "\n");
        if (Boolean.parseBoolean(arguments[2])) {
            new AheadOfTimeCache(layout.folder, Path.of(System.getProperty("java.home"))).make();
        }
    }

    /**
     * The JVM (25.0.3) does not notice that a jar has changed since the cache was made, it runs the old classes; so the
     * cache goes before the first jar comes. Deleting and not overwriting leaves a running server its open files.
     */
    private void removeWhatIsOld() throws IOException {
        Files.deleteIfExists(folder.resolve("jvm"));
        Files.deleteIfExists(folder.resolve("gatehouse.aot"));
        Files.createDirectories(folder.resolve("lib"));
        for (Path library : filesUnder(folder.resolve("lib"))) {
            Files.delete(library);
        }
    }

    private void copyLibraries() throws IOException {
        try (JarFile jar = new JarFile(built.resolve("gatehouse.jar").toFile())) {
            copy(built.resolve("gatehouse.jar"), folder.resolve("lib/gatehouse.jar"));
            // The folder of libraries may still hold those of an older build.
            String needed = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String library : needed.split(" ")) {
                Path from = built.resolve("libraries").resolve(library);
                if (library.startsWith("native-linux-") || library.startsWith("zstd-jni-")) {
                    copyWithoutNatives(from, folder.resolve("lib").resolve(library));
                } else if (library.startsWith("bc")) {
                    copyUnsigned(from, folder.resolve("lib").resolve(library));
                } else {
                    copy(from, folder.resolve("lib").resolve(library));
                }
            }
        }
    }

    /**
     * Bouncy Castle's archives are signed, for those who check what they load. We check what we build with, and the JVM keeps no
     * class of a signed archive in its cache, but verifies each one whenever it is loaded: some 200 ms for the first certificate.
     */
    private static void copyUnsigned(Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile(), false)) {
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().putAll(jar.getManifest().getMainAttributes());
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(to), manifest)) {
                for (JarEntry entry : jar.stream().filter(Layout::isContent).toList()) {
                    copy(jar, entry, out);
                }
            }
        }
    }

    private static boolean isContent(JarEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory()
                && !name.equals(JarFile.MANIFEST_NAME)
                && !SIGNATURE.matcher(name).matches();
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream out) throws IOException {
        JarEntry copied = new JarEntry(entry.getName());
        copied.setTime(entry.getTime());
        out.putNextEntry(copied);
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    /**
     * The native parts of the compressors for Linux go to {@code lib/native}, where they are loaded from as they are; those of
     * other systems stay behind. So do zstd-jni's classes for newer JVMs, which bind each function by itself and take ten times
     * as long to begin.
     */
    private void copyWithoutNatives(Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
            for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                String name = entry.getName();
                Matcher linux = NATIVE.matcher(name);
                if (linux.matches()) {
                    String machine = linux.group(1).equals("amd64") ? "x86_64" : linux.group(1);
                    Path file = folder.resolve("lib/native/linux-" + machine + "/lib" + linux.group(2) + ".so");
                    Files.createDirectories(file.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                } else if (name.endsWith(".class") && !name.startsWith("META-INF/")
                        || name.equals(JarFile.MANIFEST_NAME)) {
                    copy(jar, entry, out);
                }
            }
        }
    }

    /**
     * The native libraries of this machine, beside the jars that hold them: who finds them in a jar only has to write them
     * into a folder for temporary files at every start, which may be one that nothing can be loaded from.
     */
    private void unpackNativeLibraries() throws IOException {
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> System.getProperty("os.arch");
        };
        for (Path library : filesUnder(folder.resolve("lib"))) {
            if (!library.toString().endsWith("-linux-" + machine + ".jar")) {
                continue;
            }
            try (JarFile jar = new JarFile(library.toFile())) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    if (entry.getName().startsWith("META-INF/native/")
                            && entry.getName().endsWith(".so")) {
                        unpack(jar, entry);
                    }
                }
            }
        }
    }

    private void unpack(JarFile jar, JarEntry entry) throws IOException {
        Path to = folder.resolve("lib/native").resolve(Path.of(entry.getName()).getFileName());
        Files.createDirectories(to.getParent());
        try (InputStream from = jar.getInputStream(entry)) {
            Files.copy(from, to);
        }
        Files.setLastModifiedTime(to, entry.getLastModifiedTime());
    }

    private void copyWhatIsNotCode() throws IOException {
        copy(root.resolve("gatehouse"), folder.resolve("gatehouse"));
        copy(root.resolve("LICENSE"), folder.resolve("LICENSE"));
        copy(root.resolve("server/src/main/launcher/jvm.options"), folder.resolve("jvm.options"));
        copy(root.resolve("server/src/main/resources/io/gatehouse/version.txt"), folder.resolve("version.txt"));
        Path conf = root.resolve("conf");
        if (Files.isDirectory(conf)) {
            for (Path file : filesUnder(conf)) {
                copy(file, folder.resolve(root.relativize(file).toString()));
            }
        }
    }

    static List<Path> filesUnder(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
