package io.gatehouse.run;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.ConfigTree;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Hostname;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.module.Modules;
import io.gatehouse.module.core.CoreModule;
import io.gatehouse.module.core.ErrorLogDirective;
import io.gatehouse.module.process.Account;
import io.gatehouse.module.process.Accounts;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.module.process.UserDirective;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogLease;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.observe.log.StartLog;
import io.gatehouse.text.Ascii;
import io.gatehouse.tls.CertificateDates;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ListenSocket;
import io.gatehouse.wire.SystemClock;
import io.gatehouse.wire.UnixDatagramSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One server as the command line sees it: reads its configuration, tests it, signals the one that runs, or serves. */
public final class Server {
    private static final String DEFAULT_ERROR_LOG = "logs/error.log";
    private static final String DEFAULT_PID = "logs/nginx.pid";

    private final Paths paths;
    private final String globals;
    private final String earlyLogPath;
    private final long pid = ProcessHandle.current().pid();
    private final Clock clock = new SystemClock();
    private final Logs logs;
    private final Accounts accounts = new SystemAccounts();
    private final LogLease earlyLease;
    private ErrorLog early;
    private @Nullable String earlyFailure;
    private final OutputStream console;
    private @Nullable ConfigLoader loader;
    private volatile @Nullable ServerProcess process;

    /** As {@link #Server(Paths, String, String, OutputStream)}, without anybody who looks at it. */
    public Server(Paths paths, String globals, @Nullable String errorLog) {
        this(paths, globals, errorLog, OutputStream.nullOutputStream());
    }

    /**
     * @param globals the text of {@code -g}
     * @param errorLog the file of {@code -e}, "stderr", or null
     * @param console takes what is a warning or graver until the server runs
     */
    public Server(Paths paths, String globals, @Nullable String errorLog, OutputStream console) {
        this.paths = paths;
        this.console = console;
        this.globals = globals;
        this.earlyLogPath = errorLog == null ? DEFAULT_ERROR_LOG : errorLog;
        this.logs = new Logs(
                clock,
                new LogTime(TimeZone.getDefault()),
                pid,
                Hostname.get(),
                UnixDatagramSocket::connect,
                Keeper::start);
        this.earlyLease = logs.lease();
        this.early = logs.errorLog(List.of());
    }

    /** Opens the log that is written to until the configuration names others; tells if that fails. */
    public void openEarlyLog() {
        try {
            ErrorLog.Target target = earlyLogPath.equals("stderr") || earlyLogPath.isEmpty()
                    ? earlyLease.file("/dev/stderr")
                    : earlyLease.file(
                            Exchange.octets(paths.prefix().resolve(earlyLogPath).toString()));
            early = logs.errorLog(List.of(new ErrorLog.Entry(target, Level.NOTICE)));
        } catch (LogOpenException e) {
            earlyFailure = e.getMessage();
            tell(Level.ALERT, "could not open error log file: " + earlyFailure);
        }
    }

    /** Tells of what happens before there is a configuration: to the log and to whoever looks. */
    public void tell(Level level, String message) {
        startLog(early).log(level, message);
    }

    /**
     * Whether another process is to serve in the background, as far as a look at the text tells; it says what else is wrong
     * with it. False if the text cannot be read.
     */
    public boolean wantsBackground() {
        try {
            ConfigTree tree = ConfigLoader.tree(paths, globals);
            return tree.failure() == null
                    && tree.nodes().stream()
                            .noneMatch(node -> node.name().equals(ProcessModule.DAEMON.name())
                                    && node.arguments().size() == 1
                                    && node.argument(0).equalsIgnoreCase("off"));
        } catch (ConfigException | StackOverflowError told) {
            return false;
        }
    }

    /** Reads the configuration; {@link io.gatehouse.config.syntax.ConfigException} if there is an error in it. */
    public Snapshot load() {
        Map<Class<?>, Object> services = new HashMap<>();
        services.put(Clock.class, clock);
        services.put(Logs.class, logs);
        services.put(ErrorLog.class, withLevel(early, Level.ERROR));
        ConfigLoader made =
                new ConfigLoader(Modules.all(), CoreModule::serverSettings, services, logs, accounts, paths, globals);
        loader = made;
        return made.load(null);
    }

    private @Nullable Account account(Snapshot snapshot) {
        return UserDirective.of(snapshot, accounts);
    }

    private ErrorLog withLevel(ErrorLog log, Level level) {
        return logs.errorLog(log.entries().stream()
                .map(entry -> new ErrorLog.Entry(entry.target(), level))
                .toList());
    }

