package io.gatehouse.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Chromium without a window, with a profile of its own. */
final class Chromium implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final DevTools tools;

    private Chromium(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /** Where it is installed; the test is skipped if it is not. */
    static Path installed() {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "no Chromium is installed");
        return program.get();
    }

    /**
     * Starts it.
     *
     * @param profile a folder that is empty or not there
     */
    static Chromium start(Path program, Path profile) throws Exception {
        return start(program, profile, Path.of(System.getenv().getOrDefault("HOME", "/")));
    }

    /** @param home where it looks for authorities to trust */
    static Chromium start(Path program, Path profile, Path home) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        program.toString(),
                        "--headless",
                        // Without it the superuser, as whom tests often run, is refused.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        CompletableFuture<URI> address = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("chromium-stderr").start(() -> read(process, address));
        try {
            return new Chromium(process, new DevTools(address.get(60, TimeUnit.SECONDS)));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Reads to the end, so that the browser is never held up by what it has to say. */
    private static void read(Process process, CompletableFuture<URI> address) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LISTENING)) {
                    address.complete(URI.create(line.substring(LISTENING.length())));
                } else if (!address.isDone()) {
                    said.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            said.append(e);
        }
        address.completeExceptionally(new AssertionError("Chromium does not start: " + said));
    }

    /** Opens a tab that shows nothing yet. */
    Tab tab() {
        String context = tools.call(null, "Target.createBrowserContext")
                .get("browserContextId")
                .asString();
        String target = tools.call(null, "Target.createTarget", "url", "about:blank", "browserContextId", context)
                .get("targetId")
                .asString();
        String session = tools.call(null, "Target.attachToTarget", "targetId", target, "flatten", true)
                .get("sessionId")
                .asString();
        return new Tab(tools, context, session);
    }

    @Override
    public void close() {
        try {
            tools.call(null, "Browser.close");
            process.onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .exceptionally(late -> process)
                    .join();
        } finally {
            tools.close();
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
