package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where files lie and what type they have. */
final class FileDirectives {
    private FileDirectives() {}

    private static final Map<String, String> DEFAULT_TYPES =
            Map.of("html", "text/html", "gif", "image/gif", "jpg", "image/jpeg");

    static final Directive<Template> ROOT = directive("root")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF)
            .takes(use -> folder(use))
            .inherits(Inheritance.NONE)
            .syntax("path")
            .says("Sets the folder for files: the URI is put behind it.")
            .example("root /var/www/html;");

    static final Directive<Template> ALIAS = directive("alias")
            .in(LOCATION)
            .takes(use -> folder(use))
            .inherits(Inheritance.NONE)
            .syntax("path")
            .says("Sets what takes the place of the location's prefix in the path of a file.")
            .example("alias /var/www/images/;");

    static final Directive<Map<String, String>> TYPES = directive("types")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.NONE, FileDirectives::types)
            .again()
            .block()
            .byDefault(DEFAULT_TYPES, "text/html html; image/gif gif; image/jpeg jpg;")
            .syntax("{ type extension ...; }")
            .says("Sets the content type of files by their extension.")
            .example("types {\n    text/html html htm;\n    image/png png;\n}");

    static final Directive<String> DEFAULT_TYPE = directive("default_type")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEXT)
            .byDefault("text/plain", "text/plain")
            .syntax("type")
            .says("Sets the content type of files whose extension says nothing.")
            .example("default_type application/octet-stream;");

    static final List<Directive<?>> ALL = List.of(ROOT, ALIAS, TYPES, DEFAULT_TYPE);

    /**
     * Where files lie in a place: by the nearest level that says {@code root} or {@code alias}.
     *
     * @param aliased characters of a URI that the alias takes the place of; -1 for all of them, in a regex location
     */
    record Files(@Nullable Template root, @Nullable Template alias, int aliased) {
        static Files of(Scope scope) {
            for (Scope s = scope; s != null; s = s.parent()) {
                Template root = s.own(ROOT);
                Template alias = s.own(ALIAS);
                if (root != null || alias != null) {
                    return new Files(root, alias, alias == null ? 0 : aliased(s));
                }
            }
            return new Files(null, null, 0);
        }

        private static int aliased(Scope location) {
            List<Word> words = Objects.requireNonNull(location.node()).arguments();
            String name = words.get(words.size() - 1).text();
            if (words.get(0).text().startsWith("~")) {
                return -1;
            }
            if (words.size() == 1) {
                name = name.startsWith("=") ? name.substring(1) : name.startsWith("^~") ? name.substring(2) : name;
            }
            return name.length();
        }
    }

    private static Template folder(Use use) {
        boolean alias = use.directive().name().equals("alias");
        Directive<?> other = alias ? ROOT : ALIAS;
        if (use.scope().says(other)) {
            throw use.error("\"" + use.directive().name() + "\" directive is duplicate, \"" + other.name()
                    + "\" directive was specified earlier");
        }
        Word word = use.arguments().get(0);
        if (alias && use.scope().node() != null && isNamed(use.scope().node())) {
            throw use.error("the \"alias\" directive cannot be used inside the named location");
        }
        if (word.text().contains("$document_root") || word.text().contains("${document_root}")) {
            throw use.error(
                    "the $document_root variable cannot be used in the \""
                            + use.directive().name() + "\" directive",
                    word);
        }
        if (word.text().contains("$realpath_root") || word.text().contains("${realpath_root}")) {
            throw use.error(
                    "the $realpath_root variable cannot be used in the \""
                            + use.directive().name() + "\" directive",
                    word);
        }
        if (!alias && word.text().endsWith("/") && word.text().length() > 1) {
            String text = word.text().substring(0, word.text().length() - 1);
            return use.template(new Word(text, word.at(), word.quote(), word.rawLength()));
        }
        return use.template(word);
    }

    private static boolean isNamed(Node location) {
        return !location.arguments().isEmpty()
                && location.arguments().get(0).text().startsWith("@");
    }

    /** Those of a block, and of the blocks of the level before it. */
    private static Map<String, String> types(Use use) {
        Map<String, String> before = use.scope().own(TYPES);
        Map<String, String> types = before == null ? new HashMap<>() : new HashMap<>(before);
        for (Node line : use.table()) {
            String type = line.name();
            for (Word extension : line.arguments()) {
                String key = extension.text().toLowerCase(Locale.ROOT);
                String known = types.put(key, type);
                if (known != null) {
                    use.warn(
                            "duplicate extension \"" + extension.text() + "\", content type: \"" + type
                                    + "\", previous content type: \"" + known + "\"",
                            line);
                }
            }
        }
        return Map.copyOf(types);
    }
}
