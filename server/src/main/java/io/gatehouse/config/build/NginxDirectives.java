package io.gatehouse.config.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of nginx's directives and their modules, so that a file which uses one that is not there yet is told so, and
 * not that the name is misspelt. Read only when a directive is unknown.
 */
public final class NginxDirectives {
    private NginxDirectives() {}

    /** The module of nginx that has a directive of that name ("ngx_http_xslt_module"), or null. */
    public static @Nullable String moduleOf(String name) {
        return all().get(name);
    }

    /** The module of each directive, by its name. */
    public static Map<String, String> all() {
        Map<String, String> modules = new TreeMap<>();
        try (InputStream in =
                        Objects.requireNonNull(NginxDirectives.class.getResourceAsStream("nginx-directives.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int blank = line.indexOf(' ');
                modules.put(line.substring(0, blank), line.substring(blank + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules;
    }
}
