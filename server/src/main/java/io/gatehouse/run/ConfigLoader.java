package io.gatehouse.run;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.build.SnapshotBuilder;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.ConfigReader;
import io.gatehouse.config.syntax.ConfigTree;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.module.process.Account;
import io.gatehouse.module.process.Accounts;
import io.gatehouse.module.process.UserDirective;
import io.gatehouse.observe.log.LogLease;
import io.gatehouse.observe.log.Logs;
import io.gatehouse.tls.PemFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration into a snapshot: the directives of {@code -g} first, then the file.
 *
 * @param globals the text of {@code -g}; empty for none
 */
public record ConfigLoader(
        List<Module> modules,
        Function<Scope, ServerSettings> serverSettings,
        Map<Class<?>, Object> services,
        Logs logs,
        Accounts accounts,
        Paths paths,
        String globals) {

    /** What is written, as far as it can be read. */
    static ConfigTree tree(Paths paths, String globals) {
        ConfigReader reader = new ConfigReader(paths.conf().toString());
        List<Node> nodes = new ArrayList<>();
        if (!globals.isEmpty()) {
            nodes.addAll(reader.commandLine(globals).nodes());
        }
        ConfigTree file = reader.file(paths.confFile().toString());
        nodes.addAll(file.nodes());
        return new ConfigTree(nodes, file.sources(), file.failure());
    }

    /** @throws ConfigException if there is an error in it */
    public Snapshot load(@Nullable Snapshot previous) {
        ConfigTree all = tree(paths, globals);
        LogLease lease = logs.lease();
        Map<Class<?>, Object> services = new HashMap<>(this.services);
        services.put(LogLease.class, lease);
        services.put(Accounts.class, accounts);
        SnapshotBuilder builder = new SnapshotBuilder(modules, paths, serverSettings, services, previous);
        builder.whenOver(lease::close);
        Snapshot snapshot = PemFiles.once(() -> builder.build(all));
        try {
            Account _ = UserDirective.of(snapshot, accounts);
        } catch (ConfigException e) {
            snapshot.end();
            throw e;
        }
        return snapshot;
    }
}
