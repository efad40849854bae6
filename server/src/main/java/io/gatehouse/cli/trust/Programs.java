package io.gatehouse.cli.trust;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs to their end, as this process's user or as another. */
public final class Programs {
    private static final long PATIENCE_SECONDS = 60;

    /** Where the programs of administrators are, which is not on everybody's path. */
    private static final List<String> MORE = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private final List<String> before;

    private Programs(List<String> before) {
        this.before = before;
    }

    /**
     * What came of one.
     *
     * @param exit its code; 127 if it could not be started, or did not end
     * @param out what it wrote, its errors too
     */
    public record Run(int exit, String out) {
        boolean isDone() {
            return exit == 0;
        }

        /** The line that says what is wrong. */
        String lastLine() {
            return out.strip().lines().reduce((one, later) -> later).orElse("it ended with " + exit);
        }
    }

    /** As whoever runs this process. */
    public static Programs own() {
        return new Programs(List.of());
    }

    /** As another, which only root can; null if there is no program for that. */
    public static @Nullable Programs as(String user, Path home) {
        List<String> self = List.of("env", "HOME=" + home, "USER=" + user, "LOGNAME=" + user);
        List<String> before = new ArrayList<>();
        if (find("runuser") != null) {
            before.addAll(List.of("runuser", "-u", user, "--"));
        } else if (find("sudo") != null) {
            before.addAll(List.of("sudo", "-n", "-u", user, "--"));
        } else {
            return null;
        }
        before.addAll(self);
        return new Programs(before);
    }

    /** Where a program is, unless the name says it; null if it is not installed. */
    public static @Nullable Path find(String name) {
        if (name.indexOf('/') >= 0) {
            return Path.of(name);
        }
        List<String> folders =
                new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)));
        folders.addAll(MORE);
        for (String folder : folders) {
            Path file = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    /** Runs one, which finds nothing to read. */
    public Run run(List<String> command) {
        return run(command, "");
    }

    /** @param in what it reads */
    public Run run(List<String> command, String in) {
        List<String> whole = new ArrayList<>(before);
        whole.addAll(command);
        Path program = find(whole.getFirst());
        if (program != null) {
            whole.set(0, program.toString());
        }
        try {
            Process process = new ProcessBuilder(whole)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .start();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process));
            try (OutputStream to = process.getOutputStream()) {
                to.write(in.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // It has not wanted to read.
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Run(127, "it did not end within " + PATIENCE_SECONDS + " seconds");
            }
            return new Run(process.exitValue(), out.join());
        } catch (IOException e) {
            return new Run(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Run(127, "interrupted");
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
