import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Those who use the server while it is trained: each kind of request once or twice, then what a busy server does all day. */
final class Clients {
    private static final int ROUNDS = 20;

    /** Of requests on kept connections, for each protocol: the cache keeps what is found hot, so that it is compiled early. */
    private static final int STEADY = 30_000;

    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final int AT_ONCE = 16;
    private static final int TURNS = 50;
    private static final String PAGE = get("/kept/page");
    private static final String GUIDE = get("/guide/page");
    private static final String LARGE = get("/kept/large");

    private final int port;
    private final int tlsPort;
    private final SSLContext trusting;

    /** @param store the server's certificate, PKCS #12 */
    Clients(int port, int tlsPort, Path store, char[] password) throws IOException, GeneralSecurityException {
        this.port = port;
        this.tlsPort = tlsPort;
        KeyStore known = KeyStore.getInstance(store.toFile(), password);
        known.setCertificateEntry("trusted", known.getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
    }

    void useTheServer() throws IOException, InterruptedException {
        SocketFactory plain = SocketFactory.getDefault();
        SocketFactory tls = trusting.getSocketFactory();
        for (int round = 0; round < ROUNDS; round++) {
            useOnce(plain, port);
            useOnce(tls, tlsPort);
        }
        useHttp2();
        useSteadily(tls, tlsPort);
        useSteadily(plain, port);
        useTunnelSteadily(tls, tlsPort);
    }

    private void useOnce(SocketFactory sockets, int to) throws IOException {
        ask(sockets, to, "GET /a/page?x=1 HTTP/1.1", "Accept: text/html", "");
        ask(sockets, to, "POST /api HTTP/1.1", "Content-Length: 5", "hello");
        ask(sockets, to, "POST /api HTTP/1.1", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n");
        ask(sockets, to, "GET /files/page.html HTTP/1.1", "Accept: */*", "");
        ask(sockets, to, "GET /status HTTP/1.1", "Accept: */*", "");
        ask(sockets, to, "GET /hello HTTP/1.1", "Accept: */*", "");
        ask(sockets, to, "GET /old/page HTTP/1.1", "Accept: */*", "");
        ask(sockets, to, "GET /files/missing HTTP/1.0", "Accept: */*", "");
        ask(sockets, to, "GET / HTTP/1.1", "Content-Length: x", "");
        try (Socket socket = connect(sockets, to)) {
            if (openTunnel(socket)) {
                echo(socket);
            }
        }
    }

    private static void ask(SocketFactory sockets, int to, String line, String header, String body) throws IOException {
        try (Socket socket = connect(sockets, to)) {
            send(socket, line + "\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n" + body);
            socket.getInputStream().readAllBytes();
        }
    }

    /**
     * Many at once, so that one turn of the loop has several of them, and anew now and then: what was never seen while the JVM
     * took notes costs a compilation when it is met, and how connections end is met by everybody.
     */
    private static void useSteadily(SocketFactory sockets, int to) throws IOException {
        long end = System.nanoTime() + STEADY_NANOS;
        for (int asked = 0; asked < STEADY && System.nanoTime() < end; ) {
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < AT_ONCE; i++) {
                    open.add(connect(sockets, to));
                }
                for (int turn = 0; turn < TURNS; turn++, asked += AT_ONCE) {
                    for (Socket socket : open) {
                        send(socket, turn % 8 == 7 ? LARGE : turn % 2 == 0 ? PAGE : GUIDE);
                    }
                    for (Socket socket : open) {
                        readAnswer(socket);
                    }
                }
                // Half of them go away while they are answered, some politely.
                for (Socket socket : open.subList(0, AT_ONCE / 2)) {
                    send(socket, LARGE);
                    socket.setSoLinger(open.indexOf(socket) % 2 == 0, 0);
                }
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    private void useHttp2() throws IOException, InterruptedException {
        URI page = URI.create("https://localhost:" + tlsPort + "/kept/page");
        HttpRequest get =
                HttpRequest.newBuilder(page).header("Accept", "text/html").build();
        HttpRequest post = HttpRequest.newBuilder(URI.create("https://localhost:" + tlsPort + "/api"))
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting)
                .build()) {
            for (int round = 0; round < ROUNDS; round++) {
                client.send(post, BodyHandlers.discarding());
                client.send(get, BodyHandlers.discarding());
            }
        }
        new Http2Clients(trusting, tlsPort).useSteadily(STEADY_NANOS);
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

    private static void useTunnelSteadily(SocketFactory sockets, int to) throws IOException {
        long end = System.nanoTime() + STEADY_NANOS / 2;
        for (int sent = 0; sent < STEADY && System.nanoTime() < end; ) {
            try (Socket socket = connect(sockets, to)) {
                if (!openTunnel(socket)) {
                    return;
                }
                for (int turn = 0; turn < TURNS; turn++, sent++) {
                    echo(socket);
                }
            }
        }
    }

    private static boolean openTunnel(Socket socket) throws IOException {
        send(socket, """
            GET /live HTTP/1.1\r
            Host: localhost\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """);
        return Application.readHead(socket.getInputStream()).startsWith("HTTP/1.1 101");
    }

    private static void echo(Socket socket) throws IOException {
        send(socket, "ping");
        socket.getInputStream().readNBytes(4);
    }

    private static Socket connect(SocketFactory sockets, int to) throws IOException {
        Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), to);
        socket.setSoTimeout(5_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
