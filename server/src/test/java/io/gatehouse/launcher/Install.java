package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The launcher in a folder of its own, with a PATH that holds ordinary tools and nothing else, and with Java homes whose
 * {@code java} tells how it was called.
 */
final class Install {
    private static final List<String> TOOLS =
            List.of("env", "readlink", "cat", "mkdir", "rm", "sed", "head", "sleep", "flock", "grep");
    private static final Path SOURCE = Path.of(System.getProperty("gatehouse.root", ".."));

    final Path root;
    final Path bin;
    final Map<String, String> environment = new TreeMap<>();

    private Install(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("a tree"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            Path found = onPath(tool);
            if (found != null) {
                script(bin.resolve(tool), "exec " + found + " \"$@\"\n");
            }
        }
        Files.copy(SOURCE.resolve("gatehouse"), launcher());
        environment.put("PATH", bin.toString());
        environment.put("GATEHOUSE_JVM_DIRS", folder.resolve("jvms").toString());
    }

    /** As a package puts it on a machine: everything in one folder. */
    static Install installed(Path folder) throws IOException {
        Install install = new Install(folder);
        Files.copy(versionFile(SOURCE), install.root.resolve("version.txt"));
        install.fill(install.root);
        return install;
    }

    /** As a clone: nothing is built. */
    static Install sourceTree(Path folder) throws IOException {
        Install install = new Install(folder);
        Files.createDirectories(versionFile(install.root).getParent());
        Files.copy(versionFile(SOURCE), versionFile(install.root));
        Files.writeString(install.root.resolve("pom.xml"), "<project/>\n");
        return install;
    }

    private void fill(Path layout) throws IOException {
        Files.createDirectories(layout.resolve("lib"));
        Files.writeString(layout.resolve("lib/gatehouse.jar"), "");
        Files.writeString(layout.resolve("jvm.options"), "");
        Files.writeString(layout.resolve("jvm"), "/no/such/home\n");
    }

    Path launcher() {
        return root.resolve("gatehouse");
    }

    /** A Java home below {@code folder} that says it is of this version, and prints its pid and arguments when run. */
    static Path javaHome(Path folder, String version) throws IOException {
        script(folder.resolve("bin/java"), """
            echo "pid $$"
            grep SigBlk /proc/$$/status 2>/dev/null
            echo "malloc ${MALLOC_ARENA_MAX-}"
            for argument; do echo "[$argument]"; done
            """);
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return folder;
    }

    static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs the launcher to its end. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        return end(start(launcher(), arguments));
    }

    Process start(Path command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(bin.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Outcome end(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher does not end");
        }
        return new Outcome(process.pid(), process.exitValue(), out, err);
    }

    /** Every file of the tree. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.sorted().toList();
        }
    }

    private static Path versionFile(Path root) {
        return root.resolve("server/src/main/resources/io/gatehouse/version.txt");
    }

    private static Path onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    record Outcome(long pid, int exit, String out, String err) {}
}
