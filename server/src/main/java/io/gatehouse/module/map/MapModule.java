package io.gatehouse.module.map;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.List;

/** {@code map}. */
public final class MapModule implements Module {
    private static final Directive<List<Boolean>> MAP = directive("map")
            .in(HTTP)
            .takesEach(new Arity(2, 2), MapModule::read)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("string $variable")
            .says("Makes a variable whose value is chosen by a text: exactly and without regard to case, by a host"
                    + " name with a wildcard (hostnames), by a regular expression (~, ~*), or the default.")
            .example("map $http_upgrade $connection_upgrade {\n    default upgrade;\n    ''      '';\n}");

    private static final Directive<Boolean> MAP_HASH_MAX_SIZE = ignored("map_hash_max_size", "2048");
    private static final Directive<Boolean> MAP_HASH_BUCKET_SIZE = ignored("map_hash_bucket_size", "64");

    @Override
    public String name() {
        return "map";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(MAP, MAP_HASH_MAX_SIZE, MAP_HASH_BUCKET_SIZE);
    }

    private static Directive<Boolean> ignored(String name, String example) {
        return directive(name)
                .in(HTTP)
                .takes(Arguments.ignoredLike(example))
                .standing(Standing.WITHOUT_EFFECT, "tables are sized by themselves")
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }

    private static Boolean read(Use use) {
        Word name = use.arguments().get(1);
        if (!name.text().startsWith("$") || name.text().length() == 1) {
            throw use.error(
                    "invalid variable name \"" + name.text() + "\"", name, "the name of a variable begins with $");
        }
        MapTable table = new MapTable(use);
        use.define(
                name.text().substring(1),
                table.variable(use.template(use.arguments().get(0))),
                name);
        return true;
    }
}
