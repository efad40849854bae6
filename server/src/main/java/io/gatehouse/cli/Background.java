package io.gatehouse.cli;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.run.Manner;
import io.gatehouse.run.Server;
import io.gatehouse.run.Session;
import io.gatehouse.run.Signals;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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

    private static final String LISTENING = "listening";

    /** Its exit code when it has said what is wrong. */
    private static final int TOLD = 1;

    private static final boolean SERVES = System.getenv(MARK) != null;

    private Background() {}

    /** Whether this process is to start another that serves. */
    static boolean isWanted(Server server) {
        return !SERVES && server.wantsBackground();
    }

    static int serve(Server server, Snapshot snapshot) {
        if (!SERVES) {
            return server.serve(snapshot, Manner.FOREGROUND, () -> {});
        }
        Session.begin();
        return server.serve(snapshot, Manner.BACKGROUND, Background::tellStarter);
    }

    private static void tellStarter() {
        Console.out(LISTENING);
        System.out.close();
    }

    static int start() {
        if (Server.wasGivenSockets()) {
            Console.err(
                    "nginx: [emerg] listening sockets were passed to this process, which one in the background would"
                            + " not have: \"daemon off;\" is needed");
            return TOLD;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(ownCommandLine())
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put(MARK, "1");
            Process process = builder.start();
            return hears(process) ? 0 : failed(process.waitFor());
        } catch (IOException e) {
            Console.err("nginx: [emerg] cannot start in the background: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** Waits until it listens; false if it ends. What else it says, a warning of the JVM's perhaps, is for who looks. */
    private static boolean hears(Process process) throws IOException {
        try (BufferedReader said = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.equals(LISTENING)) {
                    return true;
                }
                Console.err(line);
            }
            return false;
        }
    }

    private static int failed(int exit) {
        if (exit != TOLD) {
            Console.err("nginx: [emerg] the process in the background ended with " + exit + " before it listened");
        }
        return Math.max(1, exit);
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
