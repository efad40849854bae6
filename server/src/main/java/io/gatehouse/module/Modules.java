package io.gatehouse.module;

import io.gatehouse.config.build.Blocks;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.ServerDirectives;
import io.gatehouse.module.accesslog.AccessLogModule;
import io.gatehouse.module.core.CoreModule;
import io.gatehouse.module.headers.HeadersModule;
import io.gatehouse.module.map.MapModule;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.module.rewrite.RewriteModule;
import io.gatehouse.module.splitclients.SplitClientsModule;
import java.util.List;

/**
 * The features, one line each. The order is that in which they see an answer's head, and in which handlers of one phase are
 * asked: what answers conditional requests stands before what cuts ranges, and the operator's fields come last.
 */
public final class Modules {
    private Modules() {}

    public static List<Module> all() {
        return List.of(
                new ProcessModule(),
                new Blocks(),
                new ServerDirectives(),
                new CoreModule(),
                new RewriteModule(),
                new MapModule(),
                new SplitClientsModule(),
                new HeadersModule(),
                new AccessLogModule());
    }
}
