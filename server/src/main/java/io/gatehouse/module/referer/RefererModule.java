package io.gatehouse.module.referer;

import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.ServerDirectives;
import io.gatehouse.config.build.ServerDirectives.ServerName;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.SettingsKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code valid_referers} and {@code $invalid_referer}. */
public final class RefererModule implements Module {
    private static final SettingsKey<ValidReferers> KEY = SettingsKey.of(ValidReferers.class);

    /** One argument: its text, and the regex that it is if it begins with a tilde. */
    private record Argument(Word word, Optional<NamedRegex> regex) {}

    private static final Directive<List<List<Argument>>> VALID_REFERERS = directive("valid_referers")
            .in(SERVER, LOCATION)
            .takesEach(Arity.AT_LEAST_ONE, RefererModule::read)
            .syntax("none | blocked | server_names | string ...")
            .says("Sets which values of Referer leave $invalid_referer empty: none at all, one without http:// or"
                    + " https://, the server's own names, host names with a wildcard at one end and a beginning of"
                    + " a path, or regular expressions after ~.")
            .example("valid_referers none blocked server_names *.example.com;");

    private static final Directive<Integer> REFERER_HASH_MAX_SIZE = ignored("referer_hash_max_size", "2048");
    private static final Directive<Integer> REFERER_HASH_BUCKET_SIZE = ignored("referer_hash_bucket_size", "64");

    @Override
    public String name() {
        return "referer";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(VALID_REFERERS, REFERER_HASH_MAX_SIZE, REFERER_HASH_BUCKET_SIZE);
    }

    private static Directive<Integer> ignored(String name, String example) {
        return directive(name)
                .in(SERVER, LOCATION)
                .takes(Arguments.NUMBER)
                .syntax("size")
                .standing(Standing.WITHOUT_EFFECT, "tables are sized by themselves")
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("invalid_referer", x -> {
            ValidReferers valid = x.location.settings(KEY);
            return valid == null || valid.admits(x) ? "" : "1";
        });
    }

    @Override
    public void build(LocationBuild place) {
        List<List<Argument>> uses = place.find(VALID_REFERERS);
        if (uses == null) {
            return;
        }
        List<Argument> arguments = new ArrayList<>();
        uses.forEach(arguments::addAll);
        ValidReferers.Builder valid = new ValidReferers.Builder();
        boolean hosts = false;
        for (Argument argument : arguments) {
            String text = argument.word().text();
            switch (text) {
                case "none" -> valid.none();
                case "blocked" -> valid.blocked();
                case "server_names" -> hosts |= serverNames(place.scope(), valid);
                default -> {
                    hosts = true;
                    argument.regex().ifPresentOrElse(valid::regex, () -> valid.host(argument.word()));
                }
            }
        }
        if (!hosts && valid.isAdmittingWithoutHosts()) {
            throw place.error(
                    Objects.requireNonNull(use(place.scope())),
                    "the \"none\" or \"blocked\" referers are specified in the \"valid_referers\" directive without"
                            + " any valid referer");
        }
        place.settings(KEY, valid.build());
    }

    private static @Nullable Node use(Scope scope) {
        for (Scope s = scope; s != null; s = s.parent()) {
            if (s.use(VALID_REFERERS) != null) {
                return s.use(VALID_REFERERS);
            }
        }
        return null;
    }

    /** Adds the names of the server around; returns whether there is any. */
    private static boolean serverNames(Scope scope, ValidReferers.Builder valid) {
        Scope server = scope.nearest(SERVER);
        List<List<ServerName>> uses = server == null ? null : server.own(ServerDirectives.SERVER_NAME);
        boolean any = false;
        if (uses != null) {
            for (List<ServerName> names : uses) {
                for (ServerName name : names) {
                    any = true;
                    NamedRegex regex = name.regex();
                    if (regex != null) {
                        valid.serverNameRegex(regex);
                    } else if (!name.text().isEmpty()) {
                        valid.serverName(name.text());
                    }
                }
            }
        }
        return any;
    }

    private static List<Argument> read(Use use) {
        List<Argument> arguments = new ArrayList<>();
        for (Word word : use.arguments()) {
            String text = word.text();
            if (text.isEmpty()) {
                throw use.error("invalid referer \"\"", word);
            }
            if (text.equals("~")) {
                throw use.error("empty regex in \"~\"", word);
            }
            if (text.startsWith("~")) {
                Word pattern = new Word(text.substring(1), word.at(), word.quote(), word.rawLength());
                arguments.add(new Argument(word, Optional.of(use.regex(pattern, true))));
            } else {
                ValidReferers.check(use, word);
                arguments.add(new Argument(word, Optional.empty()));
            }
        }
        return arguments;
    }
}
