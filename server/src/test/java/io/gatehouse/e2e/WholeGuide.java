package io.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.testing.Pki;
import io.gatehouse.testing.RunningServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/**
 * A server with all blocks of the guide together in one file, byte for byte but for the ports and for the folder of the
 * certificates: the redirect, the production server, uploads, the limit of sign-ins, static files.
 */
final class WholeGuide implements AutoCloseable {
    static final String NAME = "paperclip.yourdomain.com";

    /** The block that the guide's {@code ...} stands for where it repeats itself. */
    private static final String PASS = """
                proxy_http_version 1.1;
                proxy_set_header Host $host;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
        """;

    private static final String FILE = """
        limit_req_zone $binary_remote_addr zone=paperclip_api:10m rate=30r/m;

        server {
            listen 80;
            server_name paperclip.yourdomain.com;
            return 301 https://$server_name$request_uri;
        }

        server {
            listen 443 ssl http2;
            server_name paperclip.yourdomain.com;

            ssl_certificate /etc/letsencrypt/live/paperclip.yourdomain.com/fullchain.pem;
            ssl_certificate_key /etc/letsencrypt/live/paperclip.yourdomain.com/privkey.pem;
            include /etc/letsencrypt/options-ssl-nginx.conf;
            ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem;

            # Security headers
            add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
            add_header X-Content-Type-Options nosniff;
            add_header X-Frame-Options SAMEORIGIN;
            add_header Referrer-Policy strict-origin-when-cross-origin;

            client_max_body_size 100M;  # Allow up to 100 MB uploads

            # Proxy to Paperclip
            location / {
                proxy_pass http://127.0.0.1:3100;
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

            location /api/auth {
                limit_req zone=paperclip_api burst=10 nodelay;
                proxy_pass http://127.0.0.1:3100;
        %s    }

            location ~* \\.(js|css|png|jpg|gif|ico|svg|woff2)$ {
                proxy_pass http://127.0.0.1:3100;
                proxy_cache_bypass $http_upgrade;
                expires 7d;
                add_header Cache-Control "public, no-transform";
            }
        }
        """.formatted(PASS);

    /** As certbot writes it. */
    private static final String OPTIONS = """
        ssl_session_cache shared:le_nginx_SSL:10m;
        ssl_session_timeout 1440m;
        ssl_session_tickets off;

        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_prefer_server_ciphers off;

        ssl_ciphers "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:\
        DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384";
        """;

    /** The group of RFC 7919, A.1, as certbot brings it. */
    private static final String DH_PARAMETERS = """
        -----BEGIN DH PARAMETERS-----
        MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
        +8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
        87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
        YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
        7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
        ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
        -----END DH PARAMETERS-----
        """;

    final int plainPort = Launched.freePort();
    final int port = Launched.freePort();
    /** What trusts the server's certificate. */
    final SSLContext trust = Pki.jdk();

    private final Path folder;
    private final RunningServer server;

    /** @param time what stands for each of the guide's 300 seconds */
    WholeGuide(Path folder, int application, String time) throws IOException, InterruptedException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("logs"));
        Path letsencrypt = folder.resolve("letsencrypt");
        Path live = letsencrypt.resolve("live/" + NAME);
        X509Bundle bundle = Pki.server(NAME, "localhost");
        Files.createDirectories(live);
        Files.writeString(live.resolve("fullchain.pem"), bundle.getCertificatePathPEM());
        Files.writeString(live.resolve("privkey.pem"), bundle.getPrivateKeyPEM());
        Files.writeString(letsencrypt.resolve("options-ssl-nginx.conf"), OPTIONS);
        Files.writeString(letsencrypt.resolve("ssl-dhparams.pem"), DH_PARAMETERS);
        String blocks = FILE.replace("listen 80;", "listen " + plainPort + ";")
                .replace("listen 443 ", "listen " + port + " ")
                .replace("/etc/letsencrypt", letsencrypt.toString())
                .replace("127.0.0.1:3100", "127.0.0.1:" + application)
                .replace("_timeout 300;", "_timeout " + time + ";");
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(
                configuration,
                "worker_processes 1;\nerror_log logs/error.log info;\nevents {\n}\nhttp {\naccess_log off;\n" + blocks
                        + "}\n",
                ISO_8859_1);
        server = new RunningServer(folder, configuration);
    }

    URI uri(String target) {
        return URI.create("https://localhost:" + port + target);
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(uri(target));
    }

    HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(trust).build();
    }

    /** What the error log has so far, once the server has ended. */
    String stop() throws IOException {
        close();
        return Files.readString(folder.resolve("logs/error.log"), ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
