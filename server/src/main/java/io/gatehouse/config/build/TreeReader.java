package io.gatehouse.config.build;

import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Reading;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Position;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tree of a configuration into scopes: finds each directive's declaration, checks place, number of arguments and
 * duplicates with nginx's messages, and lets its reader read it.
 */
final class TreeReader {
    private final Map<String, List<Directive<?>>> known = new HashMap<>();
    private final SnapshotBuilder builder;

    TreeReader(List<Module> modules, SnapshotBuilder builder) {
        this.builder = builder;
        for (Module module : modules) {
            for (Directive<?> directive : module.directives()) {
                known.computeIfAbsent(directive.name(), name -> new ArrayList<>(1))
                        .add(directive);
            }
        }
    }

    /** Reads every node of a level into {@code scope}. */
    void read(List<Node> nodes, Scope scope) {
        for (Node node : nodes) {
            readOne(node, scope);
        }
    }

    private void readOne(Node node, Scope scope) {
        if (node.failure() != null) {
            throw node.failure();
        }
        Directive<?> directive = find(node, scope.context());
        checkForm(node, directive);
        if (!directive.isRepeatable() && !directive.isRedefinable() && scope.says(directive)) {
            throw ConfigException.at(node, "\"" + directive.name() + "\" directive is duplicate");
        }
        Reading.into(directive, new NodeUse(node, scope, directive), scope);
    }

    private Directive<?> find(Node node, Context context) {
        String name = node.name();
        List<Directive<?>> candidates = known.get(name);
        if (candidates == null) {
            throw unknown(node, name);
        }
        for (Directive<?> candidate : candidates) {
            if (candidate.contexts().contains(context)) {
                return candidate;
            }
        }
        TreeSet<String> places = new TreeSet<>();
        candidates.forEach(c -> c.contexts().forEach(place -> places.add(place.text())));
        throw ConfigException.at(node, "\"" + name + "\" directive is not allowed here")
                .withHint("it may stand in: " + String.join(", ", places));
    }

    private ConfigException unknown(Node node, String name) {
        String module = NginxDirectives.moduleOf(name);
        if (module != null) {
            return ConfigException.at(node, "unknown directive \"" + name + "\"")
                    .withHint("nginx has it (" + module + "), Gatehouse does not have it yet");
        }
        String nearest = NearestName.of(name, known.keySet());
        return ConfigException.at(node, "unknown directive \"" + name + "\"")
                .withHint(nearest == null ? null : "did you mean \"" + nearest + "\"?");
    }

    private void checkForm(Node node, Directive<?> directive) {
        String name = directive.name();
        if (directive.isBlock() && node.block() == null) {
            throw ConfigException.at(node, "directive \"" + name + "\" has no opening \"{\"");
        }
        if (!directive.isBlock() && node.block() != null) {
            throw ConfigException.at(node, "directive \"" + name + "\" is not terminated by \";\"");
        }
        if (!directive.arity().accepts(node.arguments().size())) {
            Word unended = unended(node);
            if (unended != null) {
                throw ConfigException.at(node, unended, "invalid number of arguments in \"" + name + "\" directive")
                        .withHint("a \";\" is missing after this");
            }
            throw ConfigException.at(node, "invalid number of arguments in \"" + name + "\" directive")
                    .withHint("for example: "
                            + directive.example().lines().findFirst().orElse(name));
        }
    }

    /** The word before the first one that begins a line and is a directive's name: there a semicolon is missing. */
    private @Nullable Word unended(Node node) {
        Word before = node.word();
        for (Word word : node.arguments()) {
            if (word.at().line() > before.at().line() && known.containsKey(word.text())) {
                return before;
            }
            before = word;
        }
        return null;
    }

    /** One use, with the builder behind it. */
    private final class NodeUse implements Use {
        private final Node node;
        private final Scope scope;
        private final Directive<?> directive;

        NodeUse(Node node, Scope scope, Directive<?> directive) {
            this.node = node;
            this.scope = scope;
            this.directive = directive;
        }

        @Override
        public Node node() {
            return node;
        }

        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public Directive<?> directive() {
            return directive;
        }

        @Override
        public List<Word> arguments() {
            return node.arguments();
        }

        @Override
        public ConfigException error(String message) {
            return ConfigException.at(node, message);
        }

        @Override
        public ConfigException error(String message, Word at) {
            return ConfigException.at(node, at, message);
        }

        @Override
        public ConfigException error(String message, Word at, String hint) {
            return ConfigException.at(node, at, message).withHint(hint);
        }

        @Override
        public void warn(String message) {
            builder.notices().add(Level.WARN, message, node.at());
        }

        @Override
        public void warn(String message, Node line) {
            builder.notices().add(Level.WARN, message, line.end());
        }

        @Override
        public ConfigException errorAtEnd(String message) {
            Position close = node.close();
            return close == null ? error(message) : ConfigException.at(close, node.word(), message);
        }

        @Override
        public void notice(String message) {
            builder.notices().add(Level.NOTICE, message, node.at());
        }

        @Override
        public Template template(Word text) {
            return TemplateCompiler.compile(text, builder.variables());
        }

        @Override
        public boolean hasVariables(String text) {
            return text.indexOf('$') >= 0;
        }

        @Override
        public NamedRegex regex(Word pattern, boolean caseless) {
            return builder.regex(pattern, caseless);
        }

        @Override
        public Variable variable(String name, Word at) {
            return builder.variables().reference(name, at);
        }

        @Override
        public int defineSlot(String name, Word at) {
            return builder.variables().defineSlot(name, at, null);
        }

        @Override
        public int defineSlot(String name, Word at, Variable unset) {
            return builder.variables().defineSlot(name, at, unset);
        }

        @Override
        public @Nullable Variable changeable(String name) {
            return builder.variables().changeable(name);
        }

        @Override
        public void define(String name, Variable variable, Word at) {
            builder.variables().define(name, variable, at);
        }

        @Override
        public int newSlot() {
            return builder.variables().newSlot();
        }

        @Override
        public Path prefixPath(String path) {
            return builder.paths().underPrefix(path);
        }

        @Override
        public Path confPath(String path) {
            return builder.paths().underConf(path);
        }

        @Override
        public Scope readBlock(Context context) {
            Scope inner = new Scope(context, scope, node);
            read(node.children(), inner);
            return inner;
        }

        @Override
        public List<Node> table() {
            for (Node line : node.children()) {
                if (line.failure() != null) {
                    throw line.failure();
                }
            }
            return node.children();
        }

        @Override
        public <T> T shared(Class<T> type, Supplier<T> make) {
            return builder.shared(type, make);
        }

        @Override
        public <T> T carried(Object key, Supplier<T> make) {
            return builder.carried(key, make);
        }

        @Override
        public <T> T service(Class<T> type) {
            return builder.service(type);
        }

        @Override
        public void whenOver(Runnable release) {
            builder.whenOver(release);
        }

        @Override
        public void later(Runnable check) {
            builder.later(check);
        }
    }
}
