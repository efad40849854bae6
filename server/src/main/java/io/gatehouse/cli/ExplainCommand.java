package io.gatehouse.cli;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.NginxDirectives;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.module.Modules;
import io.gatehouse.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code explain NAME}: what the reference says of a directive or a variable. */
final class ExplainCommand {
    private static final String USAGE = "usage: gatehouse explain DIRECTIVE | '$VARIABLE'";

    private ExplainCommand() {}

    static int run(String[] words) {
        if (words.length != 1) {
            Console.err(USAGE);
            return 1;
        }
        if (words[0].equals("-h") || words[0].equals("--help")) {
            Console.out(USAGE);
            return 0;
        }
        return words[0].startsWith("$") ? variable(words[0].substring(1)) : directive(words[0]);
    }

    private static int directive(String name) {
        List<Directive<?>> found =
                directives().filter(d -> d.name().equals(name)).toList();
        if (!found.isEmpty()) {
            found.forEach(ExplainCommand::print);
            return 0;
        }
        String module = NginxDirectives.moduleOf(name);
        if (module != null) {
            Console.err("gatehouse: nginx has \"" + name + "\" (" + module + "), Gatehouse does not have it yet");
        } else {
            unknown(
                    "directive",
                    name,
                    NearestName.of(name, directives().map(Directive::name).toList()));
        }
        return 1;
    }

    private static Stream<Directive<?>> directives() {
        return Modules.all().stream().flatMap(module -> module.directives().stream());
    }

    private static void print(Directive<?> directive) {
        Console.out(directive.form());
        if (!directive.defaultText().isEmpty()) {
            Console.out("  default    " + directive.defaultText());
        }
        Console.out("  stands in  " + directive.places());
        Console.out("");
        Console.out("  " + directive.says());
        switch (directive.standing()) {
            case SAME -> {}
            case WITHOUT_EFFECT -> Console.out("  Without effect: " + directive.note() + ".");
            case EXTENDED -> Console.out("  More than nginx's: " + directive.note() + ".");
            case OWN ->
                Console.out(
                        "  nginx has no such directive." + (directive.note().isEmpty() ? "" : " " + directive.note()));
        }
        Console.out("");
        directive.example().lines().forEach(line -> Console.out("    " + line));
        Console.out("");
    }

    private static int variable(String name) {
        List<String> all = new ArrayList<>();
        for (Module module : Modules.all()) {
            VariableRegistry registry = new VariableRegistry();
            module.variables(registry);
            for (String known : registry.names()) {
                if (known.equals(name) || isOfFamily(name, known)) {
                    Console.out("$" + known + "  (module " + module.name() + ")");
                    return 0;
                }
                all.add(known);
            }
        }
        unknown("variable", name, NearestName.of(name, all));
        return 1;
    }

    private static boolean isOfFamily(String name, String known) {
        return known.endsWith("_name") && name.startsWith(known.substring(0, known.length() - "name".length()));
    }

    private static void unknown(String what, String name, @Nullable String nearest) {
        Console.err("gatehouse: there is no " + what + " \"" + name + "\""
                + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?"));
    }
}
