package io.gatehouse.run;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.module.Modules;
import io.gatehouse.module.core.CoreModule;
import io.gatehouse.module.core.ErrorLogDirective;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogLease;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ListenSocket;
import io.gatehouse.wire.SystemClock;
import io.gatehouse.wire.UnixDatagramSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    private final LogLease earlyLease;
    private ErrorLog early;
    private @Nullable ConfigLoader loader;

    /**
     * @param globals the text of {@code -g}
     * @param errorLog the file of {@code -e}, "stderr", or null
     */
    public Server(Paths paths, String globals, @Nullable String errorLog) {
        this.paths = paths;
        this.globals = globals;
        this.earlyLogPath = errorLog == null ? DEFAULT_ERROR_LOG : errorLog;
        this.logs = new Logs(clock, new LogTime(ZoneId.systemDefault()), pid, hostname(), UnixDatagramSocket::connect);
        this.earlyLease = logs.lease();
        this.early = logs.errorLog(List.of());
    }

    /** Opens the log that is written to until the configuration names others. Returns what went wrong, or null. */
    public @Nullable String openEarlyLog() {
        try {
            ErrorLog.Target target = earlyLogPath.equals("stderr") || earlyLogPath.isEmpty()
                    ? earlyLease.file("/dev/stderr")
                    : earlyLease.file(
                            Exchange.octets(paths.prefix().resolve(earlyLogPath).toString()));
            early = logs.errorLog(List.of(new ErrorLog.Entry(target, Level.NOTICE)));
            return null;
        } catch (LogOpenException e) {
            return "could not open error log file: " + e.getMessage();
        }
    }

    /** The log until the configuration names others. */
    public ErrorLog early() {
        return early;
    }

    /** Reads the configuration; {@link io.gatehouse.config.syntax.ConfigException} if there is an error in it. */
    public Snapshot load() {
        Map<Class<?>, Object> services = new HashMap<>();
        services.put(Logs.class, logs);
        services.put(ErrorLog.class, withLevel(early, Level.ERROR));
        ConfigLoader made = new ConfigLoader(Modules.all(), CoreModule::serverSettings, services, logs, paths, globals);
        loader = made;
        return made.load(null);
    }

    private ErrorLog withLevel(ErrorLog log, Level level) {
        return logs.errorLog(log.entries().stream()
                .map(entry -> new ErrorLog.Entry(entry.target(), level))
                .toList());
    }

    /** What a test finds beyond the file itself: addresses that cannot be bound (one in use is none). Null if nothing. */
    public @Nullable String check(Snapshot snapshot) {
        for (ListenPoint point : snapshot.listens()) {
            ListenSpec spec = point.spec();
            try {
                if (spec.address() instanceof java.net.InetSocketAddress) {
                    ListenSocket.bind(spec.address(), spec.options()).close();
                }
            } catch (IOException e) {
                if (Errno.number(e) != Errno.EADDRINUSE) {
                    return "bind() to " + spec.text() + " failed (" + Errno.text(e) + ")";
                }
            }
        }
        return null;
    }

    /** Sends the running server the signal for stop, quit, reload or reopen. Returns what went wrong, or null. */
    public @Nullable String signal(Snapshot snapshot, String word) {
        early.log(Level.NOTICE, "signal process started");
        Path file = pidFile(snapshot);
        long running;
        try {
            running = PidFile.read(file);
        } catch (IOException e) {
            return "open() \"" + Exchange.octets(file.toString()) + "\" failed (" + Errno.text(e) + ")";
        }
        if (running <= 0 || running > Integer.MAX_VALUE) {
            return "invalid PID number \"\" in \"" + Exchange.octets(file.toString()) + "\"";
        }
        int signal = switch (word) {
            case "stop" -> Libc.SIGTERM;
            case "quit" -> Libc.SIGQUIT;
            case "reload" -> Libc.SIGHUP;
            default -> Libc.SIGUSR1;
        };
        int error = Libc.kill((int) running, signal);
        return error == 0 ? null : "kill(" + running + ", " + signal + ") failed (" + Errno.text(error) + ")";
    }

    /**
     * Serves until told to stop; returns the exit code.
     *
     * @param ready run once every address is listened on
     */
    public int serve(Snapshot snapshot, Runnable ready) {
        ServerProcess process =
                new ServerProcess(Objects.requireNonNull(loader), this::mainLog, pidFile(snapshot), logs, clock);
        Signals.deliverTo(process);
        return process.run(snapshot, ready);
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

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
