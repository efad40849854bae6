package io.gatehouse.config.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The names of nginx's directives and their modules, so that a file which uses one that is not there yet is told so, and
 * not that the name is misspelt. Read only when a directive is unknown.
 */
final class NginxDirectives {
    private NginxDirectives() {}

    /** The module of nginx that has a directive of that name ("ngx_http_xslt_module"), or null. */
    static @Nullable String moduleOf(String name) {
        try (InputStream in = NginxDirectives.class.getResourceAsStream("nginx-directives.txt")) {
            if (in == null) {
                return null;
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int blank = line.indexOf(' ');
                if (blank == name.length() && line.startsWith(name)) {
                    return line.substring(blank + 1);
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
