import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Checks or brings about palantir-java-format in every Java file under a folder.
 *
 * <p>Arguments: {@code check} or {@code write}, the file that remembers what was found in order (digests of whole
 * files, so that only what changed is looked at), the folder. Ends with 1 when something is not in order.
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    private final boolean rewrite;
    private final Set<String> known;
    private final Set<String> inOrder = new ConcurrentSkipListSet<>();
    private final Set<String> complaints = new ConcurrentSkipListSet<>();

    private Format(boolean rewrite, Set<String> known) {
        this.rewrite = rewrite;
        this.known = known;
    }

    public static void main(String[] arguments) throws IOException {
        Path memory = Path.of(arguments[1]);
        Path root = Path.of(arguments[2]);
        Set<String> known = Files.exists(memory) ? new HashSet<>(Files.readAllLines(memory)) : Set.of();
        Format format = new Format(arguments[0].equals("write"), known);
        javaFilesUnder(root).parallelStream().forEach(file -> format.look(root, file));
        Files.createDirectories(memory.getParent());
        Files.write(memory, new TreeSet<>(format.inOrder));
        if (!format.complaints.isEmpty()) {
            format.complaints.forEach(System.err::println);
            System.err.println("Format them with: mvn -pl format verify -Dformat=write");
            System.exit(1);
        }
    }

    private void look(Path root, Path file) {
        try {
            String found = Files.readString(file);
            if (known.contains(digest(found))) {
                inOrder.add(digest(found));
                return;
            }
            String wanted = FORMATTER.formatSourceAndFixImports(found);
            if (!wanted.equals(found) && rewrite) {
                Files.writeString(file, wanted);
            } else if (!wanted.equals(found)) {
                complaints.add(root.relativize(file) + ": not in palantir-java-format");
                return;
            }
            inOrder.add(digest(wanted));
        } catch (FormatterException | IOException e) {
            complaints.add(root.relativize(file) + ": " + e.getMessage());
        }
    }

    private static List<Path> javaFilesUnder(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean ours = folder.equals(root) || !name.startsWith(".") && !name.equals("target");
                return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
