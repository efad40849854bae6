package io.gatehouse.cli;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.run.Manner;
import io.gatehouse.run.Server;
import io.gatehouse.run.Session;
import io.gatehouse.run.Signals;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code daemon on}: a JVM cannot fork, so that the server is started a second time, in a session of its own; this process
 * ends, with 0, once that one listens, or with 1 after that one has said why it does not.
 */
final class Background {
    /** Set in the process that is to serve: it says so on its standard output when it listens. */
    private static final String MARK = "GATEHOUSE_BACKGROUND";

    private static final boolean SERVES = System.getenv(MARK) != null;

    private Background() {}

    /** Whether this process is to start another that serves. */
    static boolean isWanted(Snapshot snapshot) {
        return !SERVES && snapshot.main().get(ProcessModule.DAEMON);
    }

    static int serve(Server server, Snapshot snapshot) {
        if (!SERVES) {
            return server.serve(snapshot, Manner.FOREGROUND, () -> {});
        }
        Session.begin();
        return server.serve(snapshot, Manner.BACKGROUND, Background::tellStarter);
    }

    private static void tellStarter() {
        Console.out("listening");
        System.out.close();
    }

    static int start() {
        try {
            ProcessBuilder builder = new ProcessBuilder(ownCommandLine())
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put(MARK, "1");
            Process process = builder.start();
            try (InputStream said = process.getInputStream()) {
                return said.read() >= 0 ? 0 : Math.max(1, process.waitFor());
            }
        } catch (IOException e) {
            Console.err("nginx: [emerg] cannot start in the background: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** The JVM's own account of its arguments ends at a page. */
    private static List<String> ownCommandLine() throws IOException {
        String program = ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("the path of this program is not known"));
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        String[] words = new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), names).split("\0", -1);
        List<String> command = new ArrayList<>(Signals.blocking());
        command.add(program);
        command.addAll(List.of(words).subList(1, words.length - 1));
        return command;
    }
}
