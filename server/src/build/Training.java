import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the server does while the JVM takes notes for the ahead-of-time cache: every class and profile that a start and
 * the first requests need should be met here once.
 *
 * <p>To teach it more, add to {@link #configuration} and to {@link Clients}.
 */
final class Training implements AutoCloseable {
    private static final long START_SECONDS = 15;
    private static final long STOP_SECONDS = 60;
    private static final String PASSWORD = "training";

    private final Path folder;
    private final Application application = new Application();
    private final int port = freePort();
    private final int tlsPort = freePort();

    Training(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("html"));
        Files.writeString(folder.resolve("html/page.html"), "<p>A file.</p>\n");
        Files.writeString(folder.resolve("training.conf"), configuration());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private String configuration() {
        // The JVM writes the cache when it ends, into a folder that is the builder's.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        return user + """
            worker_processes 1;
            daemon off;
            pid gatehouse.pid;
            error_log error.log notice;
            events { worker_connections 1024; }
            http {
                error_log error.log warn;
                access_log access.log;
                server_tokens off;
                keepalive_requests 1000000;
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                limit_req_zone $binary_remote_addr zone=rate:1m rate=100000r/s;
                upstream kept { server 127.0.0.1:%d; keepalive 8; keepalive_requests 1000000; }
                server {
                    listen 127.0.0.1:%d;
                    listen 127.0.0.1:%d ssl http2; # warned about, as in many a file that is pasted
                    server_name localhost;
                    ssl_certificate server.pem;
                    ssl_certificate_key server.key;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    ssl_session_cache shared:sessions:1m;
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
                        add_header X-Content-Type-Options nosniff always;
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
                    location /guide/ {
                        proxy_pass http://127.0.0.1:%d;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection 'upgrade';
                        proxy_set_header Host $host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_cache_bypass $http_upgrade;
                        proxy_read_timeout 300;
                        proxy_connect_timeout 300;
                        proxy_send_timeout 300;
                        proxy_buffering off;
                    }
                    location /files/ { alias html/; expires 7d; }
                    location = /status { stub_status; }
                    location = /hello { limit_req zone=rate burst=5 nodelay; return 200 "hello"; }
                    location ~ ^/old/(.*)$ { return 301 /$1; }
                }
            }
            """.formatted(application.port(), port, tlsPort, application.port(), application.port());
    }

    /** A certificate of its own and who signed it, with the extensions that those of an authority have, for a training's time. */
    private Path keyStore() throws IOException, InterruptedException {
        Path store = folder.resolve("server.p12");
        makeKey(store, "ca", "-ext", "BC=ca:true", "-ext", "KU=keyCertSign,digitalSignature");
        makeKey(
                store,
                "server",
                "-signer",
                "ca",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-ext",
                "BC=ca:false",
                "-ext",
                "KU=digitalSignature",
                "-ext",
                "EKU=serverAuth,clientAuth",
                "-ext",
                "AIA=caIssuers:URI:http://localhost/");
        try {
            KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            Key key = made.getKey("server", PASSWORD.toCharArray());
            StringBuilder chain = new StringBuilder();
            for (Certificate one : made.getCertificateChain("server")) {
                chain.append(pem("CERTIFICATE", one.getEncoded()));
            }
            Files.writeString(folder.resolve("server.pem"), chain);
            Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return store;
    }

    private void makeKey(Path store, String alias, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1"));
        words.addAll(List.of("-dname", "CN=" + alias, "-keystore", store.toString(), "-storepass", PASSWORD));
        words.addAll(List.of(more));
        Path said = folder.resolve("keytool");
        Process keytool = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + Files.readString(said));
        }
    }

    private static String pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    /** Says what went wrong, if anything did. */
    String run(ProcessBuilder launcher) throws IOException, InterruptedException {
        Path store = keyStore();
        Process server = launcher.start();
        try {
            String trouble = awaitPidFile(server);
            if (trouble == null) {
                trouble = useTheServer(store);
                // By the shell itself: Debian's smallest images have no program of that name.
                new ProcessBuilder("sh", "-c", "kill -QUIT " + server.pid())
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

    private String useTheServer(Path store) throws InterruptedException {
        try {
            new Clients(port, tlsPort, store, PASSWORD.toCharArray()).useTheServer();
            return null;
        } catch (IOException | GeneralSecurityException e) {
            return "while it was used: " + e;
        }
    }

    @Override
    public void close() throws IOException {
        application.close();
    }
}
