package io.gatehouse.module.upstream;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.upstream.NameResolver;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.upstream.Resolvers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Groups of peers and names at run time: nginx's ngx_http_upstream_module and the modules of its balancers. */
public final class UpstreamModule implements Module {
    @Override
    public String name() {
        return "upstream";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>(BlockDirectives.ALL);
        all.addAll(BalancerDirectives.ALL);
        all.addAll(ResolverDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        UpstreamVariables.register(registry);
    }

    @Override
    public void build(LocationBuild place) {
        Resolvers resolvers = place.shared(Resolvers.class, () -> resolvers(place::whenOver));
        NameResolver resolver = resolvers.of(place.find(ResolverDirectives.RESOLVER));
        long timeout = place.get(ResolverDirectives.RESOLVER_TIMEOUT);
        place.settings(ResolverSettings.KEY, new ResolverSettings(resolver, timeout));
    }

    /** The resolvers of the configuration, which end with it. */
    static Resolvers resolvers(Use use) {
        return use.shared(Resolvers.class, () -> resolvers(use::whenOver));
    }

    private static Resolvers resolvers(Consumer<Runnable> whenOver) {
        Resolvers resolvers = new Resolvers();
        whenOver.accept(resolvers::stop);
        return resolvers;
    }
}
