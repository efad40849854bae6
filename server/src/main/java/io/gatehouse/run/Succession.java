package io.gatehouse.run;

import io.gatehouse.observe.log.Level;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The program started anew beside this one, with the same words and with this one's listening sockets, as nginx does when
 * it is sent USR2. Both serve until one of them is told to quit; this one's pid file is then called {@code .oldbin}. Used by
 * the thread of the process.
 */
final class Succession {
    private static final String OLD = ".oldbin";
    private static final String MAIN_CLASS = "io.gatehouse.Main";

    private static final String EXITED = "new binary process exited";

    /** The shell knows the number of the process that the launcher becomes. */
    private static final String LAUNCH = "export LISTEN_PID=$$; exec \"$@\"";

    /** Where the upgrade of a package finds that nothing has come of it. */
    private static final String ALONE = "The new program did not start, this one serves on";

    private final @Nullable Path launcher;
    private final Supervisor supervisor;
    private final BiConsumer<Level, String> log;
    private final IntConsumer whenEnded;
    private @Nullable PidFile renamed;

    /**
     * @param launcher starts the program; null if it is not known
     * @param supervisor hears of this process as long as no other takes over
     * @param whenEnded told from any thread when the other process has ended, and with which code: see {@link Spawn#await}
     */
    Succession(@Nullable Path launcher, Supervisor supervisor, BiConsumer<Level, String> log, IntConsumer whenEnded) {
        this.launcher = launcher;
        this.supervisor = supervisor;
        this.log = log;
        this.whenEnded = whenEnded;
    }

    /** The launcher in the folder that this process was started from. */
    static @Nullable Path launcherOfProcess() {
        String home = System.getProperty("gatehouse.home");
        return home == null ? null : Path.of(home, "gatehouse");
    }

    /** Whether there is another process that is to take over, or has. */
    boolean isUnderWay() {
        return renamed != null;
    }

    /**
     * Starts the other process. What comes of it is in the log.
     *
     * @param pidFile of this one
     * @param sockets what that one is to listen on
     */
    void begin(PidFile pidFile, List<GivenSockets.Passed> sockets) {
        if (isUnderWay()) {
            log.accept(Level.NOTICE, "the binary is not changed: another process is there already");
            return;
        }
        ready("Starting the new program");
        try {
            log.accept(Level.NOTICE, "start new binary process " + start(pidFile, sockets));
        } catch (IOException e) {
            log.accept(Level.ALERT, "the binary cannot be changed: " + e.getMessage());
            ready(ALONE);
        }
    }

    /** Returns its number. Nothing has changed where it cannot be started. */
    private int start(PidFile pidFile, List<GivenSockets.Passed> sockets) throws IOException {
        Path program = launcher;
        if (program == null || !Files.isExecutable(program)) {
            throw new IOException("the launcher of this program is not known or cannot be executed");
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", LAUNCH, "gatehouse", program.toString()));
        command.addAll(words());
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.putAll(GivenSockets.environment(sockets));
        PidFile old = new PidFile(pidFile.path().resolveSibling(pidFile.path().getFileName() + OLD));
        Files.move(pidFile.path(), old.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try {
            int pid = Spawn.start(
                    command,
                    environment,
                    sockets.stream().map(GivenSockets.Passed::descriptor).toList());
            renamed = old;
            Thread waiting = new Thread(() -> {
                whenEnded.accept(Spawn.await(pid));
            });
            waiting.setName("succession");
            waiting.setDaemon(true);
            waiting.start();
            return pid;
        } catch (IOException e) {
            Files.move(old.path(), pidFile.path(), StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    /**
     * The other process has ended, and this one does not serve either: it has been told to quit, and is there for what is
     * under way. The names of files are not its own any more; they may be those of a third process, which the other one
     * started.
     *
     * @param code with which that one has ended
     * @return whether this one has to end at once and with an error, so that its supervisor starts another
     */
    boolean isAbandoned(int code) {
        if (code == 0) {
            log.accept(Level.NOTICE, EXITED);
            return false;
        }
        log.accept(
                Level.ALERT,
                code > Spawn.BY_SIGNAL
                        ? "new binary process was ended by signal " + (code - Spawn.BY_SIGNAL)
                        : EXITED + " with code " + code);
        if (!supervisor.isThere()) {
            return false;
        }
        // The supervisor may see the end of its own child alone, which the other one is not as long as this one is
        // there.
        tell(supervisor.failed("The new program ended, and this one has stopped serving"));
        return true;
    }

    /** The other process has ended, and this one is the only one again. */
    void ended(PidFile pidFile) {
        log.accept(Level.NOTICE, EXITED);
        PidFile old = Objects.requireNonNull(renamed);
        renamed = null;
        try {
            Files.move(old.path(), pidFile.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.accept(Level.ALERT, "the pid file cannot be had back: " + e.getMessage());
        }
        ready(ALONE);
    }

    /** This process serves; while another takes over, that one tells how it goes. */
    void ready(String status) {
        if (!isUnderWay()) {
            tell(supervisor.ready(status));
        }
    }

    /** This process reads its configuration anew. */
    void reloading() {
        if (!isUnderWay()) {
            tell(supervisor.reloading());
        }
    }

    /** This process ends. */
    void stopping(String status) {
        if (!isUnderWay()) {
            tell(supervisor.stopping(status));
        }
    }

    private void tell(@Nullable String trouble) {
        if (trouble != null) {
            log.accept(Level.ALERT, trouble);
        }
    }

    /**
     * Where this process's number is, which the configuration wants in that file.
     *
     * @return null if it is nowhere any more: the other process has given way to a third one, and its number stands there
     */
    @Nullable
    PidFile fileOf(PidFile wished) {
        PidFile old = renamed;
        if (old == null) {
            return wished;
        }
        try {
            return old.read().equals(Long.toString(ProcessHandle.current().pid())) ? old : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return old;
        }
    }

    /** What this process was called with. */
    private static List<String> words() throws IOException {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        List<String> all =
                List.of(new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), names).split("\0", -1));
        int main = all.indexOf(MAIN_CLASS);
        if (main < 0) {
            throw new IOException("the command line of this process is not one of the launcher's");
        }
        return all.subList(main + 1, all.size() - 1);
    }
}
