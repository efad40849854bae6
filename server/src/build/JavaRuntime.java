import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** A Java that has what the program needs and no more, made by jlink of the Java that runs the build. */
final class JavaRuntime {
    /** What no class names, as far as jdeps can see. */
    private static final List<String> BY_NAME = List.of(
            // Signals, where the launcher could not block them.
            "jdk.unsupported",
            // Memory and threads, for who looks at a server that runs.
            "java.management",
            "jdk.management");

    private JavaRuntime() {}

    private static final String PROGRAM = "gatehouse.jar";

    /**
     * @param libraries the folder of jars that it is to run
     * @param to where it comes to be; must not exist
     */
    static void make(Path libraries, Path to) throws IOException {
        List<String> jars = Layout.filesUnder(libraries).stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".jar"))
                .sorted()
                .toList();
        TreeSet<String> modules = new TreeSet<>(BY_NAME);
        modules.addAll(modulesOf(libraries.resolve(PROGRAM), jars));
        String _ = tool(
                "jlink",
                List.of(
                        "--add-modules",
                        String.join(",", modules),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress=zip-6",
                        "--output",
                        to.toString()));
    }

    /** Those of the program, of the jars that it uses, of those that these use, and so on. */
    private static List<String> modulesOf(Path program, List<String> jars) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--multi-release",
                Integer.toString(Runtime.version().feature()),
                "--ignore-missing-deps",
                "--print-module-deps",
                "--class-path",
                String.join(":", jars),
                program.toString()));
        // Before the list it warns of jars that share a package.
        String list = tool("jdeps", arguments)
                .lines()
                .filter(line -> line.contains("java.base"))
                .collect(Collectors.joining());
        return Arrays.asList(list.split(","));
    }

    private static String tool(String name, List<String> arguments) throws IOException {
        ToolProvider tool = ToolProvider.findFirst(name)
                .orElseThrow(() -> new IOException(
                        System.getProperty("java.home") + " has no " + name + ": a full JDK is needed for a package"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = tool.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(new String[0]));
        if (exit != 0) {
            throw new IOException(name + " failed with " + exit + ":\n" + out + err);
        }
        return out.toString();
    }
}
