package io.gatehouse.config.build;

import io.gatehouse.config.build.Blocks.LocationBlock;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.ConfigTree;
import io.gatehouse.config.syntax.Position;
import io.gatehouse.config.syntax.Quote;
import io.gatehouse.config.syntax.Source;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.LocationTree;
import io.gatehouse.text.Regex;
import io.gatehouse.text.RegexException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Snapshot} from the tree of a configuration. Used once, by one thread. Every error is a {@link
 * ConfigException} that names its place; nothing of a configuration that has one comes into force.
 */
public final class SnapshotBuilder {
    private final List<Module> modules;
    private final Paths paths;
    private final Function<Scope, ServerSettings> serverSettings;
    private final Map<Object, Object> previous;
    private final Map<Object, Object> carried = new HashMap<>();
    private final Map<Class<?>, Object> shared = new LinkedHashMap<>();
    private final VariableRegistry variables = new VariableRegistry();
    private final Notices notices = new Notices();
    private final List<Runnable> later = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();
    private final Map<Class<?>, Object> services;

    /**
     * @param serverSettings reads the settings of heads out of a server's scope
     * @param services what the process offers to readers of directives, by type
     * @param previous the snapshot in force, whose zones and logs live on; null at the start
     */
    public SnapshotBuilder(
            List<Module> modules,
            Paths paths,
            Function<Scope, ServerSettings> serverSettings,
            Map<Class<?>, Object> services,
            @Nullable Snapshot previous) {
        this.modules = modules;
        this.paths = paths;
        this.serverSettings = serverSettings;
        this.services = services;
        this.previous = previous == null ? Map.of() : previous.carried();
        modules.forEach(module -> module.variables(variables));
    }

    /** @throws ConfigException for the first error; what was taken for it is given back */
    public Snapshot build(ConfigTree tree) {
        try {
            return read(tree);
        } catch (RuntimeException e) {
            endings.forEach(Runnable::run);
            throw e;
        }
    }

    private Snapshot read(ConfigTree tree) {
        Scope main = new Scope(Context.MAIN, null, null);
        new TreeReader(modules, this).read(tree.nodes(), main);
        if (main.own(Blocks.EVENTS_BLOCK) == null) {
            throw ConfigException.of("no \"events\" section in configuration");
        }
        for (int i = 0; i < later.size(); i++) {
            later.get(i).run();
        }
        variables.resolve();
        Scope http = main.own(Blocks.HTTP_BLOCK);
        List<ListenPoint> listens = http == null ? List.of() : listens(http);
        return new Snapshot(
                main,
                http,
                listens,
                Map.copyOf(carried),
                Map.copyOf(shared),
                List.copyOf(endings),
                tree.sources(),
                notices.all());
    }

    private List<ListenPoint> listens(Scope http) {
        ListenGroups groups = new ListenGroups();
        List<Scope> servers = http.own(Blocks.SERVER_BLOCK);
        if (servers != null) {
            for (Scope server : servers) {
                groups.add(server, server(server), notices);
            }
        }
        return groups.points(notices);
    }

    private VirtualServer server(Scope scope) {
        LocationBuild level = place(Location.Kind.SERVER, "", scope, null);
        List<LocationTree.Entry> entries = new ArrayList<>();
        Map<String, Location> named = new HashMap<>();
        for (LocationBlock block : locations(scope)) {
            if (block.kind() == Location.Kind.NAMED) {
                // nginx takes the first of two without a word.
                if (named.putIfAbsent(block.name(), build(block, level).finish()) != null) {
                    Position at = Objects.requireNonNull(block.scope().node()).end();
                    notices.add(Level.WARN, "duplicate location \"" + block.name() + "\", ignored", at);
                }
            } else {
                entries.add(entry(block, level));
            }
        }
        checkDuplicates(locations(scope));
        return new VirtualServer(
                ListenGroups.primaryName(scope),
                serverSettings.apply(scope),
                level.finish(),
                level.postReadHandlers().toArray(new Handler[0]),
                level.serverRewrite().toArray(new Handler[0]),
                new LocationTree(entries),
                Map.copyOf(named));
    }

