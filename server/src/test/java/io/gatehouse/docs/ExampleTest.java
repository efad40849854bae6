package io.gatehouse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.run.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of every directive is read without an error in each place where the directive may stand. */
class ExampleTest {
    private static final String FOLDERS = "(?<=[ =:])/(var|etc|run|tmp|srv|dev/shm)/";

    @TempDir
    private Path folder;

    /** What an example names and another directive declares. */
    private static final Map<String, String> NEEDED = Map.of(
            "limit_req", "limit_req_zone a zone=auth:1m rate=1r/s;",
            "limit_conn", "limit_conn_zone a zone=clients:1m;",
            "ssl_certificate", "ssl_certificate_key privkey.pem;",
            "acme_certificate", "acme_issuer letsencrypt { uri https://acme.example.com/directory; }");

    @Test
    void everyExampleIsRead() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        for (String name : List.of("mime.types", "geo.conf", "map.conf")) {
            Files.writeString(folder.resolve(name), "");
        }
        List<String> refused = new ArrayList<>();
        for (Directive<?> directive : ReferenceTest.directives()) {
            for (Context place : directive.contexts()) {
                String needed = NEEDED.getOrDefault(directive.name(), "");
                String text = around(directive, place).replaceFirst("http \\{", "http { " + needed);
                String trouble = read(text);
                if (trouble != null) {
                    refused.add(directive.name() + " in " + place.text() + ": " + trouble);
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private String read(String text) throws IOException {
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, text.replaceAll(FOLDERS, folder + "/"));
        Server server = new Server(new Paths(folder, folder, file), "", folder + "/error.log");
        try {
            Snapshot snapshot = server.load();
            snapshot.end();
            return null;
        } catch (ConfigException e) {
            // A folder or user that an example names need not be there.
            boolean missing = e.message().contains("No such file or directory")
                    || e.message().startsWith("getpwnam(");
            return missing ? null : e.render();
        }
    }

    private static String around(Directive<?> directive, Context place) {
        String example = directive.example();
        String name = directive.name();
        String events =
                name.equals("events") ? "" : place == Context.EVENTS ? "events { " + example + "\n}\n" : "events {}\n";
        return events
                + switch (place) {
                    case MAIN -> example;
                    case EVENTS -> "";
                    case HTTP -> "http { " + example + "\n}";
                    case UPSTREAM ->
                        "http { upstream u { " + (name.equals("server") ? "" : "server 127.0.0.1:81; ") + example
                                + "\n} }";
                    case ACME_ISSUER ->
                        "http { acme_issuer a { "
                                + (name.equals("uri") ? "" : "uri https://acme.example.com/directory; ") + example
                                + "\n} }";
                    case SERVER -> "http { server { " + example + "\n} }";
                    case SERVER_IF -> "http { server { if ($uri) { " + example + "\n} } }";
                    case LOCATION -> "http { server { location /a { " + example + "\n} } }";
                    case LOCATION_IF -> "http { server { location /a { if ($uri) { " + example + "\n} } } }";
                    case LIMIT_EXCEPT -> "http { server { location /a { limit_except GET { " + example + "\n} } } }";
                };
    }
}
