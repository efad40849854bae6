package io.gatehouse.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Decoded;
import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same requests to nginx and to Gatehouse with the same file: what gzip, gzip_static and gunzip make of the head and the body. */
class CompressionDifferentialTest {
    private static final String TEXT = Decoded.script(9000, 21);

    private static final String CONFIGURATION = """
        worker_processes 1;
        error_log FOLDER/NAME.log;
        pid FOLDER/NAME.pid;
        events {}
        http {
            access_log off;
            types { text/html html; text/css css; image/png png; }
            client_body_temp_path FOLDER/NAME-body; proxy_temp_path FOLDER/NAME-proxy;
            fastcgi_temp_path FOLDER/NAME-f; uwsgi_temp_path FOLDER/NAME-u; scgi_temp_path FOLDER/NAME-s;
            root FOLDER/html;
            server {
                listen 127.0.0.1:PORT;
                gzip_types text/css;
                location / { gzip on; }
                location /vary { alias FOLDER/html; gzip on; gzip_vary on; }
                location /old { alias FOLDER/html; gzip on; gzip_http_version 1.0; }
                location /any { alias FOLDER/html; gzip on; gzip_proxied any; }
                location /some { alias FOLDER/html; gzip on; expires -1; gzip_proxied expired no_etag auth; }
                location /cached { alias FOLDER/html; gzip on; expires 1d; gzip_proxied expired private; }
                location /private { alias FOLDER/html; gzip on; add_header Cache-Control private; gzip_proxied private; }
                location /long { alias FOLDER/html; gzip on; gzip_min_length 9001; }
                location /off { alias FOLDER/html; gzip on; gzip_disable msie6 "^Bad/[12]"; }
                location /static { alias FOLDER/html; gzip_static on; }
                location /staticvary { alias FOLDER/html; gzip_static on; gzip_vary on; }
                location /always { alias FOLDER/html; gzip_static always; gunzip on; gzip_vary on; }
                location /proxied { gzip on; gzip_vary on; proxy_http_version 1.1; proxy_pass http://127.0.0.1:PORT/vary; }
                location /undone { gunzip on; gzip_vary on; proxy_set_header Accept-Encoding gzip; proxy_http_version 1.1; proxy_pass http://127.0.0.1:PORT/vary; }
                location /missing { gzip on; gzip_min_length 0; return 404; }
                location /teapot { gzip on; gzip_min_length 0; return 418; }
                location /forbidden { gzip on; gzip_min_length 0; return 403; }
                location /moved { gzip on; gzip_min_length 0; return 301 /x; }
            }
        }
        """;

    private static final String[] ACCEPTS = {
        "gzip",
        "gzip, deflate, br",
        "GZip",
        "deflate, gzip",
        "deflate,gzip;q=0.5",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip;q=0.001",
        "gzip;q=1.000",
        "gzip;q=1.001",
        "gzip;q=0.0001",
        "gzip;q=",
        "gzip;q",
        "gzip;",
        "gzip; q=0.5",
        "gzip ;q=0.5",
        "gzip;Q=1",
        "gzip;level=1",
        "xgzip",
        "x-gzip",
        "xgzip, gzip",
        "gzipx",
        "gzipx, gzip",
        "*",
        "identity",
        "",
        "gzip;q=0, gzip",
        "gzip;q=1x",
        "gzip;q=2",
        "deflate;q=1 gzip",
        "gzip x",
        "gz",
        "identity;q=1, gzip;q=0.1"
    };

    private record Request(String method, String target, String version, List<String> fields) {}

    @TempDir
    Path folder;

