package io.gatehouse.cli;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.run.Server;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code daemon on}: a JVM cannot fork, so that the server is started a second time, in a session of its own; this process
 * ends, with 0, once that one listens, or with what it said if it does not.
 */
final class Background {
    /** Set in the process that is to serve: it says so on its standard output when it listens. */
    private static final String MARK = "GATEHOUSE_BACKGROUND";

    private Background() {}

    static int serve(Server server, Snapshot snapshot) {
        boolean child = System.getenv(MARK) != null;
        if (child || !snapshot.main().get(ProcessModule.DAEMON)) {
            return server.serve(snapshot, child ? Background::tellParent : () -> {});
        }
        snapshot.end();
        server.end();
        try {
            return start();
        } catch (IOException e) {
            Console.err("nginx: [emerg] cannot start in the background: " + e.getMessage());
            return 1;
        }
    }

    private static void tellParent() {
        Console.out("listening");
        System.out.close();
    }

    private static int start() throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(self.command().orElseThrow(() -> new IOException("the path of this program is not known")));
        command.addAll(List.of(self.arguments().orElseThrow(() -> new IOException("the arguments are not known"))));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(MARK, "1");
        Process process = builder.start();
        try (InputStream said = process.getInputStream()) {
            if (said.read() >= 0) {
                return 0;
            }
            return Math.max(1, process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
