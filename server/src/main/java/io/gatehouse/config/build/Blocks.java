package io.gatehouse.config.build;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks that give a configuration its structure. */
public final class Blocks implements Module {
    /**
     * One {@code location} as declared.
     *
     * @param regex null unless it is one
     */
    public record LocationBlock(
            Location.Kind kind, String name, @Nullable NamedRegex regex, Scope scope) {}

    public static final Directive<Scope> EVENTS_BLOCK = directive("events")
            .in(MAIN)
            .takes(Arity.NONE, use -> use.readBlock(Context.EVENTS))
            .block()
            .inherits(Inheritance.NONE)
            .says("Holds the settings of connection processing. Gatehouse chooses these itself; the block is"
                    + " accepted so that a file that has it works.")
            .example("events {\n    worker_connections 1024;\n}");

    public static final Directive<Scope> HTTP_BLOCK = directive("http")
            .in(MAIN)
            .takes(Arity.NONE, use -> use.readBlock(Context.HTTP))
            .block()
            .inherits(Inheritance.NONE)
            .says("Holds the HTTP servers and what they have in common.")
            .example("http {\n    server {\n        listen 80;\n    }\n}");

    public static final Directive<List<Scope>> SERVER_BLOCK = directive("server")
            .in(HTTP)
            .takesEach(Arity.NONE, use -> use.readBlock(Context.SERVER))
            .block()
            .inherits(Inheritance.NONE)
            .says("Sets the configuration of one virtual server, chosen by the address a connection came to and the"
                    + " host it asks for.")
            .example("server {\n    listen 80;\n    server_name example.com;\n}");

    public static final Directive<List<LocationBlock>> LOCATION_BLOCK = directive("location")
            .in(SERVER, LOCATION)
            .takesEach(new Arity(1, 2), Blocks::location)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("[ = | ~ | ~* | ^~ ] uri | @name")
            .says("Sets the configuration for requests whose URI it matches: exactly (=), as a prefix, as a prefix"
                    + " that keeps regular expressions from being asked (^~), or by a regular expression, with (~)"
                    + " or without (~*) regard to case; with @ a name that only internal redirects lead to.")
            .example("location /api/ {\n    proxy_pass http://127.0.0.1:3100;\n}");

    @Override
    public String name() {
        return "blocks";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(EVENTS_BLOCK, HTTP_BLOCK, SERVER_BLOCK, LOCATION_BLOCK);
    }

    private static LocationBlock location(Use use) {
        Word word = use.arguments().get(use.count() - 1);
        String name = word.text();
        Location.Kind kind = Location.Kind.PREFIX;
        NamedRegex regex = null;
        if (use.count() == 2) {
            switch (use.text(0)) {
                case "=" -> kind = Location.Kind.EXACT;
                case "^~" -> kind = Location.Kind.PREFIX_FINAL;
                case "~", "~*" -> {
                    kind = Location.Kind.REGEX;
                    regex = use.regex(word, use.text(0).equals("~*"));
                }
                default ->
                    throw use.error(
                            "invalid location modifier \"" + use.text(0) + "\"",
                            use.arguments().get(0),
                            "expected one of: = ~ ~* ^~");
            }
        } else if (name.startsWith("=")) {
            kind = Location.Kind.EXACT;
            name = name.substring(1);
        } else if (name.startsWith("^~")) {
            kind = Location.Kind.PREFIX_FINAL;
            name = name.substring(2);
        } else if (name.startsWith("~")) {
            boolean caseless = name.startsWith("~*");
            kind = Location.Kind.REGEX;
            name = name.substring(caseless ? 2 : 1);
            regex = use.regex(new Word(name, word.at(), word.quote(), word.rawLength()), caseless);
        } else if (name.startsWith("@")) {
            kind = Location.Kind.NAMED;
        }
        checkNesting(use, kind, name);
        return new LocationBlock(kind, name, regex, use.readBlock(Context.LOCATION));
    }

    private static void checkNesting(Use use, Location.Kind kind, String name) {
        if (use.scope().context() == Context.SERVER) {
            return;
        }
        LocationName outer = LocationName.of(use.scope());
        if (outer.kind() == Location.Kind.EXACT) {
            throw use.error("location \"" + name + "\" cannot be inside the exact location \"" + outer.name() + "\"");
        }
        if (outer.kind() == Location.Kind.NAMED) {
            throw use.error("location \"" + name + "\" cannot be inside the named location \"" + outer.name() + "\"");
        }
        if (kind == Location.Kind.NAMED) {
            throw use.error("named location \"" + name + "\" can be on the server level only");
        }
        if (kind != Location.Kind.REGEX && outer.kind() != Location.Kind.REGEX && !name.startsWith(outer.name())) {
            throw use.error("location \"" + name + "\" is outside location \"" + outer.name() + "\"");
        }
    }

    /** The kind and name of the location whose block a scope is, read again from its node. */
    private record LocationName(Location.Kind kind, String name) {
        static LocationName of(Scope scope) {
            List<Word> words = java.util.Objects.requireNonNull(scope.node()).arguments();
            String last = words.get(words.size() - 1).text();
            String modifier = words.size() == 2 ? words.get(0).text() : "";
            if (modifier.startsWith("~") || last.startsWith("~")) {
                return new LocationName(Location.Kind.REGEX, last);
            }
            if (modifier.equals("=")) {
                return new LocationName(Location.Kind.EXACT, last);
            }
            if (last.startsWith("=")) {
                return new LocationName(Location.Kind.EXACT, last.substring(1));
            }
            if (last.startsWith("@")) {
                return new LocationName(Location.Kind.NAMED, last);
            }
            return new LocationName(Location.Kind.PREFIX, last.startsWith("^~") ? last.substring(2) : last);
        }
    }
}
