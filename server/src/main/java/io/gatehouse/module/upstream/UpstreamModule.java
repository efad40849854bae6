package io.gatehouse.module.upstream;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.upstream.NameResolver;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.upstream.ResolverSpec;
import java.util.ArrayList;
import java.util.List;

/** Groups of peers and names at run time: nginx's ngx_http_upstream_module and the modules of its balancers. */
public final class UpstreamModule implements Module {
    private final ResolverSpec.Opener resolvers;

    /** @param resolvers makes what asks the DNS servers of a configuration */
    public UpstreamModule(ResolverSpec.Opener resolvers) {
        this.resolvers = resolvers;
    }

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
        ResolverSpec spec = place.find(ResolverDirectives.RESOLVER);
        long timeout = place.get(ResolverDirectives.RESOLVER_TIMEOUT);
        NameResolver resolver =
                spec == null || spec.servers().isEmpty() ? null : place.carried(spec, () -> resolvers.open(spec));
        place.settings(ResolverSettings.KEY, new ResolverSettings(resolver, timeout));
    }
}