    /** What a test finds beyond the file itself: what could not be bound (one in use is none) or written. Null if nothing. */
    public @Nullable String check(Snapshot snapshot) {
        String silenced = silenced(snapshot);
        if (silenced != null) {
            return silenced;
        }
        PidFile pidFile = new PidFile(pidFile(snapshot));
        try {
            pidFile.check();
        } catch (IOException e) {
            return pidFile.openFailed(e);
        }
        CertificateDates dates = snapshot.shared(CertificateDates.class);
        String outOfDate = dates == null ? null : dates.first();
        if (outOfDate != null) {
            return outOfDate;
        }
        for (SocketPlan plan : SocketPlan.of(snapshot.listens())) {
            ListenSpec spec = plan.point().spec();
            try {
                if (spec.address() instanceof InetSocketAddress) {
                    ListenSocket.bind(spec.address(), spec.options()).close();
                }
            } catch (IOException e) {
                if (Errno.number(e) != Errno.EADDRINUSE) {
                    return Listener.failure(spec, e);
                }
            }
        }
        return null;
    }

    /** Why a server with this configuration could tell nobody of errors: its log is that of the command line. Null if it can. */
    public @Nullable String silenced(Snapshot snapshot) {
        return ErrorLogDirective.isSaid(snapshot.main()) ? null : earlyFailure;
    }

    /** Sends the running server a signal; says what went wrong, and returns whether nothing did. */
    public boolean signal(Snapshot snapshot, ProcessSignal signal) {
        StartLog log = startLog(mainLog(snapshot));
        log.log(Level.NOTICE, "signal process started");
        PidFile file = new PidFile(pidFile(snapshot));
        String text;
        try {
            text = file.read();
        } catch (IOException e) {
            log.log(Level.ERROR, file.openFailed(e));
            return false;
        }
        long running = Ascii.decimal(text);
        if (running <= 0 || running > Integer.MAX_VALUE) {
            log.log(
                    Level.ERROR,
                    "invalid PID number \"" + text + "\" in \""
                            + Exchange.octets(file.path().toString()) + "\"");
            return false;
        }
        int error = Libc.kill((int) running, signal.number());
        if (error != 0) {
            log.log(Level.ALERT, "kill(" + running + ", " + signal.number() + ") failed (" + Errno.text(error) + ")");
        }
        return error == 0;
    }

    /** As {@link #serve(Snapshot, Manner, Runnable)}, within a process that does other things. */
    public int serve(Snapshot snapshot, Runnable ready) {
        return serve(snapshot, Manner.EMBEDDED, ready);
    }

    /**
     * Serves until told to stop; returns the exit code.
     *
     * @param ready run once every address is listened on
     */
    public int serve(Snapshot snapshot, Manner manner, Runnable ready) {
        ServerProcess made = new ServerProcess(
                Objects.requireNonNull(loader), new Wishes(), logs, clock, manner, inheritance(manner));
        process = made;
        Signals.deliverTo(made::post);
        return made.run(snapshot, startLog(mainLog(snapshot)), ready);
    }

    private ServerProcess.Inheritance inheritance(Manner manner) {
        return manner == Manner.EMBEDDED
                ? new ServerProcess.Inheritance(supervisor(null), GivenSockets.none(), null)
                : new ServerProcess.Inheritance(
                        supervisor(Supervisor.pathOfProcess()),
                        GivenSockets.ofProcess(),
                        Succession.launcherOfProcess());
    }

    private Supervisor supervisor(@Nullable String path) {
        return new Supervisor(path, UnixDatagramSocket::connect, clock);
    }

    /** Whether this process was given listening sockets, which one that serves in the background would not have. */
    public static boolean wasGivenSockets() {
        return GivenSockets.areThere();
    }

    /** As if the signal had come to the process, once it serves; from any thread. */
    public void send(ProcessSignal signal) {
        Objects.requireNonNull(process, "not serving").post(signal, 0);
    }

    /**
     * Has the configuration read anew, once it serves; from any thread. A bad one changes nothing, and the log says why.
     *
     * @param first done before that by the thread of the process, with the privileges it was started with
     * @param then told by that thread whether the configuration is in force now
     */
    public void renew(Runnable first, Consumer<Boolean> then) {
        Objects.requireNonNull(process, "not serving").renew(first, then);
    }

    /** What the process is told by the main level of a configuration, and by the command line where that says nothing. */
    private final class Wishes implements ServerProcess.Wishes {
        @Override
        public ErrorLog errorLog(Snapshot snapshot) {
            return mainLog(snapshot);
        }

        @Override
        public Path pidFile(Snapshot snapshot) {
            return Server.this.pidFile(snapshot);
        }

        @Override
        public @Nullable Account account(Snapshot snapshot) {
            return Server.this.account(snapshot);
        }
    }

    private StartLog startLog(ErrorLog log) {
        return new StartLog(log, console);
    }

    private ErrorLog mainLog(Snapshot snapshot) {
        return ErrorLogDirective.of(snapshot.main(), early);
    }

    private Path pidFile(Snapshot snapshot) {
        Path said = snapshot.main().find(ProcessModule.PID);
        return said == null ? paths.prefix().resolve(DEFAULT_PID) : said;
    }

    /** Writes what is left in the logs. */
    public void end() {
        try {
            logs.drain(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
