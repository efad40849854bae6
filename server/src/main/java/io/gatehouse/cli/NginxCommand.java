package io.gatehouse.cli;

import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Source;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.run.ProcessSignal;
import io.gatehouse.run.Server;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** nginx's own flags: starts the server, tests a configuration, or signals the server that runs. */
final class NginxCommand {
    private final Invocation invocation;
    private final Server server;
    private final String file;

    private NginxCommand(Invocation invocation, Paths paths) {
        this.invocation = invocation;
        this.server = new Server(paths, octetsOrNothing(invocation.globals), invocation.errorLog, System.err);
        this.file = Exchange.octets(paths.confFile().toString());
    }

    static int run(String[] words) {
        Invocation invocation;
        try {
            invocation = Invocation.of(words);
        } catch (Invocation.Refused e) {
            Console.err("nginx: " + octetsOrNothing(e.getMessage()));
            return 1;
        }
        if (invocation.version) {
            VersionText.print(invocation);
            if (!invocation.test) {
                return 0;
            }
        }
        try {
            return new NginxCommand(invocation, Places.of(invocation)).run();
        } catch (IOException e) {
            Console.err("nginx: [emerg] " + octetsOrNothing(e.getMessage()));
            return 1;
        }
    }

    private int run() {
        if (!invocation.test && invocation.signal == null && Background.isWanted(server)) {
            return Background.start();
        }
        server.openEarlyLog();
        Snapshot snapshot = load();
        if (snapshot == null) {
            if (invocation.test) {
                Console.err("nginx: configuration file " + file + " test failed");
            }
            return 1;
        }
        for (Notices.Notice notice : snapshot.notices()) {
            server.tell(notice.level(), notice.text());
        }
        if (invocation.test) {
            return test(snapshot);
        }
        if (invocation.signal != null) {
            boolean sent = server.signal(snapshot, signal(invocation.signal));
            server.end();
            return sent ? 0 : 1;
        }
        String silenced = server.silenced(snapshot);
        if (silenced != null) {
            server.tell(Level.EMERG, silenced);
            server.end();
            return 1;
        }
        return Background.serve(server, snapshot);
    }

    /** Null, and why said, if the file cannot be used. */
    private @Nullable Snapshot load() {
        try {
            return server.load();
        } catch (ConfigException e) {
            server.tell(Level.EMERG, e.line());
            server.end();
            e.detail().lines().forEach(Console::err);
        } catch (StackOverflowError e) {
            server.tell(Level.EMERG, "the configuration is nested too deeply");
            server.end();
        }
        return null;
    }

    private int test(Snapshot snapshot) {
        if (!invocation.quiet) {
            Console.err("nginx: the configuration file " + file + " syntax is ok");
        }
        String trouble = server.check(snapshot);
        if (trouble != null) {
            server.tell(Level.EMERG, trouble);
            server.end();
            Console.err("nginx: configuration file " + file + " test failed");
            return 1;
        }
        server.end();
        if (!invocation.quiet) {
            Console.err("nginx: configuration file " + file + " test is successful");
        }
        if (invocation.dump) {
            for (Source source : snapshot.sources()) {
                Console.raw("# configuration file " + source.name() + ":\n" + source.text() + "\n");
            }
        }
        return 0;
    }

    private static ProcessSignal signal(String word) {
        return switch (word) {
            case "stop" -> ProcessSignal.TERM;
            case "quit" -> ProcessSignal.QUIT;
            case "reload" -> ProcessSignal.HUP;
            default -> ProcessSignal.USR1;
        };
    }

    private static String octetsOrNothing(@Nullable String text) {
        return text == null ? "" : Exchange.octets(text);
    }
}
