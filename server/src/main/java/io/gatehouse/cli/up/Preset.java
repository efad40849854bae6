package io.gatehouse.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration with places to fill, {@code conf/paperclip.conf}. <code>{{PLACE}}</code> becomes a value; a value of
 * several lines stands alone in its line, which is repeated with its indentation. What is between <code>#{ CASE</code> and
 * <code>#}</code> stays in that case only, and behind <code>#{ !CASE</code> in none but that. Lines that begin with {@code #(}
 * are for whoever changes the preset.
 */
final class Preset {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)}}");
    private static final String FILE = "conf/paperclip.conf";

    private final List<String> lines;

    private Preset(List<String> lines) {
        this.lines = lines;
    }

    /** Reads the preset that came with the program. */
    static Preset ofInstallation() throws IOException {
        String home = System.getProperty("gatehouse.home");
        if (home == null) {
            throw new IOException("start it with the launcher, which says where its files are");
        }
        return of(Files.readString(Path.of(home, FILE), StandardCharsets.ISO_8859_1));
    }

    static Preset of(String text) {
        return new Preset(text.lines().toList());
    }

    /**
     * @param values what the places become; octet strings
     * @throws IllegalStateException if the preset asks for a place that has no value, or its marks do not match
     */
    String fill(Map<String, String> values, Set<String> cases) {
        Deque<Boolean> open = new ArrayDeque<>();
        List<String> out = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("#{ ")) {
                String name = line.substring(3).strip();
                boolean wanted = name.startsWith("!") ? !cases.contains(name.substring(1)) : cases.contains(name);
                open.push(wanted && (open.isEmpty() || open.peek()));
            } else if (line.equals("#}")) {
                open.pop();
            } else if (!line.startsWith("#(") && (open.isEmpty() || open.peek())) {
                out.addAll(filled(line, values));
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalStateException(FILE + ": a case is not closed");
        }
        return String.join("\n", out) + "\n";
    }

    private static List<String> filled(String line, Map<String, String> values) {
        String text = line.strip();
        Matcher alone = PLACE.matcher(text);
        if (alone.matches()) {
            String indent = line.substring(0, line.indexOf(text));
            return value(alone, values).lines().map(one -> indent + one).toList();
        }
        return List.of(PLACE.matcher(line).replaceAll(place -> Matcher.quoteReplacement(value(place, values))));
    }

    private static String value(java.util.regex.MatchResult place, Map<String, String> values) {
        String value = values.get(place.group(1));
        if (value == null) {
            throw new IllegalStateException(FILE + ": nothing is said for {{" + place.group(1) + "}}");
        }
        return value;
    }
}
