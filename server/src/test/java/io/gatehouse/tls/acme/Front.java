package io.gatehouse.tls.acme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gatehouse.testing.Pebble;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Stands before pebble, which passes everything through, and adds what Debian's version lacks: when to renew (RFC 9773), and
 * profiles. It knows what was asked, and can do something when a question comes.
 */
final class Front implements AutoCloseable {
    /** An answer in place of pebble's. */
    record Instead(int status, String type, String body, Map<String, String> fields) {}

    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":\\s*\"([^\"]*)\"");

    private final Pebble pebble;
    private final SSLContext toPebble;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Runnable> afterwards = new ConcurrentHashMap<>();
    private final Map<String, Supplier<Instead>> instead = new ConcurrentHashMap<>();
    private volatile Instant start = Instant.EPOCH;
    private volatile Instant end = Instant.EPOCH;

    Front(Pebble pebble) throws Exception {
        this.pebble = pebble;
        byte[] certificate = Files.readAllBytes(pebble.trusted());
        toPebble = Pebble.trusting(certificate);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setHttpsConfigurator(new HttpsConfigurator(own(certificate, Files.readString(pebble.ownKey()))));
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    private static SSLContext own(byte[] certificate, String key) throws Exception {
        KeyPair pair = KeyText.read(key);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate))
        });
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    String directory() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/dir";
    }

    /** When it suggests to renew all certificates. */
    void suggest(Instant from, Instant to) {
        start = from;
        end = to;
    }

    /** Once a question with this in its path has been answered by pebble, and before that is passed on; once. */
    void afterwards(String path, Runnable act) {
        afterwards.put(path, act);
    }

    /** Answers for pebble until the supplier brings null. */
    void instead(String path, Supplier<Instead> answer) {
        instead.put(path, answer);
    }

    /** What was asked with this in its path: path, and behind a space the payload. */
    List<String> asked(String path) {
        return asked.stream().filter(one -> one.contains(path)).toList();
    }

    private void pass(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(path + " " + part(body, "payload") + " " + part(body, "protected"));
        for (Map.Entry<String, Supplier<Instead>> entry : instead.entrySet()) {
            Instead answer = path.contains(entry.getKey()) ? entry.getValue().get() : null;
            if (answer != null) {
                answer.fields().forEach(exchange.getResponseHeaders()::add);
                exchange.getResponseHeaders().add("Content-Type", answer.type());
                send(exchange, answer.status(), answer.body().getBytes(ISO_8859_1));
                return;
            }
        }
        if (path.startsWith("/renewal-info/") && end.isAfter(Instant.EPOCH)) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("Retry-After", "21600");
            send(
                    exchange,
                    200,
                    ("{\"suggestedWindow\": {\"start\": \"" + start + "\", \"end\": \"" + end + "\"}}")
                            .getBytes(ISO_8859_1));
            return;
        }
        try {
            forward(exchange, path, body);
        } catch (IOException e) {
            exchange.close(); // Whoever asked has gone.
        }
    }

    private static String part(byte[] body, String name) {
        Matcher field = FIELD.matcher(new String(body, ISO_8859_1));
        while (field.find()) {
            if (field.group(1).equals(name)) {
                return new String(Base64.getUrlDecoder().decode(field.group(2)), ISO_8859_1);
            }
        }
        return "";
    }

    /** HTTP/1.0, so that the answer comes in one piece, for the host that was asked, so that pebble takes it for its own. */
    private void forward(HttpExchange exchange, String path, byte[] body) throws IOException {
        byte[] answer;
        try (SSLSocket socket =
                (SSLSocket) toPebble.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), pebble.port())) {
            StringBuilder head = new StringBuilder(exchange.getRequestMethod() + " " + path + " HTTP/1.0\r\n");
            for (String name : List.of("Host", "Content-Type", "Accept", "User-Agent")) {
                String value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    head.append(name).append(": ").append(value).append("\r\n");
                }
            }
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            out.write(head.toString().getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
            answer = socket.getInputStream().readAllBytes();
        }
        for (String key : afterwards.keySet()) {
            if (path.contains(key)) {
                Runnable act = afterwards.remove(key);
                if (act != null) {
                    act.run();
                }
            }
        }
        String text = new String(answer, ISO_8859_1);
        int bodyAt = text.indexOf("\r\n\r\n");
        String[] lines = text.substring(0, bodyAt).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            String name = lines[i].substring(0, lines[i].indexOf(':'));
            if (!name.equalsIgnoreCase("Connection") && !name.equalsIgnoreCase("Content-Length")) {
                exchange.getResponseHeaders()
                        .add(name, lines[i].substring(name.length() + 1).strip());
            }
        }
        String passed = text.substring(bodyAt + 4);
        if (path.equals("/dir")) {
            passed = passed.replaceFirst(
                    "\"meta\":\\s*\\{",
                    "\"renewalInfo\": \"https://" + exchange.getRequestHeaders().getFirst("Host")
                            + "/renewal-info\", \"meta\": {\"profiles\": {\"short\": \"lives for days\"}, ");
        }
        send(exchange, Integer.parseInt(lines[0].split(" ")[1]), passed.getBytes(ISO_8859_1));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean none = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
