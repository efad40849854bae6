package io.gatehouse.cli;

import io.gatehouse.config.build.Notices;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.run.Manner;
import io.gatehouse.run.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code up}: serves an application on this machine without a file, by the preset in {@code conf/paperclip.conf}. */
final class UpCommand {
    private static final int DEFAULT_PORT = 8080;
    private static final int PROBE_MILLIS = 500;
    private static final String DEFAULT_TO = "127.0.0.1:" + EchoCommand.DEFAULT_PORT;
    private static final String USAGE = """
        usage: gatehouse up [--echo] [--to HOST:PORT] [--port PORT]
          --to HOST:PORT  the application; 127.0.0.1:3100 if none is named
          --port PORT     where to listen; 8080 if none is given
          --echo          also run the small application that shows what reaches it\
        """;

    private int port = DEFAULT_PORT;
    private String to = DEFAULT_TO;
    private boolean echo;

    private UpCommand() {}

    static int run(String[] words) {
        UpCommand command = new UpCommand();
        String trouble = command.read(words);
        if (trouble != null) {
            Console.err("gatehouse: " + trouble + "\n" + USAGE);
            return 1;
        }
        try {
            return command.start();
        } catch (IOException e) {
            Console.err("gatehouse: " + e.getMessage());
            return 1;
        }
    }

    /** Reads the options; returns what is wrong with them, or null. */
    private @Nullable String read(String[] words) {
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--echo" -> echo = true;
                case "--to", "--port" -> {
                    if (i + 1 == words.length) {
                        return words[i] + " needs a value";
                    }
                    String trouble = words[i].equals("--to") ? readTo(words[i + 1]) : readPort(words[i + 1]);
                    if (trouble != null) {
                        return trouble;
                    }
                    i++;
                }
                default -> {
                    return "unknown option \"" + words[i] + "\"";
                }
            }
        }
        return null;
    }

    private @Nullable String readPort(String text) {
        port = Ports.parse(text);
        return port < 0 ? "\"" + text + "\" is no port; expected a number from 1 to 65535" : null;
    }

    private @Nullable String readTo(String text) {
        int colon = text.lastIndexOf(':');
        boolean plain = text.matches("[A-Za-z0-9.\\-]+:[0-9]+|\\[[0-9A-Fa-f:.]+\\]:[0-9]+");
        if (!plain || Ports.parse(text.substring(colon + 1)) < 0) {
            return "\"" + text + "\" is no address; expected HOST:PORT such as " + DEFAULT_TO;
        }
        to = text;
        return null;
    }

    private int start() throws IOException {
        if (!isFree(port)) {
            Console.err("gatehouse: port " + port + " is in use by another program.\n  Another port: gatehouse up"
                    + (echo ? " --echo" : "") + " --port " + Ports.other(port));
            return 1;
        }
        Path folder = Places.state().resolve("up-" + port);
        Files.createDirectories(folder);
        Path conf = folder.resolve("gatehouse.conf");
        Files.writeString(conf, preset(), StandardCharsets.ISO_8859_1);
        Server server = new Server(new Paths(folder, folder, conf), "", "stderr", System.err);
        server.openEarlyLog();
        Snapshot snapshot;
        try {
            snapshot = server.load();
        } catch (ConfigException e) {
            Console.err("gatehouse: " + e.render());
            return 1;
        }
        for (Notices.Notice notice : snapshot.notices()) {
            Console.err("gatehouse: " + notice.text());
        }
        if (!echo) {
            return server.serve(snapshot, Manner.INTERACTIVE, this::tell);
        }
        EchoServer application = startEcho();
        if (application == null) {
            return 1;
        }
        try (application) {
            return server.serve(snapshot, Manner.INTERACTIVE, this::tell);
        }
    }

    private @Nullable EchoServer startEcho() {
        InetSocketAddress address = application();
        try {
            return EchoServer.start(address);
        } catch (IOException e) {
            Console.err("gatehouse: " + e.getMessage()
                    + "\n  If your application runs there, leave --echo out; another port: gatehouse up --echo --to "
                    + to.substring(0, to.lastIndexOf(':') + 1) + Ports.other(address.getPort()));
            return null;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress("0.0.0.0", port));
            return true;
        } catch (BindException e) {
            // What may not be bound at all is told by the server.
            return !String.valueOf(e.getMessage()).startsWith("Address already in use");
        } catch (IOException e) {
            return true;
        }
    }

    private InetSocketAddress application() {
        int colon = to.lastIndexOf(':');
        String host = to.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host, Integer.parseInt(to.substring(colon + 1)));
    }

    private void tell() {
        Console.out("Gatehouse: http://localhost:" + port + " -> http://" + to + (echo ? " (echo)" : ""));
        if (!echo && !answers()) {
            Console.out("Nothing listens on " + to + " yet: requests are answered 502 until it does."
                    + "\n  To see it work without an application: gatehouse up --echo");
        }
        Console.out("Stop it with Ctrl-C.");
    }

    private boolean answers() {
        try (Socket probe = new Socket()) {
            probe.connect(application(), PROBE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String preset() throws IOException {
        String home = System.getProperty("gatehouse.home");
        if (home == null) {
            throw new IOException("start it with the launcher, which says where its files are");
        }
        String text = Files.readString(Path.of(home, "conf", "paperclip.conf"), StandardCharsets.ISO_8859_1);
        return text.replace("{{port}}", Integer.toString(port)).replace("{{to}}", to);
    }
}
