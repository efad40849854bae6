package io.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Gatehouse as a user starts it, from the folder that the build made, on a port that was free. */
final class Launched implements AutoCloseable {
    static final Path BUILT = Path.of(System.getProperty("gatehouse.root", ".."), "server/target/gatehouse");
    private static final long PATIENCE_SECONDS = 30;
    private static final String CONF = "nginx.conf";

    final int port;
    private final Path folder;
    private final Process process;

    private Launched(Path folder, int port, String... words) throws IOException {
        this.folder = folder;
        this.port = port;
        // Started by root it serves as nobody, who has to get to the folders in it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command =
                new ArrayList<>(List.of(BUILT.resolve("gatehouse").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        process = builder.start();
    }

    /** {@code gatehouse up --echo}. */
    static Launched upWithEcho(Path folder) throws Exception {
        int port = freePort();
        Launched up = new Launched(
                folder, port, "up", "--echo", "--port", Integer.toString(port), "--to", "127.0.0.1:" + freePort());
        up.await("its greeting", () -> up.said("stdout").contains("Stop it with Ctrl-C."));
        return up;
    }

    /** {@code gatehouse up localhost --echo}: over HTTPS, by the local authority in the folder. */
    static Launched upLocally(Path folder) throws Exception {
        int port = freePort();
        Launched up = new Launched(
                folder,
                port,
                "up",
                "localhost",
                "--echo",
                "--port",
                Integer.toString(port),
                "--http-port",
                Integer.toString(freePort()),
                "--to",
                "127.0.0.1:" + freePort());
        up.await("its greeting", () -> up.said("stdout").contains("Stop it with Ctrl-C."));
        return up;
    }

    /** {@code gatehouse up} with a name and other words, with the small application. */
    static Launched up(Path folder, int port, String name, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("up", name, "--echo", "--port", Integer.toString(port)));
        words.addAll(List.of("--to", "127.0.0.1:" + freePort()));
        words.addAll(List.of(more));
        Launched up = new Launched(folder, port, words.toArray(new String[0]));
        up.await("its greeting", () -> up.said("stdout").contains("Stop it with Ctrl-C."));
        return up;
    }

    /** {@code gatehouse trust} for a home, with the authority in the folder, and the system's store left alone. */
    static String trust(Path folder, Path home) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(BUILT.resolve("gatehouse").toString(), "trust")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("trust").toFile());
        builder.environment().put("GATEHOUSE_JAVA", System.getProperty("java.home"));
        builder.environment()
                .put("GATEHOUSE_JAVA_OPTS", "-Dgatehouse.trust.anchors=" + folder + " -Dgatehouse.trust.update=true");
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("SUDO_USER");
        int exit = builder.start().waitFor();
        String said = Files.readString(folder.resolve("trust"), ISO_8859_1);
        if (exit != 0) {
            throw new AssertionError(said);
        }
        return said;
    }

    /** The guide's basic block, in front of an application on this port. */
    static Launched guide(Path folder, int application) throws Exception {
        int port = freePort();
        Files.writeString(
                folder.resolve(CONF), Guide.file(Guide.BLOCK, port, application, "daemon off;\npid up.pid;\n"));
        Launched guide = new Launched(folder, port, "-p", folder + "/", "-c", CONF, "-e", "stderr");
        guide.await("the pid file", () -> Files.exists(folder.resolve("up.pid")));
        return guide;
    }

    /** A configuration that says everything but its pid file; PORT in it becomes the port. */
    static Launched serving(Path folder, String configuration) throws Exception {
        int port = freePort();
        Files.writeString(
                folder.resolve(CONF),
                "daemon off; pid up.pid;\n" + configuration.replace("PORT", Integer.toString(port)),
                ISO_8859_1);
        Launched serving = new Launched(folder, port, "-p", folder + "/", "-c", CONF, "-e", "stderr");
        serving.await("the pid file", () -> Files.exists(folder.resolve("up.pid")));
        return serving;
    }

    String url() {
        return "http://localhost:" + port + "/";
    }

    /** Changes the configuration of {@link #guide} and has it read again; that takes a moment. */
    void reload(String part, String instead) throws Exception {
        Path file = folder.resolve(CONF);
        String text = Files.readString(file, ISO_8859_1);
        if (!text.contains(part)) {
            throw new AssertionError("\"" + part + "\" is not in " + text);
        }
        Files.writeString(file, text.replace(part, instead), ISO_8859_1);
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** The files that it has open, as Linux tells. */
    List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors) {
                open.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        return open;
    }

    /** What it wrote to a stream. */
    String said(String stream) {
        try {
            return Files.readString(folder.resolve(stream), ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it has written that to its standard output; returns all of that. */
    String awaitSaid(String text) throws InterruptedException {
        await("\"" + text + "\"", () -> said("stdout").contains(text));
        return said("stdout");
    }

    /** Another process tells nothing by itself, so what it wrote is looked at again and again. */
    private void await(String what, BooleanSupplier there) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < PATIENCE_SECONDS * 50; i++) {
            if (there.getAsBoolean()) {
                return;
            }
            if (!process.isAlive()) {
                throw new AssertionError("it ended: " + said("stderr"));
            }
            never.await(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("waited in vain for " + what + ": " + said("stdout") + said("stderr"));
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }
}
