package io.gatehouse.module.map;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.route.Captures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The block of a {@code map}, read once, and the look-up in it. */
final class MapTable {
    private record RegexLine(NamedRegex regex, Template value) {}

    private final Map<String, Template> exact = new HashMap<>();
    private final Map<String, Template> heads = new HashMap<>();
    private final Map<String, Template> tails = new HashMap<>();
    private final List<RegexLine> regexes = new ArrayList<>();
    private @Nullable Template byDefault;
    private boolean hostnames;
    private boolean isVolatile;
    private final int slot;

    MapTable(Use use) {
        this.slot = use.newSlot();
        for (Node line : use.table()) {
            switch (line.arguments().size()) {
                case 0 -> {
                    switch (line.name()) {
                        case "hostnames" -> hostnames = true;
                        case "volatile" -> isVolatile = true;
                        default -> throw ConfigException.at(line, "invalid number of the map parameters");
                    }
                }
                case 1 ->
                    add(use, line, line.word(), use.template(line.arguments().get(0)));
                default -> throw ConfigException.at(line, "invalid number of the map parameters");
            }
        }
    }

    private void add(Use use, Node line, Word key, Template value) {
        String text = key.text();
        if (text.equals("default")) {
            if (byDefault != null) {
                throw ConfigException.at(line, "duplicate default map parameter");
            }
            byDefault = value;
            return;
        }
        if (text.startsWith("~")) {
            boolean caseless = text.startsWith("~*");
            Word pattern = new Word(text.substring(caseless ? 2 : 1), key.at(), key.quote(), key.rawLength());
            regexes.add(new RegexLine(use.regex(pattern, caseless), value));
            return;
        }
        if (text.startsWith("\\")) {
            text = text.substring(1);
        }
        text = text.toLowerCase(Locale.ROOT);
        Template other;
        if (hostnames && text.startsWith("*.")) {
            other = heads.putIfAbsent(text.substring(1), value);
        } else if (hostnames && text.startsWith(".") && text.length() > 1) {
            other = exact.putIfAbsent(text.substring(1), value);
            Template second = heads.putIfAbsent(text, value);
            other = other == null ? second : other;
        } else if (hostnames && text.endsWith(".*")) {
            other = tails.putIfAbsent(text.substring(0, text.length() - 1), value);
        } else if (hostnames && text.indexOf('*') >= 0) {
            throw ConfigException.at(line, "invalid hostname or wildcard \"" + key.text() + "\"");
        } else {
            other = exact.putIfAbsent(text, value);
        }
        if (other != null) {
            throw ConfigException.at(line, "conflicting parameter \"" + key.text() + "\"");
        }
    }

    Variable variable(Template source) {
        return x -> {
            String known = isVolatile ? null : (String) x.variables.value(slot);
            if (known != null) {
                return known;
            }
            String value = find(x, source.eval(x));
            if (!isVolatile) {
                x.variables.value(slot, value);
            }
            return value;
        };
    }

    private String find(Exchange x, String text) {
        String subject = hostnames && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        Template value = look(subject.toLowerCase(Locale.ROOT));
        if (value == null && !subject.isEmpty()) {
            for (RegexLine line : regexes) {
                if (Captures.match(line.regex(), subject, x)) {
                    value = line.value();
                    break;
                }
            }
        }
        if (value == null) {
            value = byDefault;
        }
        return value == null ? "" : value.eval(x);
    }

    private @Nullable Template look(String text) {
        Template value = exact.get(text);
        if (value != null || !hostnames) {
            return value;
        }
        for (int dot = text.indexOf('.'); dot >= 0 && value == null; dot = text.indexOf('.', dot + 1)) {
            value = dot == 0 ? null : heads.get(text.substring(dot));
        }
        for (int dot = text.lastIndexOf('.'); dot > 0 && value == null; dot = text.lastIndexOf('.', dot - 1)) {
            value = tails.get(text.substring(0, dot + 1));
        }
        return value;
    }
}