    private static List<Request> requests() {
        List<Request> all = new ArrayList<>();
        for (String accepts : ACCEPTS) {
            all.add(new Request("GET", "/a.css", "1.1", List.of("Accept-Encoding: " + accepts)));
        }
        all.add(new Request("GET", "/a.css", "1.1", List.of("Accept-Encoding: br", "Accept-Encoding: gzip")));
        String gzip = "Accept-Encoding: gzip";
        for (String place : new String[] {
            "",
            "/vary",
            "/old",
            "/any",
            "/some",
            "/cached",
            "/private",
            "/long",
            "/off",
            "/static",
            "/staticvary",
            "/always",
            "/proxied",
            "/undone"
        }) {
            for (String name : new String[] {"/a.css", "/a.html", "/a.png", "/tiny.css", "/pre.css", "/nothing.css"}) {
                for (String method : new String[] {"GET", "HEAD"}) {
                    all.add(new Request(method, place + name, "1.1", List.of(gzip)));
                    all.add(new Request(method, place + name, "1.1", List.of()));
                }
            }
            all.add(new Request("GET", place + "/a.css", "1.0", List.of(gzip)));
            all.add(new Request("GET", place + "/a.css", "1.1", List.of(gzip, "Via: 1.1 proxy")));
            all.add(new Request("GET", place + "/a.css", "1.1", List.of(gzip, "Via: 1.1 proxy", "Authorization: x")));
            all.add(new Request("GET", place + "/a.css", "1.1", List.of(gzip, "Range: bytes=0-9")));
        }
        for (String agent : new String[] {
            "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
            "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
            "Mozilla/4.0 (compatible; MSIE 5.5;)",
            "Mozilla/4.0 (compatible; MSIE 7.0;)",
            "Opera MSIE 6.0; x",
            "bad/1",
            "Bad/3"
        }) {
            all.add(new Request("GET", "/off/a.css", "1.1", List.of(gzip, "User-Agent: " + agent)));
        }
        for (String target : new String[] {"/missing", "/teapot", "/forbidden", "/moved"}) {
            all.add(new Request("GET", target, "1.1", List.of(gzip)));
        }
        return all;
    }

    @Test
    void theHeadsAndTheBodiesAreNginxs() throws Exception {
        assumeTrue(Nginx.isInstalled(), "nginx is not installed");
        Path html = Files.createDirectories(folder.resolve("html"));
        for (String name : new String[] {"a.css", "a.html", "a.png", "pre.css"}) {
            Files.writeString(html.resolve(name), TEXT);
        }
        Files.writeString(html.resolve("tiny.css"), "a{}");
        Files.write(html.resolve("pre.css.gz"), Decoded.gzip(TEXT));
        int theirs = freePort();
        int ours = freePort();
        Path nginxFile = configuration("nginx", theirs);
        Path ourFile = configuration("gatehouse", ours);
        List<String> differences = new ArrayList<>();
        try (Nginx nginx = new Nginx(folder, nginxFile, theirs);
                RunningServer gatehouse = new RunningServer(folder, ourFile)) {
            for (Request request : requests()) {
                String expected = told(theirs, request);
                String found = told(ours, request);
                if (!expected.equals(found)) {
                    differences.add(request + "\n  nginx:     " + expected + "\n  gatehouse: " + found);
                }
            }
            assertThat(nginx).isNotNull();
            assertThat(gatehouse).isNotNull();
        }
        assertThat(differences).isEmpty();
    }

    private Path configuration(String name, int port) throws IOException {
        String text = CONFIGURATION
                .replace("FOLDER", folder.toString())
                .replace("NAME", name)
                .replace("PORT", Integer.toString(port));
        return Files.writeString(folder.resolve(name + ".conf"), text);
    }

    /** What of the answer must be the same; an error page as text differs in the names of the programs. */
    private static String told(int port, Request request) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            StringBuilder text =
                    new StringBuilder(request.method + " " + request.target + " HTTP/" + request.version + "\r\n");
            text.append("Host: localhost\r\nConnection: close\r\n");
            request.fields.forEach(field -> text.append(field).append("\r\n"));
            http.send(text.append("\r\n").toString());
            RawHttp.Answer answer = http.receive(!request.method.equals("HEAD"));
            String coding = answer.field("Content-Encoding");
            StringBuilder told = new StringBuilder().append(answer.status());
            for (String name : new String[] {
                "Content-Encoding",
                "Vary",
                "ETag",
                "Content-Length",
                "Accept-Ranges",
                "Transfer-Encoding",
                "Content-Range"
            }) {
                told.append(", ").append(name).append(": ").append(value(answer, name));
            }
            String body = decoded(coding, answer);
            return told + (answer.status() < 300 ? ", body " + body.hashCode() : "");
        }
    }

    private static @Nullable String value(RawHttp.Answer answer, String name) {
        String value = answer.field(name);
        // Debian's nginx takes no ranges of gzip_static's files, newer ones do
        if (name.equals("Accept-Ranges") && answer.field("Content-Encoding") != null) {
            return null;
        }
        // the pages of errors have another text
        return name.equals("Content-Length") && answer.status() >= 300 && value != null ? "some" : value;
    }

    private static String decoded(@Nullable String coding, RawHttp.Answer answer) {
        return coding == null || answer.status() == 206 || answer.body().isEmpty()
                ? answer.body()
                : Decoded.whole(coding, answer.body());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
