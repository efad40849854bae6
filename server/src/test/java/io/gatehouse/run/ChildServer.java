package io.gatehouse.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own with a folder as its prefix, started with signals blocked as the launcher does. Ends
 * with the test.
 */
final class ChildServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final String SIGNALS = "HUP,INT,QUIT,USR1,USR2,TERM,WINCH";

    static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    final Path folder;
    final int port = freePort();
    private final List<Process> started = new ArrayList<>();
    private @Nullable Process server;

    ChildServer(Path folder) {
        this.folder = folder;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the configuration: what is given inside of http, and around it what a server in a test needs. */
    ChildServer http(String http) {
        return conf("""
            daemon off;
            pid nginx.pid;
            error_log error.log notice;
            events {}
            http {
                access_log off;
            %s}
            """.formatted(http));
    }

    /**
     * Writes the configuration; PORT in it becomes {@link #port}. Where root tests, it serves as root unless it says
     * otherwise: nobody may read neither the folders of tests nor, perhaps, the classes.
     */
    ChildServer conf(String text) {
        boolean asRoot = IS_ROOT && !text.contains("user ");
        return file("nginx.conf", (asRoot ? "user root; " : "") + text.replace("PORT", Integer.toString(port)));
    }

    ChildServer file(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text, ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Starts it and waits until its pid file is there. */
    ChildServer start() {
        return start(builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log"));
    }

    /** The same with what is to be started. */
    ChildServer start(ProcessBuilder builder) {
        server = launch(builder);
        Process process = server;
        await("the pid file", () -> Files.exists(folder.resolve("nginx.pid")) || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("it ended: " + outputOf(process));
        }
        return this;
    }

    /** Runs a command to its end. */
    Outcome run(String... words) {
        List<String> all = new ArrayList<>(List.of("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log"));
        all.addAll(List.of(words));
        return runOnly(all.toArray(new String[0]));
    }

    /** Runs a command with these words and no others to its end. */
    Outcome runOnly(String... words) {
        return runOnly(builder(words));
    }

    Outcome runOnly(ProcessBuilder builder) {
        Process process = launch(builder);
        return new Outcome(awaitExit(process), read("stdout"), read("stderr"));
    }

    Process launch(String... words) {
        return launch(builder(words));
    }

    private Process launch(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            started.add(process);
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end as the user with this number, in a folder that this user may enter; for root alone. */
    Outcome runAs(int user, String... words) {
        ProcessBuilder builder = builder(words);
        // Java's libraries may lie in a home that others may not enter; to signal someone takes another capability.
        String reads = "+dac_override";
        builder.command()
                .addAll(
                        0,
                        List.of(
                                "setpriv",
                                "--reuid=" + user,
                                "--regid=" + user,
                                "--clear-groups",
                                "--inh-caps=" + reads,
                                "--ambient-caps=" + reads,
                                "--"));
        try {
            Process process = builder.start();
            started.add(process);
            return new Outcome(awaitExit(process), read("stdout"), read("stderr"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is to be started for a command; its streams go to files. */
    ProcessBuilder builder(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--block-signal=" + SIGNALS,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xrs",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dgatehouse.signals=blocked",
                "-Dgatehouse.home=" + System.getProperty("gatehouse.root", ".."),
                "-cp",
                System.getProperty("java.class.path"),
                "io.gatehouse.Main"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().keySet().removeIf(name -> name.contains("JAVA"));
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        builder.environment().put("HOME", folder.toString());
        return builder;
    }

    private String outputOf(Process process) {
        awaitExit(process);
        return read("stdout") + read("stderr");
    }

    Process process() {
        return java.util.Objects.requireNonNull(server);
    }

    ChildServer signal(String name) {
        return signal(name, process().pid());
    }

    ChildServer signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    int awaitExit() {
        return awaitExit(process());
    }

    static int awaitExit(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String log() {
        return read("error.log");
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    ChildServer awaitLog(String text) {
        return awaitLog(text, 1);
    }

    /** Waits until the text stands so many times in the error log. */
    ChildServer awaitLog(String text, int times) {
        await("\"" + text + "\" in the log", () -> log().split(java.util.regex.Pattern.quote(text), -1).length > times);
        return this;
    }

    /** Another process tells nothing by itself, so it is looked at again and again. */
    void await(String what, BooleanSupplier there) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (int i = 0; i < PATIENCE_SECONDS * 50; i++) {
                if (there.getAsBoolean()) {
                    return;
                }
                never.await(20, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("waited in vain for " + what + "; error.log:\n" + log() + read("stderr"));
    }

    Asking ask() throws IOException {
        return new Asking(port);
    }

    /** The body of the answer to a request for {@code /}. */
    String get() throws IOException {
        return get(port);
    }

    static String get(int port) throws IOException {
        try (Asking asking = new Asking(port)) {
            return asking.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Override
    public void close() {
        for (Process process : started) {
            process.destroyForcibly();
        }
    }

    record Outcome(int exit, String out, String err) {}
}
