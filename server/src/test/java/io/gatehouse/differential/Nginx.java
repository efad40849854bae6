package io.gatehouse.differential;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's nginx with a configuration, on ports of its own. */
final class Nginx implements AutoCloseable {
    private static final File PROGRAM = new File("/usr/sbin/nginx");

    private final Process process;

    static boolean isInstalled() {
        return PROGRAM.canExecute();
    }

    Nginx(Path prefix, Path configuration, int port) throws IOException, InterruptedException {
        Path log = prefix.resolve("nginx.log");
        process = new ProcessBuilder(
                        PROGRAM.getPath(),
                        "-p",
                        prefix + "/",
                        "-c",
                        configuration.toString(),
                        "-e",
                        log.toString(),
                        "-g",
                        "daemon off; master_process off;")
                .redirectErrorStream(true)
                .redirectOutput(prefix.resolve("nginx.out").toFile())
                .start();
        while (!listens(port)) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IOException("nginx did not start: " + Files.readString(prefix.resolve("nginx.out")));
            }
        }
    }

    /** What it has against a configuration; null if it takes it. */
    static @Nullable String refusal(Path configuration) throws IOException, InterruptedException {
        Path said = configuration.resolveSibling("refusal.out");
        Process test = new ProcessBuilder(PROGRAM.getPath(), "-q", "-t", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        return test.waitFor() == 0 ? null : Files.readString(said);
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
