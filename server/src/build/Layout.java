import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last step of the build: completes the folder that is run, {@code server/target/gatehouse}.
 *
 * <p>The libraries lie in its {@code lib} already. Added are the launcher, the JVM's options, the version text, the
 * configuration, the ahead-of-time cache, and {@code jvm}, which names the Java the cache is made for and tells the
 * launcher that the folder can be used. Arguments: the root of the source tree, the folder, and whether to train.
 */
final class Layout {
    private final Path root;
    private final Path folder;

    private Layout(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Layout layout = new Layout(Path.of(arguments[0]), Path.of(arguments[1]));
        layout.copyWhatIsNotCode();
        Files.deleteIfExists(layout.folder.resolve("gatehouse.aot"));
        Files.writeString(layout.folder.resolve("jvm"), System.getProperty("java.home") + "\n");
        if (Boolean.parseBoolean(arguments[2])) {
            layout.makeAheadOfTimeCache();
        }
    }

    private void copyWhatIsNotCode() throws IOException {
        copy(root.resolve("gatehouse"), folder.resolve("gatehouse"));
        copy(root.resolve("LICENSE"), folder.resolve("LICENSE"));
        copy(root.resolve("server/src/main/launcher/jvm.options"), folder.resolve("jvm.options"));
        copy(root.resolve("server/src/main/resources/io/gatehouse/version.txt"), folder.resolve("version.txt"));
        Path conf = root.resolve("conf");
        if (Files.isDirectory(conf)) {
            try (Stream<Path> files = Files.walk(conf)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    copy(file, folder.resolve(root.relativize(file).toString()));
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /**
     * Starts the server the way everybody does, uses it a little, and stops it; on its way out the JVM writes the cache
     * (JEP 514). Without a cache everything works, only the start takes longer, so nothing here fails the build.
     */
    private void makeAheadOfTimeCache() throws IOException, InterruptedException {
        Path unfinished = folder.resolve("gatehouse.aot.new");
        Path work = Files.createTempDirectory("gatehouse-training");
        try (Training training = new Training(work)) {
            // A relative name, because options are split at blanks and the folder's name may have some.
            ProcessBuilder server = new ProcessBuilder(
                            List.of("sh", "./gatehouse", "-p", work + "/", "-c", "training.conf", "-e", "error.log"))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("output").toFile());
            server.environment()
                    .putAll(Map.of(
                            "GATEHOUSE_JAVA",
                            System.getProperty("java.home"),
                            "GATEHOUSE_JAVA_OPTS",
                            "-XX:AOTCacheOutput=gatehouse.aot.new"));
            String trouble = training.run(server);
            if (trouble != null) {
                System.out.println("The ahead-of-time cache knows less than it could: " + trouble);
            }
            if (Files.exists(unfinished)) {
                Files.move(unfinished, folder.resolve("gatehouse.aot"), StandardCopyOption.ATOMIC_MOVE);
            } else {
                System.out.println(
                        "There is no ahead-of-time cache, so every start takes longer: " + training.output());
            }
        } finally {
            for (String leftover : List.of("gatehouse.aot.new", "gatehouse.aot.new.config")) {
                Files.deleteIfExists(folder.resolve(leftover));
            }
            try (Stream<Path> files = Files.walk(work)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
