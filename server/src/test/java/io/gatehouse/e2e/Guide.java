package io.gatehouse.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server with the guide's basic block: byte for byte, but for the two ports. */
final class Guide implements AutoCloseable {
    static final String BLOCK = """
        server {
            listen 80;
            server_name paperclip.yourdomain.com;

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
            }
        }
        """;

    final int port = Launched.freePort();
    private final Path folder;
    private final RunningServer server;

    private Guide(Path folder, String block, int application) throws IOException, InterruptedException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("logs"));
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, file(block, port, application, ""), ISO_8859_1);
        server = new RunningServer(folder, configuration);
    }

    /** The block in the smallest file around it; {@code main} are directives ahead of all. */
    static String file(String block, int port, int application, String main) {
        return main + "worker_processes 1;\nerror_log logs/error.log info;\nevents {\n}\nhttp {\naccess_log off;\n"
                + block.replace("listen 80;", "listen " + port + ";")
                        .replace("127.0.0.1:3100", "127.0.0.1:" + application)
                + "}\n";
    }

    /** As the guide has it, in front of an application on this port. */
    static Guide verbatim(Path folder, int application) throws IOException, InterruptedException {
        return new Guide(folder, BLOCK, application);
    }

    /** The same, with each of its 300 seconds turned into something shorter. */
    static Guide withTimeouts(Path folder, int application, String time) throws IOException, InterruptedException {
        return new Guide(folder, BLOCK.replace("_timeout 300;", "_timeout " + time + ";"), application);
    }

    /** Ends the server, and tells what it wrote into its error log. */
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
