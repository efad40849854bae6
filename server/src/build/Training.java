import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the server does while the JVM takes notes for the ahead-of-time cache: every class and profile that a start and
 * the first requests need should be met here once.
 *
 * <p>To teach it more, add to {@link #configuration} and to {@link #useTheServer}.
 */
final class Training implements AutoCloseable {
    private static final long START_SECONDS = 15;
    private static final long STOP_SECONDS = 60;
    private static final int ROUNDS = 20;

    /** Requests one after another on a connection: the cache keeps what is found hot, so that it is compiled early. */
    private static final int STEADY = 30_000;

    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Path folder;
    private final Application application = new Application();
    private final int port;

    Training(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("html"));
        Files.writeString(folder.resolve("html/page.html"), "<p>A file.</p>\n");
        Files.writeString(folder.resolve("training.conf"), configuration());
    }

    private String configuration() {
        // The JVM writes the cache when it ends, into a folder that is the builder's.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        return user + """
            worker_processes 1;
            daemon off;
            pid gatehouse.pid;
            events {}
            http {
                access_log access.log;
                keepalive_requests 1000000;
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                upstream kept { server 127.0.0.1:%d; keepalive 8; keepalive_requests 1000000; }
                server {
                    listen 127.0.0.1:%d;
                    server_name localhost;
                    client_max_body_size 1m;
                    location / {
                        proxy_pass http://127.0.0.1:%d;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_set_header Host $host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_read_timeout 60s;
                    }
                    location /kept/ {
                        proxy_pass http://kept;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection '';
                        proxy_set_header Host $host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                    }
                    location /files/ { alias html/; }
                    location = /status { stub_status; }
                    location = /hello { return 200 "hello"; }
                    location ~ ^/old/(.*)$ { return 301 /$1; }
                }
            }
            """.formatted(application.port(), port, application.port());
    }

    /** Says what went wrong, if anything did. */
    String run(ProcessBuilder launcher) throws IOException, InterruptedException {
        Process server = launcher.start();
        try {
            String trouble = awaitPidFile(server);
            if (trouble == null) {
                trouble = useTheServer();
                new ProcessBuilder("kill", "-QUIT", Long.toString(server.pid()))
                        .start()
                        .waitFor();
            }
            if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return "the server did not stop";
            }
            return trouble;
        } finally {
            server.destroyForcibly();
        }
    }

    /** What the server printed, without the JVM's account of the cache. */
    String output() throws IOException {
        return Files.readAllLines(folder.resolve("output")).stream()
                .filter(line -> !line.contains("AOT") && !line.startsWith("Picked up"))
                .collect(Collectors.joining("\n"));
    }

    private String awaitPidFile(Process server) throws IOException, InterruptedException {
        for (long step = 0; step < START_SECONDS * 50; step++) {
            if (server.waitFor(20, TimeUnit.MILLISECONDS)) {
                return "the server ended by itself: " + output();
            }
            if (Files.exists(folder.resolve("gatehouse.pid"))) {
                return null;
            }
        }
        server.destroy();
        return "the server did not start: " + output();
    }

    private String useTheServer() {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                ask("GET /a/page?x=1 HTTP/1.1", "Accept: text/html", "");
                ask("POST /api HTTP/1.1", "Content-Length: 5", "hello");
                ask("POST /api HTTP/1.1", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n");
                ask("GET /files/page.html HTTP/1.1", "Accept: */*", "");
                ask("GET /status HTTP/1.1", "Accept: */*", "");
                ask("GET /hello HTTP/1.1", "Accept: */*", "");
                ask("GET /old/page HTTP/1.1", "Accept: */*", "");
                ask("GET /files/missing HTTP/1.0", "Accept: */*", "");
                ask("GET / HTTP/1.1", "Content-Length: x", "");
                useTunnel();
            }
            useSteadily();
            return null;
        } catch (IOException e) {
            return "while it was used: " + e;
        }
    }

    private void ask(String line, String header, String body) throws IOException {
        try (Socket socket = connect()) {
            send(socket, line + "\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n" + body);
            socket.getInputStream().readAllBytes();
        }
    }

    /** What a busy server does all day, some at once so that one turn of the loop has several of them. */
    private void useSteadily() throws IOException {
        long end = System.nanoTime() + STEADY_NANOS;
        String request = "GET /kept/page HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
        try (Socket one = connect();
                Socket other = connect()) {
            for (int asked = 0; asked < STEADY && System.nanoTime() < end; asked += 2) {
                send(one, request);
                send(other, request);
                readAnswer(one);
                readAnswer(other);
            }
        }
    }

    private static void readAnswer(Socket socket) throws IOException {
        String head = Application.readHead(socket.getInputStream());
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
        if (at >= 0) {
            int lineEnd = head.indexOf('\r', at);
            String length = head.substring(at + 15, lineEnd < 0 ? head.length() : lineEnd)
                    .strip();
            socket.getInputStream().readNBytes(Integer.parseInt(length));
        }
    }

    private void useTunnel() throws IOException {
        try (Socket socket = connect()) {
            send(socket, """
                GET /live HTTP/1.1\r
                Host: localhost\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """);
            if (Application.readHead(socket.getInputStream()).startsWith("HTTP/1.1 101")) {
                send(socket, "ping");
                socket.getInputStream().readNBytes(4);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        application.close();
    }

    /** What the server stands in front of: answers everything, and echoes what comes through an upgrade. */
    private static final class Application implements AutoCloseable {
        private final ServerSocket listening;

        Application() throws IOException {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofPlatform().daemon().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private static void serve(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                    if (head.contains("Upgrade: websocket")) {
                        send(
                                socket,
                                "HTTP/1.1 101 Switching Protocols\r\n"
                                        + "Connection: upgrade\r\n"
                                        + "Upgrade: websocket\r\n\r\n");
                        in.transferTo(socket.getOutputStream());
                        return;
                    }
                    if (head.startsWith("POST")) {
                        in.readNBytes(5);
                    }
                    send(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n");
                }
            } catch (IOException e) {
                // The client went away; nothing is lost.
            }
        }

        /** A head with its empty line; nothing at the end of the stream. */
        static String readHead(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    return "";
                }
                head.append((char) octet);
            }
            return head.toString();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
