import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the ahead-of-time cache of a folder that can be run, {@code gatehouse.aot} in it, for one Java. */
final class AheadOfTimeCache {
    private final Path folder;
    private final Path java;

    /**
     * @param folder what {@link Layout} put together
     * @param java the home of the Java that will run it: no other can use the cache
     */
    AheadOfTimeCache(Path folder, Path java) {
        this.folder = folder;
        this.java = java;
    }

    /**
     * Starts the server the way everybody does, uses it a little, and stops it; on its way out the JVM writes the cache
     * (JEP 514). Without a cache everything works, only the start takes longer.
     *
     * @return whether there is one
     */
    boolean make() throws IOException, InterruptedException {
        Path unfinished = folder.resolve("gatehouse.aot.new");
        Path work = Files.createTempDirectory("gatehouse-training");
        try (Training training = new Training(work)) {
            // A relative name, because options are split at blanks and the folder's name may have some.
            ProcessBuilder server = new ProcessBuilder(
                            List.of("sh", "./gatehouse", "-p", work + "/", "-c", "training.conf"))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("output").toFile());
            server.environment()
                    .putAll(Map.of(
                            "GATEHOUSE_JAVA",
                            java.toString(),
                            "GATEHOUSE_JAVA_OPTS",
                            "-XX:AOTCacheOutput=gatehouse.aot.new"));
            String trouble = training.run(server);
            if (trouble != null) {
                System.out.println("The ahead-of-time cache knows less than it could: " + trouble);
            }
            if (Files.exists(unfinished)) {
                Files.move(unfinished, folder.resolve("gatehouse.aot"), StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
            System.out.println("There is no ahead-of-time cache, so every start takes longer: " + training.output());
            return false;
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
