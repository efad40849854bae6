package io.gatehouse.module.proxy;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.exchange.Location;
import io.gatehouse.upstream.UpstreamPools;
import io.gatehouse.upstream.Upstreams;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passing requests on to applications: nginx's ngx_http_proxy_module. Stands behind the upstream module. */
public final class ProxyModule implements Module {
    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>();
        all.add(PassDirective.PROXY_PASS);
        all.addAll(RequestDirectives.ALL);
        all.addAll(AttemptDirectives.ALL);
        all.addAll(AnswerDirectives.ALL);
        all.addAll(RewriteDirectives.ALL);
        all.addAll(BufferDirectives.ALL);
        all.addAll(StoreDirectives.ALL);
        all.addAll(SslDirectives.ALL);
        all.addAll(IgnoredDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        ProxyVariables.register(registry);
    }

    @Override
    public void build(LocationBuild place) {
        Upstreams upstreams = place.shared(Upstreams.class, Upstreams::new);
        PassDirective.Pass pass = place.find(PassDirective.PROXY_PASS);
        ProxyTarget target = pass != null ? PassDirective.target(place, pass, upstreams) : inherited(place);
        if (target == null) {
            return;
        }
        UpstreamPools pools = place.carried(UpstreamPools.KEY, UpstreamPools::new);
        ProxyRacks racks = place.carried(ProxyRacks.class, () -> new ProxyRacks(pools));
        ProxySettings settings = new ProxySettings(place, target, upstreams, racks);
        place.settings(ProxySettings.KEY, settings);
        place.ownContent(new ProxyHandler(settings));
        if (pass != null && place.name().endsWith("/")) {
            place.autoRedirect();
        }
    }

    /** An {@code if} or {@code limit_except} without its own passes to where the location around it does. */
    private static @Nullable ProxyTarget inherited(LocationBuild place) {
        LocationBuild outer = place.parent();
        if (outer == null || place.kind() != Location.Kind.IF && place.kind() != Location.Kind.LIMIT_EXCEPT) {
            return null;
        }
        ProxySettings settings = outer.settings(ProxySettings.KEY);
        return settings == null ? null : settings.target;
    }
}
