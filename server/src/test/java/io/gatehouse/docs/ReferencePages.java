package io.gatehouse.docs;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.NginxDirectives;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.module.Modules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The pages of the reference as Markdown: one for each module that says anything, and the index. */
final class ReferencePages {
    private static final String MADE =
            "<!-- Made from the directives' declarations by ReferenceTest; do not edit. -->\n\n";

    private ReferencePages() {}

    /** The text of each page by its file's name. */
    static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        for (Module module : Modules.all()) {
            if (!module.directives().isEmpty() || !variables(module).isEmpty()) {
                pages.put(module.name() + ".md", page(module));
            }
        }
        pages.put("README.md", index());
        return pages;
    }

    static List<String> variables(Module module) {
        VariableRegistry registry = new VariableRegistry();
        module.variables(registry);
        return registry.names();
    }

    private static List<Directive<?>> directives(Module module) {
        List<Directive<?>> sorted = new ArrayList<>(module.directives());
        sorted.sort(Comparator.comparing(Directive<?>::name));
        return sorted;
    }

    private static String page(Module module) {
        StringBuilder text = new StringBuilder(MADE);
        text.append("# ").append(module.name()).append("\n\n");
        for (Directive<?> directive : directives(module)) {
            section(directive, text);
        }
        List<String> variables = variables(module);
        if (!variables.isEmpty()) {
            text.append("## Variables\n\n");
            variables.forEach(name -> text.append("- `$").append(name).append("`\n"));
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static void section(Directive<?> directive, StringBuilder text) {
        text.append("## ").append(directive.name()).append("\n\n");
        text.append(directive.says()).append("\n\n");
        text.append("- Syntax: `").append(directive.form()).append("`\n");
        text.append("- Default: ")
                .append(directive.defaultText().isEmpty() ? "none" : "`" + directive.defaultText() + "`")
                .append('\n');
        text.append("- Stands in: ").append(directive.places()).append('\n');
        if (directive.inheritance() == Inheritance.MERGED) {
            text.append("- What outer levels say is added to.\n");
        } else if (directive.inheritance() == Inheritance.NONE && !directive.isBlock()) {
            text.append("- Not inherited by inner levels.\n");
        } else if (directive.isRepeatable() && !directive.isBlock()) {
            text.append("- May be used several times; a level that uses it replaces all of the outer level's.\n");
        }
        if (directive.isRedefinable()) {
            text.append("- May be used again on the same level, as in nginx.\n");
        }
        text.append("- Against nginx: ").append(standing(directive)).append("\n\n");
        text.append("```nginx\n").append(directive.example()).append("\n```\n\n");
    }

    private static String standing(Directive<?> directive) {
        String note = directive.note().isEmpty() ? "" : ": " + directive.note();
        return switch (directive.standing()) {
            case SAME -> "the same" + note;
            case WITHOUT_EFFECT -> "accepted without effect" + note;
            case EXTENDED -> "extended" + note;
            case OWN -> "Gatehouse's own" + note;
        };
    }

    private static String index() {
        StringBuilder text = new StringBuilder(MADE);
        text.append("# Reference\n\n");
        text.append("Every directive, and how it stands to nginx's of that name. `gatehouse explain DIRECTIVE` says the"
                + " same on the command line.\n\n");
        text.append("| Directive | Module | Against nginx |\n| --- | --- | --- |\n");
        Set<String> known = new TreeSet<>();
        for (Row row : rows()) {
            known.add(row.directive().name());
            text.append("| [`%s`](%s.md#%s) | %s | %s |\n"
                    .formatted(
                            row.directive().name(),
                            row.module(),
                            row.directive().name(),
                            row.module(),
                            standing(row.directive()).replace("|", "\\|")));
        }
        text.append("\n## Variables\n\n");
        for (Module module : Modules.all()) {
            List<String> variables = variables(module);
            if (!variables.isEmpty()) {
                text.append(variables.stream()
                        .map(name -> "`$" + name + "`")
                        .collect(Collectors.joining(
                                ", ", "- [" + module.name() + "](" + module.name() + ".md#variables): ", "\n")));
            }
        }
        missing(known, text);
        return text.toString();
    }

    private record Row(Directive<?> directive, String module) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Module module : Modules.all()) {
            module.directives().forEach(directive -> rows.add(new Row(directive, module.name())));
        }
        rows.sort(Comparator.comparing((Row row) -> row.directive().name()).thenComparing(Row::module));
        return rows;
    }

    private static void missing(Set<String> known, StringBuilder text) {
        Map<String, List<String>> byModule = new TreeMap<>();
        NginxDirectives.all().forEach((name, module) -> {
            if (!known.contains(name)) {
                byModule.computeIfAbsent(module, m -> new ArrayList<>()).add("`" + name + "`");
            }
        });
        text.append("\n## What nginx has and Gatehouse has not\n\n");
        text.append("A configuration that uses one of these is refused with this reason.\n\n");
        byModule.forEach((module, names) -> text.append("- ")
                .append(module)
                .append(": ")
                .append(String.join(", ", names))
                .append('\n'));
    }
}