    private static List<LocationBlock> locations(Scope scope) {
        List<LocationBlock> blocks = scope.own(Blocks.LOCATION_BLOCK);
        return blocks == null ? List.of() : blocks;
    }

    private LocationTree.Entry entry(LocationBlock block, LocationBuild parent) {
        LocationBuild build = build(block, parent);
        Location location = build.finish();
        List<LocationBlock> inner = locations(block.scope());
        if (inner.isEmpty()) {
            return new LocationTree.Entry(location, block.regex(), null);
        }
        checkDuplicates(inner);
        List<LocationTree.Entry> nested = new ArrayList<>();
        for (LocationBlock one : inner) {
            nested.add(entry(one, build));
        }
        return new LocationTree.Entry(location, block.regex(), new LocationTree(nested));
    }

    private LocationBuild build(LocationBlock block, LocationBuild parent) {
        return place(block.kind(), block.name(), block.scope(), parent);
    }

    private static void checkDuplicates(List<LocationBlock> blocks) {
        Map<String, LocationBlock> seen = new HashMap<>();
        for (LocationBlock block : blocks) {
            if (block.regex() != null || block.kind() == Location.Kind.NAMED) {
                continue;
            }
            String key = (block.kind() == Location.Kind.EXACT ? "=" : "") + block.name();
            if (seen.put(key, block) != null) {
                throw duplicate(block);
            }
        }
    }

    private static ConfigException duplicate(LocationBlock block) {
        return ConfigException.at(
                Objects.requireNonNull(block.scope().node()), "duplicate location \"" + block.name() + "\"");
    }

    LocationBuild place(Location.Kind kind, String name, Scope scope, @Nullable LocationBuild parent) {
        LocationBuild place = new LocationBuild(this, kind, name, scope, parent);
        for (Module module : modules) {
            module.build(place);
        }
        return place;
    }

    NamedRegex regex(Word pattern, boolean caseless) {
        Regex regex;
        try {
            regex = Regex.compile(pattern.text(), caseless);
        } catch (RegexException e) {
            throw ConfigException.at(pattern.at(), pattern, String.valueOf(e.getMessage()));
        }
        List<String> names = regex.names();
        int[] groups = new int[names.size()];
        int[] slots = new int[names.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = regex.groupOf(names.get(i));
            slots[i] = variables.defineSlot(names.get(i), pattern, null);
        }
        return new NamedRegex(regex, pattern.text(), groups, slots);
    }

    <T> T shared(Class<T> type, Supplier<T> make) {
        return type.cast(shared.computeIfAbsent(type, t -> make.get()));
    }

    @SuppressWarnings("unchecked") // a key names one kind of thing
    <T> T carried(Object key, Supplier<T> make) {
        Object known = carried.get(key);
        if (known == null) {
            known = previous.get(key);
            if (known == null) {
                known = make.get();
            }
            carried.put(key, known);
        }
        return (T) known;
    }

    /** What is known under the key by now, or in the snapshot in force. */
    @SuppressWarnings("unchecked") // as above
    <T> @Nullable T carriedIfThere(Object key) {
        Object known = carried.get(key);
        return (T) (known == null ? previous.get(key) : known);
    }

    <T> T service(Class<T> type) {
        Object service = services.get(type);
        if (service == null) {
            throw new IllegalStateException("no such service: " + type);
        }
        return type.cast(service);
    }

    /** Runs when the snapshot is not used any more, or was not built. */
    public void whenOver(Runnable release) {
        endings.add(release);
    }

    Template builtin(String text) {
        Word word = new Word(text, new Position(Source.commandLine(text), 1, 1), Quote.NONE, text.length());
        Template template = TemplateCompiler.compile(word, variables);
        variables.resolve();
        return template;
    }

    void later(Runnable check) {
        later.add(check);
    }

    VariableRegistry variables() {
        return variables;
    }

    Paths paths() {
        return paths;
    }

    Notices notices() {
        return notices;
    }
}
