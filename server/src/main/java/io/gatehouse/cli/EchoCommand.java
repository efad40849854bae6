package io.gatehouse.cli;

import io.gatehouse.echo.EchoServer;
import io.gatehouse.run.Signals;
import java.io.IOException;
import java.net.InetSocketAddress;

/** {@code echo [PORT]}: the small application alone, on 127.0.0.1. */
final class EchoCommand {
    static final int DEFAULT_PORT = 3100;

    private static final String USAGE =
            "usage: gatehouse echo [PORT]\n  PORT  from 1 to 65535; " + DEFAULT_PORT + " if none is given";

    private EchoCommand() {}

    static int run(String[] words) {
        int port = DEFAULT_PORT;
        if (words.length == 1 && (words[0].equals("-h") || words[0].equals("--help"))) {
            Console.out(USAGE);
            return 0;
        }
        if (words.length > 1) {
            return usage();
        }
        if (words.length == 1) {
            port = Ports.parse(words[0]);
            if (port < 0) {
                return usage();
            }
        }
        try (EchoServer echo = EchoServer.start(new InetSocketAddress("127.0.0.1", port))) {
            Console.out("echo: http://127.0.0.1:" + echo.port());
            Console.out("Stop it with Ctrl-C.");
            Signals.awaitEnd();
        } catch (IOException e) {
            Console.err("gatehouse: " + e.getMessage() + "\n  Another port: gatehouse echo " + Ports.other(port));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static int usage() {
        Console.err(USAGE);
        return 1;
    }
}
