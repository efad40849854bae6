package io.gatehouse.cli;

import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Source;
import io.gatehouse.observe.log.Level;
import io.gatehouse.run.Server;
import java.io.IOException;
import java.util.Locale;

/** nginx's own flags: starts the server, tests a configuration, or signals the server that runs. */
final class NginxCommand {
    private NginxCommand() {}

    static int run(String[] words) {
        Invocation invocation;
        try {
            invocation = Invocation.of(words);
        } catch (Invocation.Refused e) {
            Console.err("nginx: " + e.getMessage());
            return 1;
        }
        if (invocation.version) {
            VersionText.print(invocation);
            if (!invocation.test) {
                return 0;
            }
        }
        try {
            return run(invocation, Places.of(invocation));
        } catch (IOException e) {
            Console.err("nginx: [emerg] " + e.getMessage());
            return 1;
        }
    }

    private static int run(Invocation invocation, Paths paths) {
        Server server = new Server(paths, octetsOr(invocation.globals), invocation.errorLog);
        String unopened = server.openEarlyLog();
        if (unopened != null) {
            Console.err("nginx: [alert] " + unopened);
        }
        Snapshot snapshot;
        try {
            snapshot = server.load();
        } catch (ConfigException e) {
            tell(server, Level.EMERG, e.line());
            e.detail().lines().forEach(Console::err);
            if (invocation.test) {
                Console.err(
                        "nginx: configuration file " + octets(paths.confFile().toString()) + " test failed");
            }
            server.end();
            return 1;
        }
        for (Notices.Notice notice : snapshot.notices()) {
            if (notice.level() != Level.NOTICE || !invocation.quiet) {
                tell(server, notice.level(), notice.text());
            }
        }
        if (invocation.test) {
            return test(invocation, paths, server, snapshot);
        }
        if (invocation.signal != null) {
            String trouble = server.signal(snapshot, invocation.signal);
            if (trouble != null) {
                Console.err("nginx: [error] " + trouble);
            }
            server.end();
            return trouble == null ? 0 : 1;
        }
        return Background.serve(server, snapshot);
    }

    private static int test(Invocation invocation, Paths paths, Server server, Snapshot snapshot) {
        String file = octets(paths.confFile().toString());
        String trouble = server.check(snapshot);
        if (!invocation.quiet && trouble == null) {
            Console.err("nginx: the configuration file " + file + " syntax is ok");
        }
        if (trouble != null) {
            Console.err("nginx: [emerg] " + trouble);
            Console.err("nginx: configuration file " + file + " test failed");
            server.end();
            return 1;
        }
        if (!invocation.quiet) {
            Console.err("nginx: configuration file " + file + " test is successful");
        }
        if (invocation.dump) {
            for (Source source : snapshot.sources()) {
                Console.raw("# configuration file " + source.name() + ":\n" + source.text() + "\n");
            }
        }
        server.end();
        return 0;
    }

    private static void tell(Server server, Level level, String message) {
        Console.err("nginx: [" + level.name().toLowerCase(Locale.ROOT) + "] " + message);
        server.early().log(level, message);
    }

    private static String octetsOr(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : octets(text);
    }

    private static String octets(String text) {
        return io.gatehouse.exchange.Exchange.octets(text);
    }
}
